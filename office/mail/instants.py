"""One event at a time: the agenda of an office in which a message may arrive as soon as it is sent.

Needed where a link may have no delay at all, or where desks share more than mail. Slower than `windows`, since the
baton changes hands at every message.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from heapq import heappop, heappush

from trio.lowlevel import enable_ki_protection

from office.journal import Entry, Journal
from office.mail.agenda import Agenda, Reader
from office.mail.link import Link

__all__ = ["Instants"]

BLOCK = 256
"""After so many events the agenda takes stock."""


class Instants(Agenda):
    """Events on a heap, by (time, rank, number): the order in which everything happens.

    At one instant come timers and ends of work (ranks below 0, by tray), then arrivals (by link), and then the turns of
    readers that wait until the instant is otherwise quiet (by tray).

    Args:
        readers: all trays.
        links: all links, by rank.
        journal: where messages are recorded when they arrive.
        when_quiet: called when nothing more can happen; it may name a reader that gets the baton all the same.
        until: nothing happens after this time (ns); None for no such time.
        in_an_instant: more events than this at one instant raise `TimeStandsStill`.
    """

    def __init__(
        self,
        readers: Sequence[Reader],
        links: Sequence[Link],
        journal: Journal,
        when_quiet: Callable[[], Reader | None],
        until: int | None,
        in_an_instant: int,
    ) -> None:
        super().__init__(len(readers), when_quiet, until, in_an_instant)
        self.horizon = 1
        self.journal = journal
        self.links = len(links)
        self.readers = len(readers)
        self.by_rank: list[Reader] = [*(link.receiver for link in links), *readers, *readers]
        """Whose event it is: timers have ranks from -`readers`, readers that settle have ranks from `links`."""
        self.deliver = [*(link.deliver for link in links), *[None] * 2 * len(readers)]
        self.record = journal.recent.append
        self.countdown = self.block = min(BLOCK, in_an_instant)
        self.stock_taken_at = -1
        self.events_since = 0
        self.heap: list[Entry] = []

    def add(self, link: Link) -> None:
        """One more link, while no reader waits for the end of an instant."""
        self.by_rank.insert(self.links, link.receiver)
        self.deliver.insert(self.links, link.deliver)
        self.links += 1

    @property
    def happened(self) -> int:
        """All before the instant of the latest event."""
        return self.horizon - 2

    def push(self, entry: Entry) -> None:
        """A message is on its way."""
        heappush(self.heap, entry)

    def call_at(self, reader: Reader, time: int) -> None:
        """Give a reader the baton at this time (ns), if it is its `timer` then."""
        heappush(self.heap, (time, reader.index - self.readers, 0, 0, 0, None, 0))

    def settle_at(self, reader: Reader, time: int) -> bool:
        """Give a reader the baton when this instant (ns) is otherwise quiet."""
        heappush(self.heap, (time, self.links + reader.index, 0, 0, 0, None, 0))
        return True

    def run_to(self, time: int) -> None:
        """From now on nothing happens after this time (ns), until another is set."""
        self.until = time
        if self.limit >= 0:
            self.limit = time

    @enable_ki_protection  # an interrupt in the middle would lose what is neither on its way nor written down
    def next_turn(self) -> Reader | None:
        """Let one event after another happen; the first reader that waits for one of them."""
        heap = self.heap
        while True:
            if not heap or heap[0][0] > self.limit:
                if self.move_on():
                    continue
                return self.nothing_more()
            entry = heappop(heap)
            time, rank = entry[0], entry[1]
            if time >= self.horizon:
                self.horizon = time + 1
            self.countdown -= 1
            if not self.countdown:
                self._take_stock(time)
            reader, deliver = self.by_rank[rank], self.deliver[rank]
            if deliver is not None:
                self.record(entry)
                deliver(entry)
                if reader.awaits_mail:
                    reader.awaits_mail = False
                    return reader
            elif rank >= 0:
                reader.settling = False
                return reader
            elif reader.timer == time:
                reader.timer = None
                return reader

    def move_on(self) -> bool:
        """Nothing on the heap may happen yet: whether something may now."""
        return False

    def _take_stock(self, time: int) -> None:
        """Every so many events: put the journal in order, and see that time has moved."""
        self.journal.put_away()
        self.countdown = self.block
        self.events_since = self.events_since + self.block if time == self.stock_taken_at else 0
        self.stock_taken_at = time
        if self.events_since >= self.in_an_instant:
            raise self.stands_still(time)

    def by_links(self) -> None:
        """Nothing to do: messages come in the order of times and links, whenever they were sent."""

    def in_flight(self) -> Iterable[Entry]:
        """The messages that have not arrived."""
        return [entry for entry in self.heap if 0 <= entry[1] < self.links]
