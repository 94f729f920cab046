"""Delivery in a chosen order: which of all the messages under way arrives next is a choice, not a matter of time."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from heapq import heappush
from operator import itemgetter
from typing import TypeAlias

from trio.lowlevel import enable_ki_protection

from office.errors import BadOrder
from office.journal import ONE_COPY, Entry, Journal
from office.mail.agenda import Reader
from office.mail.instants import Instants
from office.mail.link import Link
from office.times import LAST

__all__ = ["DELIVER", "LOSE", "REPEAT", "Choose", "ChosenOrder", "Fate", "is_timer"]

Fate: TypeAlias = str
DELIVER, LOSE, REPEAT = "", "-", "+"

Choose: TypeAlias = Callable[[Sequence[Entry]], tuple[int, Fate]]
"""Of all the messages under way, in the order in which they were sent, the place of one, and what becomes of it.

It is asked once for each message, and must not change what it is given. Where a timer may ring before any of them, it
stands last.
"""
TIMER: Entry = (0, -1, 0, 0, "timer", None, 0)
"""What stands for a timer among messages: it is on no link."""


def is_timer(entry: object) -> bool:
    """Whether it is no message, but a timer that may ring."""
    return entry is TIMER


class ChosenOrder(Instants):
    """One message after another, each an instant (ns) later than the one before.

    A timer rings when its time has come; where no message is under way, time moves on to it. So many `timeouts` may
    ring before messages that are under way, in the order of their times: that is a choice, too. In the field: a
    scheduler under the control of a model checker.

    Args:
        readers: all trays.
        links: all links, by rank.
        journal: where messages are recorded when they arrive.
        when_quiet: called when nothing more can happen; it may name a reader that gets the baton all the same.
        until: nothing happens after this time (ns); None for no such time.
        in_an_instant: more events than this at one instant raise `TimeStandsStill`.
        choose: picks the message that arrives next.
        late: the links, by rank, whose messages are chosen among; those on other links arrive at once.
        timeouts: how many timers may ring before messages that are under way.
        repeats: whether a message may arrive and still be under way.
    """

    def __init__(
        self,
        readers: Sequence[Reader],
        links: Sequence[Link],
        journal: Journal,
        when_quiet: Callable[[], Reader | None],
        until: int | None,
        in_an_instant: int,
        *,
        choose: Choose,
        late: Collection[int],
        timeouts: int = 0,
        repeats: bool = False,
    ) -> None:
        super().__init__(readers, links, journal, when_quiet, until, in_an_instant)
        self.choose = choose
        self.late = late
        self.timeouts = timeouts
        self.fates = (DELIVER, LOSE, REPEAT) if repeats else (DELIVER, LOSE)
        self.has_alarm = False
        """Whether a task outside waits for the time that nothing happens after."""
        self.lose = [link.lose for link in links]
        self.pending: list[Entry] = []
        self.in_order = 0
        """So many of these were pending when the reader that has the baton got it."""

    def add(self, link: Link) -> None:
        """One more link, whose messages are chosen among if it is one of the late ones."""
        super().add(link)
        self.lose.append(link.lose)

    def push(self, entry: Entry) -> None:
        """A message is on its way."""
        if entry[1] in self.late:
            self.pending.append(entry)
        else:
            heappush(self.heap, entry)

    @enable_ki_protection  # an interrupt in the middle would lose what is neither on its way nor written down
    def next_turn(self) -> Reader | None:
        """What is due now comes first, then a message, then what is due later."""
        turn = super().next_turn()
        if not self._absent:
            self.in_order = len(self.pending)
        return turn

    def run_to(self, time: int) -> None:
        """From now on nothing happens after this time (ns), until another is set."""
        self.until, self.has_alarm = time, time < LAST

    def begin(self) -> None:
        """Every reader is there: let the first instant begin."""
        self.limit = 0

    def move_on(self) -> bool:
        """Let what is due now happen; else a message arrive; else time move on to what is due later."""
        if self._absent or self._is_closed:
            return False
        if self.pending and not (self.heap and self.heap[0][0] < self.horizon):
            if self.horizon > self.until:
                return False
            if self._one_arrives():
                return True
            self.timeouts -= 1
        if not self.heap or self.heap[0][0] > self.until:
            return False
        self.limit = self.heap[0][0]
        return True

    def by_links(self) -> None:
        """Order what several tasks have sent that ran together: link by link, since the order of tasks is random."""
        self.pending[self.in_order :] = sorted(self.pending[self.in_order :], key=itemgetter(1, 2))

    def _one_arrives(self) -> bool:
        """Let the message that is chosen arrive, or be lost; False if it is a timer that rings."""
        may_ring = self.timeouts > 0 and (self.has_alarm or bool(self.heap))
        offered = [*self.pending, TIMER] if may_ring else self.pending
        place, fate = self.choose(offered)
        if not 0 <= place < len(offered):
            raise BadOrder(f"there is no message {place} of {len(offered)} under way, the oldest of which is 0")
        if fate not in self.fates:
            raise BadOrder(f"here a message arrives ({DELIVER!r}) or is lost ({LOSE!r}), and no more: not {fate!r}")
        if is_timer(offered[place]):
            return False
        entry = self.pending.pop(place)
        if fate == REPEAT:
            self.pending.append((*entry[:2], entry[2] + ONE_COPY, *entry[3:]))
        if fate == LOSE:
            self.lose[entry[1]](entry)
        else:
            self.limit = self.horizon
            heappush(self.heap, (self.horizon, *entry[1:]))
            self.horizon += 1
        return True

    def in_flight(self) -> list[Entry]:
        """The messages that have not arrived."""
        return [*super().in_flight(), *self.pending]
