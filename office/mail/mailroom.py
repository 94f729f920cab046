"""The mailroom: the one source of order.

A message's place in the order of everything is (arrival time, link, the link's own number of it). None of that depends
on the order in which trio happens to run tasks, and so nothing else does: the mailroom lets exactly one task run at a
time, by passing a baton (`trio.lowlevel.reschedule`), and trio's own order, random on purpose, has nothing to decide.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING

from office.errors import BadConditions
from office.journal import LinkEnds
from office.mail.chosen_order import Choose, ChosenOrder
from office.mail.escapes import Escapes, checked_escapes
from office.mail.instants import Instants
from office.mail.link import BoundedLink, Incoming, Link
from office.mail.rough_link import RoughLink
from office.mail.sure_link import SureLink
from office.mail.tray import Tray
from office.mail.windows import Windows

if TYPE_CHECKING:
    from office.journal import Entry, Journal
    from office.mail.netem.conditions import Conditions

__all__ = ["IN_AN_INSTANT", "Mailroom"]

IN_AN_INSTANT = 10_000_000
"""So many events in one instant mean that an office never leaves it, unless its caller knows better."""


class Mailroom:
    """Trays and links first; then `open`; then each tray's reader starts to read, and the mail moves.

    `when_quiet` is called when nothing more can happen: no mail is on its way and no timer is set. It may name
    somebody who gets the baton all the same.
    """

    def __init__(self, seed: int, journal: Journal, when_quiet: Callable[[], Tray | None]) -> None:
        self.seed = seed
        self.journal = journal
        self.when_quiet = when_quiet
        self.trays: list[Tray] = []
        self.links: list[Link] = []
        self.absent = 0
        self.unread = 0
        """How many messages nobody will ever read, since they were lost or damaged on their way, copies and all."""
        self.bounded = False
        """Whether some link holds only so many messages."""
        self.escapes: Escapes = "refuse"
        """What becomes of a reader who waits for something that is not mail."""
        self.agenda: Instants | Windows
        self.next_turn: Callable[[], Tray | None]
        """Who gets the baton from whoever has it now."""

    def tray(self, name: str) -> Tray:
        """A tray for one more reader."""
        self.trays.append(Tray(name, len(self.trays), self))
        self.journal.desks.append(name)
        return self.trays[-1]

    def link(
        self,
        name: str,
        sender: Tray,
        receiver: Tray,
        conditions: Conditions,
        capacity: int | None = None,
        *,
        at_least_once: bool = False,
        cut: Sequence[tuple[int, int]] = (),
        sent_on: str = "",
        read_on: str = "",
    ) -> tuple[Link, Incoming]:
        """A link between two trays: its sending and its receiving end. While it is `cut` (ns), it loses everything.

        Which channel it is to its sender and to its reader (`sent_on`, `read_on`) goes into the journal as it is.
        """
        ends = name, len(self.links), sender, receiver, conditions, self.seed
        is_smooth = conditions.only_delay and not cut
        link: Link
        if capacity is not None:
            if not is_smooth or at_least_once:
                raise BadConditions(f"{name} holds {capacity} messages at most, so its conditions are a delay alone")
            link = receiver.bounded[len(self.links)] = BoundedLink(capacity, *ends)
            self.bounded = True
        elif at_least_once:
            link = SureLink(*ends, cut=cut)
        else:
            link = Link(*ends) if is_smooth else RoughLink(*ends, cut=cut)
        self.links.append(link)
        self.journal.links.append(LinkEnds(name, sender.name, receiver.name, sent_on, read_on))
        return link, Incoming(link)

    def open(
        self,
        *,
        lookahead: bool = True,
        until: int | None = None,
        in_an_instant: int = IN_AN_INSTANT,
        choose: Choose | None = None,
        late: Collection[int] = (),
        escapes: Escapes = "refuse",
    ) -> None:
        """Open for business, up to and including time `until` (ns).

        Without `lookahead` one event happens at a time; with it (and where no link is bounded) as much as the least
        delay of all links allows. What happens is the same. With `choose` there is no delay at all, and what is under
        way on the `late` links arrives in the order of its choice. `escapes` says what becomes of a reader who waits
        for something that is not mail: "refuse" or "wait".
        """
        if in_an_instant < 1:
            raise BadConditions(f"in_an_instant is a whole number from 1, not {in_an_instant}")
        self.escapes = checked_escapes(escapes)
        least = min((link.conditions.least for link in self.links), default=0)
        instants = self.trays, self.links, self.journal, self.when_quiet, until, in_an_instant
        if choose is not None:
            self.agenda = ChosenOrder(choose, late, self._lose, *instants)
        elif lookahead and least > 0 and not self.bounded:
            self.agenda = Windows(self.links, self.journal, self.when_quiet, until, least)
        else:
            self.agenda = Instants(*instants)
        for link in self.links:
            link.opened(self.agenda.push)
        self.until = until
        self.in_an_instant = in_an_instant
        self.call_at = self.agenda.call_at
        self.settle_at = self.agenda.settle_at
        self.absent = len(self.trays)
        self.next_turn = self._sit_down

    @property
    def horizon(self) -> int:
        """Everything that happens before this time (ns) is known to whoever has the baton."""
        return self.agenda.horizon

    def _sit_down(self) -> Tray | None:
        """One more reader is there; when all are, the first gets the baton."""
        self.absent -= 1
        if self.absent:
            return None
        self.by_links()
        self.next_turn = self.agenda.next_turn
        return self.next_turn()

    def by_links(self) -> None:
        """What was sent by several tasks that ran together is as if each link had been seen to after another."""
        if isinstance(self.agenda, ChosenOrder):
            self.agenda.by_links()

    def _lose(self, entry: Entry) -> None:
        _, link, mark, sent, task_id, _, cause = entry
        self.journal.record_lost((sent, link, mark, task_id, cause))
        self.unread += 1

    def close(self) -> None:
        """Nobody gets the baton any more."""
        self.next_turn = lambda: None

    def close_books(self) -> None:
        """The run is over: write down what is still on its way."""
        self.journal.record_in_flight(self.agenda.in_flight(), self.until)
