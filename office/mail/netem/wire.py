"""What becomes of each message on one link: when it arrives, how often, and in what state, drawn as it is sent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from heapq import heappop, heappush
from itertools import repeat
from typing import TypeAlias

from office.mail.netem.chance import Chance
from office.mail.netem.conditions import Conditions
from office.mail.netem.loss import Loss
from office.mail.netem.slots import SlotTimes
from office.mail.netem.streams import stream, when_needed

__all__ = ["Fates", "Passage", "Wire"]

Passage: TypeAlias = tuple[int | None, bool]
"""When a copy of a message arrives (ns), None if it is lost; and whether it is damaged."""
LOST: Passage = None, False


class Fates:
    """How long each transmission takes, and whether it is lost or damaged: each from a stream of its own.

    All are drawn for every transmission, whether they are needed or not: so turning loss on moves no delay.

    Args:
        conditions: of the link.
        seed: of the run, a whole number from 0.
        link: the link's name.
        prefix: of the streams' names: what kind of transmission, such as ``"copy "``.
        others: the fates of other transmissions on the same wire. What remembers (bursts of losses, correlations)
            remembers them too: it is drawn from one stream for all.
    """

    def __init__(
        self, conditions: Conditions, seed: int, link: str, prefix: str = "", others: Fates | None = None
    ) -> None:
        delay, loss, corrupt = conditions.delay, conditions.loss, conditions.corrupt
        seed = conditions.seed_in(seed)
        self.took = when_needed(lambda: delay.times(delay.source(seed, link, f"{prefix}delay")))
        self.lost = _events(loss, seed, link, f"{prefix}loss")
        self.damaged = _events(corrupt, seed, link, f"{prefix}corrupt")
        if others is not None:
            self.took = others.took if delay.remembers else self.took
            self.lost = others.lost if loss is not None and loss.remembers else self.lost
            self.damaged = others.damaged if corrupt is not None and corrupt.remembers else self.damaged


class Wire:
    """What happens to a message, and in which order, is as in the kernel's `netem_enqueue` (net/sched/sch_netem.c).

    Every impairment has a stream of its own, so that turning one on moves no draw of another; copies have streams of
    their own too, except where a chance remembers.

    Args:
        conditions: of the link.
        seed: of the run, a whole number from 0.
        link: the link's name.
        cut: from when to when (ns) everything that is sent is lost.
    """

    def __init__(self, conditions: Conditions, seed: int, link: str, cut: Sequence[tuple[int, int]] = ()) -> None:
        self.conditions = conditions
        self.weighs = conditions.rate is not None or conditions.slot is not None
        """Whether it matters how many bytes a message has."""
        reorder, slot = conditions.reorder, conditions.slot
        self._cut = cut
        self._originals = Fates(conditions, seed, link)
        self._copies = Fates(conditions, seed, link, "copy ", self._originals)
        seed = conditions.seed_in(seed)
        self._doubled = _events(conditions.duplicate, seed, link, "duplicate")
        self._jumps = _events(None if reorder is None else reorder.chance, seed, link, "reorder")
        self._since_jump = 0
        self._slots = None if slot is None else SlotTimes(slot, stream(seed, link, "slot"))
        self._last_leaves = 0
        """When the last message so far arrives, on a wire that carries so many bits a second."""
        self._under_way: list[int] = []
        """When each message arrives that is not known to have arrived, on a wire that holds only so many."""

    def send(self, at: int, size: int = 0, *, again: bool = False) -> list[Passage]:
        """Send a message; what becomes of it, and of the copy of it, if there is one.

        Args:
            at: when, in ns.
            size: of the message in bytes, where the wire `weighs`.
            again: whether the message was sent before: then it has the fates of copies.
        """
        fates, limit = self._copies if again else self._originals, self.conditions.limit
        lost, doubled = next(fates.lost), next(self._doubled)
        refused = bool(self._cut and self.is_cut(at)) or (limit is not None and self._queue_length(at) >= limit)
        copy = []
        if doubled and not lost:  # netem leaves one of a message that is both doubled and lost
            copy.append(self._carry(at, size, self._copies, lost=next(self._copies.lost) or refused))
        # A copy takes its place first, and no second look is taken whether there is room for the message itself.
        return [self._carry(at, size, fates, lost=(lost and not doubled) or refused), *copy]

    def is_cut(self, at: int) -> bool:
        """Whether everything that is sent at this time (ns) is lost."""
        return any(begin <= at < end for begin, end in self._cut)

    def _carry(self, at: int, size: int, fates: Fates, *, lost: bool) -> Passage:
        took, damaged = next(fates.took), next(fates.damaged)
        if lost:
            return LOST
        arrives = self._arrival(at, took, size)
        if self.conditions.limit is not None:
            heappush(self._under_way, arrives)
        return arrives, damaged

    def _queue_length(self, now: int) -> int:
        while self._under_way and self._under_way[0] <= now:
            heappop(self._under_way)
        return len(self._under_way)

    def _arrival(self, at: int, took: int, size: int) -> int:
        reorder, rate = self.conditions.reorder, self.conditions.rate
        if reorder is not None and self._since_jump >= reorder.gap - 1 and next(self._jumps):
            self._since_jump = 0
            return at  # to the head of the queue, past rate and slots
        self._since_jump += 1
        arrives = at + took
        if rate is not None:
            # Those before it go first; the time it waits for them counts as part of its delay.
            self._last_leaves = arrives = max(arrives, self._last_leaves) + rate.time(size)
        return arrives if self._slots is None else self._slots.leave(at, arrives, size)


def _events(chance: Chance | Loss | None, seed: int, link: str, what: str) -> Iterator[bool]:
    """Whether something happens, transmission by transmission, from its own stream on one link."""
    never: Iterator[bool] = repeat(False)  # noqa: FBT003
    return never if chance is None else when_needed(lambda: chance.events(stream(seed, link, what)))
