"""A window of time at once: the agenda of an office in which every message takes at least a while.

If no message takes less than `width` ns, then nothing that is sent inside a window of that width arrives inside it: all
that happens in the window is known when it opens, and each reader gets a whole tray of letters with one passing of the
baton. The conservative window of parallel discrete-event simulation (Fujimoto, *Parallel Discrete Event Simulation*,
CACM 33(10), 1990), with the grid of windows as a calendar queue (Brown, CACM 31(10), 1988).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from heapq import heappop, heappush
from itertools import chain
from operator import itemgetter
from typing import TypeVar

from trio.lowlevel import enable_ki_protection

from office.journal import Entry, Journal
from office.mail.agenda import Agenda, Reader
from office.mail.link import Link

__all__ = ["Windows"]

Thing = TypeVar("Thing")

LINK = itemgetter(1)


class Buckets(dict[int, list[Thing]]):
    """What is to come in each window, by its number. `numbers` is a heap of those in which anything is to come."""

    def __init__(self, numbers: list[int]) -> None:
        self.numbers = numbers

    def __missing__(self, number: int) -> list[Thing]:
        heappush(self.numbers, number)
        bucket = self[number] = []
        return bucket


class Windows(Agenda):
    """Messages in buckets, a bucket a window; a bucket is sorted when its window opens.

    Args:
        readers: all trays.
        links: all links, by rank.
        journal: where messages are recorded when they arrive.
        when_quiet: called when nothing more can happen; it may name a reader that gets the baton all the same.
        until: nothing happens after this time (ns); None for no such time.
        in_an_instant: more events than this at one instant mean that the office never leaves it.
        width: of a window, in ns: no message takes less.
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
        width: int,
    ) -> None:
        super().__init__(len(readers), when_quiet, until, in_an_instant)
        self.width = width
        self.opened_at = 0
        """When the open window begins, in ns."""
        self.receivers: list[Reader] = [link.receiver for link in links]
        self.deliver = [link.deliver for link in links]
        self.record = journal.record
        self.numbers: list[int] = []
        """The windows that are to open, as a heap."""
        self.buckets = Buckets[Entry](self.numbers)
        self.timers = Buckets[Reader](self.numbers)
        self.turns: deque[Reader] = deque()

    @property
    def happened(self) -> int:
        """All until the open window began."""
        return self.opened_at - 1

    def push(self, entry: Entry) -> None:
        """A message is on its way."""
        self.buckets[entry[0] // self.width].append(entry)

    def call_at(self, reader: Reader, time: int) -> None:
        """Give a reader the baton in the window of this time (ns), if its `timer` is in that window then."""
        self.timers[time // self.width].append(reader)

    def settle_at(self, reader: Reader, time: int) -> bool:  # noqa: ARG002
        """False: everything that arrives in the open window is in the trays."""
        return False

    @enable_ki_protection  # an interrupt in the middle would lose what is neither on its way nor written down
    def next_turn(self) -> Reader | None:
        """A reader that has mail or a timer in the open window, or in the next."""
        while not self.turns:
            if not self._open_next():
                return self.nothing_more()
        return self.turns.popleft()

    def close(self) -> None:
        """From now on no reader gets the baton."""
        super().close()
        self.turns.clear()

    def end_at(self, time: int) -> None:
        """A reader has failed at this time (ns). In this window the others go on until then, and no window follows."""
        super().end_at(time)
        self.horizon = min(self.horizon, time + 1)
        for reader in self.turns:
            while reader.arrived and reader.arrived[-1][0] > time:
                reader.arrived.pop()

    def _open_next(self) -> bool:
        if not self.numbers:
            return False
        begin = self.numbers[0] * self.width
        if begin > self.limit:
            return False
        number = heappop(self.numbers)
        self.opened_at, self.horizon = begin, begin + self.width
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
            reader = self.receivers[link]
            if reader.awaits_mail:
                reader.awaits_mail = False
                self.turns.append(reader)
        if self.timers:
            self._call(self.timers.pop(number, []))
        return True

    def _call(self, readers: list[Reader]) -> None:
        """Readers whose timer is in the window that has opened get their turn too."""
        have_turns = set(self.turns)
        for reader in readers:
            if reader.timer is not None and reader.timer < self.horizon:
                reader.timer = None
                if reader not in have_turns:
                    self.turns.append(reader)

    def _keep_back(self, number: int, entries: list[Entry]) -> None:
        """The run ends inside this window: what comes after its end stays on its way."""
        late = [entry for entry in entries if entry[0] >= self.horizon]
        if late:
            del entries[-len(late) :]
            self.buckets[number] = late

    def by_links(self) -> None:
        """Nothing to do: messages come in the order of times and links, whenever they were sent."""

    def in_flight(self) -> Iterable[Entry]:
        """The messages that have not arrived."""
        return chain.from_iterable(self.buckets.values())
