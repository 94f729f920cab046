"""A link that does more to its messages than let them take a while: it loses, repeats, damages and overtakes."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from heapq import heappop, heappush
from typing import TYPE_CHECKING, Any

from office.journal import DAMAGED, ONE_COPY, ONE_MORE
from office.mail.done import DONE
from office.mail.link import Letter, Link
from office.mail.netem.fates import Fates, events
from office.mail.netem.slots import SlotTimes
from office.mail.netem.streams import stream
from office.mail.sizes import size_of
from office.times import SECOND

if TYPE_CHECKING:
    from office.ids import TaskID
    from office.journal import Entry

__all__ = ["RoughLink"]


class RoughLink(Link):
    """What happens to a message, and in which order, is as in the kernel's `netem_enqueue` (net/sched/sch_netem.c).

    Every impairment has a stream of its own, so that turning one on moves no draw of another. Of what arrives, the
    reader gets neither what is damaged nor what he has had: a repeat is recognised by its number. While the link is
    `cut`, from one time to another (ns), all that is sent is lost.
    """

    def __init__(self, *args: Any, cut: Sequence[tuple[int, int]] = ()) -> None:
        super().__init__(*args)
        there, seed, name = self.conditions, self._seed, self.name
        self._originals = Fates(there, seed, name)
        self._copies = Fates(there, seed, name, "copy ")
        self._doubled = events(there.duplicate, seed, name, "duplicate")
        self._jumps = events(None if there.reorder is None else there.reorder.chance, seed, name, "reorder")
        self._since_jump = 0
        self._slots = None if there.slot is None else SlotTimes(there.slot, stream(seed, name, "slot"))
        self._cut = cut
        self.deliver = self._deliver
        self._last_leaves = 0
        """When the last message so far arrives, for a link that carries so many bits a second."""
        self._under_way: list[int] = []
        """When each message on this link arrives, as far as it is known to be still on its way."""
        self._to_come: dict[int, int] = {}
        """Of messages that come more than once: how many times still."""
        self._had: set[int] = set()
        """Those of them that the reader has had."""

    def send(self, value: Letter) -> Awaitable[None]:  # type: ignore[override]
        """Put a message in the mail, whatever becomes of it there."""
        task_id, body = value
        self._mark = mark = self._mark + ONE_MORE
        arrivals = self._transmit(mark, self.sender.now, task_id, body, self._originals)
        self._expect(mark, len(arrivals))
        return DONE

    def _expect(self, mark: int, times: int) -> None:
        """A message will arrive so many times in a state to be read."""
        if not times:
            self.sender.room.unread += 1
        elif times > 1:
            self._to_come[mark // ONE_MORE] = times

    def _transmit(self, mark: int, at: int, task_id: TaskID, body: Any, fates: Fates) -> list[int]:
        """Send a message at a time (ns), once or twice; when it arrives in a state to be read."""
        lost, doubled = next(fates.lost), next(self._doubled)
        # Of a message that is both doubled and lost one is left: so in netem.
        arrivals = [self._carry(mark, at, task_id, body, fates, lost=lost and not doubled)]
        if doubled and not lost:
            copy = self._copies
            arrivals.append(self._carry(mark + ONE_COPY, at, task_id, body, copy, lost=next(copy.lost)))
        return [time for time in arrivals if time is not None]

    def _carry(self, mark: int, at: int, task_id: TaskID, body: Any, fates: Fates, *, lost: bool) -> int | None:
        """Send one copy at a time (ns), if there is room for it; when it arrives, if it can then be read."""
        took, damaged, limit = next(fates.took), next(fates.damaged), self.conditions.limit
        if lost or self._is_cut(at) or (limit is not None and self._queue_length(at) >= limit):
            self.receiver.room.journal.record_lost((at, self.rank, mark, task_id, self.sender.cause))
            return None
        arrives = self._arrival(at, took, body)
        if limit is not None:
            heappush(self._under_way, arrives)
        self._push((arrives, self.rank, mark | DAMAGED if damaged else mark, at, task_id, body, self.sender.cause))
        return None if damaged else arrives

    def _is_cut(self, at: int) -> bool:
        return any(begin <= at < end for begin, end in self._cut)

    def _queue_length(self, now: int) -> int:
        while self._under_way and self._under_way[0] <= now:
            heappop(self._under_way)
        return len(self._under_way)

    def _arrival(self, at: int, took: int, body: Any) -> int:
        there = self.conditions
        if there.reorder is not None and self._since_jump >= there.reorder.gap - 1 and next(self._jumps):
            self._since_jump = 0
            return at  # to the head of the queue, past rate and slots
        self._since_jump += 1
        arrives = at + took
        if there.rate is not None:
            # Those before it go first; the time it waits for them counts as part of its delay.
            arrives = max(arrives, self._last_leaves) + -(-8 * size_of(body) * SECOND // there.rate.bits)
            self._last_leaves = arrives
        return arrives if self._slots is None else self._slots.leave(arrives, size_of(body))

    def _deliver(self, entry: Entry) -> None:
        mark = entry[2]
        if mark & DAMAGED:
            return
        number = mark // ONE_MORE
        left = self._to_come.get(number)
        if left is not None:
            if left == 1:
                del self._to_come[number]
            else:
                self._to_come[number] = left - 1
            if number in self._had:
                if left == 1:
                    self._had.discard(number)
                return
            if left > 1:
                self._had.add(number)
        self.receiver.arrived.append(entry)
