"""A window of time at once: the agenda of an office in which every message takes at least a while.

If no message takes less than `width` ns, then nothing that is sent inside a window of that width arrives inside it: all
that happens in the window is known when it opens, and each reader gets a whole tray of letters with one passing of the
baton. The conservative window of parallel discrete-event simulation (Fujimoto, *Parallel Discrete Event Simulation*,
CACM 33(10), 1990), with the grid of windows as a calendar queue (Brown, CACM 31(10), 1988).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from heapq import heappop, heappush
from itertools import chain
from math import inf
from operator import itemgetter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from office.journal import Entry, Journal
    from office.mail.link import Link
    from office.mail.tray import Tray

__all__ = ["Windows"]

LINK = itemgetter(1)


class Windows:
    """Messages in buckets, a bucket a window; a bucket is sorted when its window opens."""

    def __init__(
        self,
        links: list[Link],
        journal: Journal,
        when_quiet: Callable[[], Tray | None],
        until: int | None,
        width: int,
    ) -> None:
        self.horizon = 0
        """The end of the open window: everything before it is known."""
        self.when_quiet = when_quiet
        self.width = width
        self.until = inf if until is None else until
        self.receivers = [link.receiver for link in links]
        self.deliver = [link.deliver for link in links]
        self.record = journal.record
        self.buckets: dict[int, list[Entry]] = {}
        self.timers: dict[int, list[Tray]] = {}
        self.numbers: list[int] = []
        self.turns: deque[Tray] = deque()

    def push(self, entry: Entry) -> None:
        """A message is on its way."""
        number = entry[0] // self.width
        try:
            self.buckets[number].append(entry)
        except KeyError:
            self.buckets[number] = [entry]
            heappush(self.numbers, number)

    def call_at(self, tray: Tray, time: int) -> None:
        """A timer of this tray."""
        number = time // self.width
        if number not in self.timers:
            self.timers[number] = []
            heappush(self.numbers, number)
        self.timers[number].append(tray)

    def settle_at(self, tray: Tray, time: int) -> bool:  # noqa: ARG002
        """Whatever arrives by now is in the tray already: no need to wait."""
        return False

    def next_turn(self) -> Tray | None:
        """Whose turn it is: who has mail or a timer in the open window, or the next; if none, `when_quiet` says."""
        while not self.turns:
            if not self._open_next():
                return self.when_quiet()
        return self.turns.popleft()

    def _open_next(self) -> bool:
        if not self.numbers:
            return False
        number = self.numbers[0]
        if number * self.width > self.until:
            return False
        heappop(self.numbers)
        self.horizon = (number + 1) * self.width
        entries = self.buckets.pop(number, [])
        entries.sort()
        if self.until < self.horizon:
            self.horizon = int(self.until) + 1
            self._keep_back(number, entries)
        self.record(entries)
        deliver = self.deliver
        for entry in entries:
            deliver[entry[1]](entry)
        for link in sorted(set(map(LINK, entries))):
            tray = self.receivers[link]
            if tray.awaits_mail:
                tray.awaits_mail = False
                self.turns.append(tray)
        called = self.timers.pop(number, None)
        if called:
            self._call(called)
        return True

    def _call(self, trays: list[Tray]) -> None:
        """Those whose timer is in the window that has opened get their turn too."""
        have_turns = set(self.turns)
        for tray in trays:
            if tray.timer is not None and tray.timer < self.horizon:
                tray.timer = None
                if tray not in have_turns:
                    self.turns.append(tray)

    def _keep_back(self, number: int, entries: list[Entry]) -> None:
        """The run ends inside this window: what comes after its end stays on its way."""
        late = [entry for entry in entries if entry[0] >= self.horizon]
        if late:
            del entries[-len(late) :]
            self.buckets[number] = late

    def in_flight(self) -> Iterable[Entry]:
        """Messages that have not arrived."""
        return chain.from_iterable(self.buckets.values())
