"""One event at a time: the agenda of an office in which somebody may hear of something at once.

Needed where a link may have no delay at all, or where desks share more than mail. Slower than `windows`, since the
baton changes hands at every message.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from heapq import heappop, heappush
from math import inf
from typing import TYPE_CHECKING

from office.errors import TimeStandsStill
from office.times import time_text

if TYPE_CHECKING:
    from office.journal import Entry, Journal
    from office.mail.link import Link
    from office.mail.tray import Tray

__all__ = ["Instants", "stands_still"]

BLOCK = 256
"""After so many events the agenda takes stock."""


class Instants:
    """Events on a heap, by (time, rank, number): the order in which everything happens.

    At one instant come timers and ends of work (ranks below 0, by tray), then arrivals (by link), then the choosing of
    those who first wait until the instant is otherwise quiet (by tray).
    """

    def __init__(
        self,
        trays: list[Tray],
        links: list[Link],
        journal: Journal,
        when_quiet: Callable[[], Tray | None],
        until: int | None,
        in_an_instant: int,
    ) -> None:
        self.when_quiet = when_quiet
        self.horizon = 1
        """One ns after the instant that everybody lives in."""
        self.links = len(links)
        self.trays = len(trays)
        self.whose = [*(link.receiver for link in links), *trays, *trays]
        self.deliver = [link.deliver for link in links]
        self.record = journal.recent.append
        self.until = inf if until is None else until
        self.journal = journal
        self.in_an_instant = in_an_instant
        self.countdown = self.block = min(BLOCK, in_an_instant)
        self.stock_taken_at = -1
        self.events_since = 0
        self.heap: list[Entry] = []
        self.push: Callable[[Entry], None] = partial(heappush, self.heap)
        """A message is on its way."""

    def call_at(self, tray: Tray, time: int) -> None:
        """A timer of this tray."""
        heappush(self.heap, (time, tray.index - self.trays, 0, 0, 0, None, 0))

    def settle_at(self, tray: Tray, time: int) -> bool:
        """Call this tray when the instant is otherwise quiet."""
        heappush(self.heap, (time, self.links + tray.index, 0, 0, 0, None, 0))
        return True

    def next_turn(self) -> Tray | None:
        """Whose turn it is: the reader of the next thing that happens. When nothing more will, `when_quiet` says."""
        heap = self.heap
        while heap:
            if heap[0][0] > self.until:
                break
            turn = self.next_event()
            if turn is not None:
                return turn
        return self.when_quiet()

    def next_event(self) -> Tray | None:
        """Let the next thing happen; whoever waits for it, if anybody does."""
        entry = heappop(self.heap)
        time, rank = entry[0], entry[1]
        if time >= self.horizon:
            self.horizon = time + 1
        self.countdown -= 1
        if not self.countdown:
            self._take_stock(time)
        tray = self.whose[rank]
        if 0 <= rank < self.links:
            self.record(entry)
            self.deliver[rank](entry)
            if tray.awaits_mail:
                tray.awaits_mail = False
                return tray
        elif rank < 0:
            if tray.timer == time:
                tray.timer = None
                return tray
        else:
            tray.settling = False
            return tray
        return None

    def _take_stock(self, time: int) -> None:
        """Every so many events: put the journal in order, and see that time has moved."""
        self.journal.put_away()
        self.countdown = self.block
        self.events_since = self.events_since + self.block if time == self.stock_taken_at else 0
        self.stock_taken_at = time
        if self.events_since >= self.in_an_instant:
            raise stands_still(time, self.in_an_instant)

    def in_flight(self) -> Iterable[Entry]:
        """Messages that have not arrived."""
        return [entry for entry in self.heap if 0 <= entry[1] < self.links]


def stands_still(time: int, limit: int) -> TimeStandsStill:
    """The error of an office that never leaves an instant."""
    return TimeStandsStill(
        f"more than {limit:,} events at {time_text(time)}: the office never leaves that instant "
        "(an office that is meant to be so busy takes a larger in_an_instant=)"
    )
