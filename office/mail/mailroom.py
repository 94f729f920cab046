"""The mailroom: the one source of order.

A message's place in the order of everything is (arrival time, link, the link's own number of it). None of that depends
on the order in which trio happens to run tasks, and so nothing else does: exactly one task runs at a time, the one that
has the baton (passed on by `trio.lowlevel.reschedule`), and trio's own order, random on purpose, has nothing to decide.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from operator import itemgetter

from office.counts import is_count
from office.errors import BadConditions
from office.journal import Journal, LinkEnds
from office.mail.agenda import Agenda, Reader
from office.mail.chosen_order import Choose, ChosenOrder
from office.mail.escapes import Escapes, checked_escapes
from office.mail.instants import Instants
from office.mail.link import BoundedLink, Incoming, Link
from office.mail.netem.conditions import Conditions
from office.mail.rough_link import RoughLink
from office.mail.sure_link import SureLink
from office.mail.tray import Tray
from office.mail.windows import Windows
from office.times import LAST, too_late

__all__ = ["IN_AN_INSTANT", "Mailroom"]

PLACE = itemgetter(0, 1, 2)
IN_AN_INSTANT = 10_000_000
"""So many events in one instant mean that an office never leaves it, unless its caller knows better."""


class Mailroom:
    """Trays and links first; then `open`; then each tray's reader starts to read, and the mail moves.

    Args:
        seed: of all random numbers, a whole number from 0.
        journal: where messages are recorded.
        when_quiet: called when nothing more can happen: no mail is on its way and no timer is set. It may name a tray
            whose reader gets the baton all the same.
        make_tray: makes a tray; its readers are tasks of trio, unless a `Stepper` makes it.
    """

    def __init__(
        self,
        seed: int,
        journal: Journal,
        when_quiet: Callable[[], Reader | None],
        make_tray: Callable[[str, int, int, Journal], Tray] = Tray,
    ) -> None:
        self.seed = seed
        self.journal = journal
        self.when_quiet = when_quiet
        self.make_tray = make_tray
        self.trays: dict[str, Tray] = {}
        self.links: list[Link] = []

    agenda: Agenda
    """What is to happen, and whose turn is next; it is there when the mailroom is open."""

    def tray(self, name: str) -> Tray:
        """A tray for one more reader."""
        self.trays[name] = self.make_tray(name, len(self.trays), self.seed, self.journal)
        self.journal.desks.append(name)
        return self.trays[name]

    def link(
        self,
        ends: LinkEnds,
        conditions: Conditions,
        capacity: int | None = None,
        *,
        at_least_once: bool = False,
        cut: Sequence[tuple[int, int]] = (),
    ) -> tuple[Link, Incoming]:
        """A link between two trays: its sending and its receiving end.

        Args:
            ends: the link's name, and the names of the trays that it joins; it goes into the journal as it is.
            conditions: what happens to messages on their way.
            capacity: how many messages the link holds; None for any number.
            at_least_once: whether messages that are not acknowledged in time are sent again.
            cut: from when to when (ns) everything that is sent is lost.

        Raises:
            BadConditions: for conditions that do not go together with the capacity, or with `at_least_once`.
        """
        route = ends.name, len(self.links), self.trays[ends.sender], self.trays[ends.reader], conditions
        is_smooth = conditions.only_delay and not cut
        link: Link
        if capacity is not None:
            if not is_smooth or at_least_once:
                raise BadConditions(
                    f"{ends.name} holds {capacity} messages at most, so its conditions are a delay alone"
                )
            link = BoundedLink(*route, capacity)
        elif at_least_once:
            link = SureLink(*route, cut)
        else:
            link = Link(*route) if is_smooth else RoughLink(*route, cut)
        self.links.append(link)
        self.journal.links.append(ends)
        return link, Incoming(link)

    def open(
        self,
        *,
        lookahead: bool = True,
        until: int | None = None,
        in_an_instant: int = IN_AN_INSTANT,
        choose: Choose | None = None,
        late: Collection[int] = (),
        timeouts: int = 0,
        escapes: Escapes = "refuse",
    ) -> None:
        """Open for business. What happens is the same with `lookahead` and without.

        Args:
            lookahead: where no link is bounded, let as much happen at once as the least delay of all links allows;
                otherwise one event after another.
            until: the last time (ns) at which something happens; None for no such time.
            in_an_instant: more events than this at one instant raise `TimeStandsStill`.
            choose: if given, there is no delay at all, and it picks which message arrives next.
            late: the links, by rank, whose messages `choose` picks from; those on other links arrive at once.
            timeouts: how many timers may ring before messages that are under way, if `choose` picks one.
            escapes: what becomes of a reader that waits for something that is not mail: "refuse" or "wait".

        Raises:
            BadConditions: for an `in_an_instant` or `escapes` that is none.

        A message that would arrive later than any office lasts is a `BadTime`, for whoever hands the baton on last.
        """
        if not is_count(in_an_instant):
            raise BadConditions(f"in_an_instant is a whole number from 1, not {in_an_instant}")
        checked_escapes(escapes)
        self.agenda = self._agenda(
            lookahead=lookahead, until=until, in_an_instant=in_an_instant, choose=choose, late=late, timeouts=timeouts
        )  # fmt: skip
        self.until = until
        for link in self.links:
            link.opened(self.agenda)
        for tray in self.trays.values():
            tray.opened(self.agenda, escapes)

    def _agenda(
        self,
        *,
        lookahead: bool,
        until: int | None,
        in_an_instant: int,
        choose: Choose | None,
        late: Collection[int],
        timeouts: int,
    ) -> Agenda:
        readers = list(self.trays.values())
        usual = readers, self.links, self.journal, self._nothing_more, until, in_an_instant
        least = min((link.conditions.least for link in self.links), default=0)
        if choose is not None:
            return ChosenOrder(*usual, choose=choose, late=late, timeouts=timeouts)
        if lookahead and least > 0 and not any(isinstance(link, BoundedLink) for link in self.links):
            return Windows(*usual, width=least)
        return Instants(*usual)

    def _nothing_more(self) -> Reader | None:
        """Nothing more happens, or not yet. Raises `BadTime` where only that is on its way which would never arrive."""
        if self.agenda.until == LAST:
            entry = min(self.agenda.in_flight(), key=PLACE, default=None)
            if entry is not None:
                sent = f"what is sent about task {entry[4]!r} at {entry[3]} ns"
                raise too_late(f"{self.links[entry[1]].name}: {sent} would arrive", entry[0])
        return self.when_quiet()

    @property
    def horizon(self) -> int:
        """Everything that happens before this time (ns) is known to the reader that has the baton."""
        return self.agenda.horizon

    @property
    def unread(self) -> int:
        """How many messages their readers will never get, since they were lost or damaged on their way."""
        return sum(link.unread for link in self.links)

    def close_books(self, end: int | None = None) -> None:
        """The run is over: write down what is still on its way. `end` is when it ended (ns), if it was broken off."""
        now = max(tray.now for tray in self.trays.values())
        self.journal.close(self.agenda.in_flight(), self.until if end is None else end, now)
