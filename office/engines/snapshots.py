"""The weights as they were from time to time in a run, to be looked at when it is over."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any, TypeAlias, overload

from office.engines.instruments import Instrument, WatchedDesk
from office.ids import TaskID
from office.work import Parameters

__all__ = ["Snapshot", "Snapshots"]


@dataclass(frozen=True)
class Snapshot:
    """All weights of an office as they were at one moment. In the field: a checkpoint."""

    time: int
    """Virtual time, in ns: what was learnt at this very instant is not in it, but at the end of a run."""
    updates: Mapping[str, int]
    """For each desk with weights, how many updates they had taken; of several `Parameters`, the first."""
    weights: Sequence[tuple[Parameters, tuple[Any, ...]]]
    """All `Parameters` of the office, each once, and their arrays (or floats) as they were."""

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """While this lasts, the workers answer with these weights, and feedback teaches them nothing."""
        with ExitStack() as stack:
            for parameters, arrays in self.weights:
                stack.enter_context(parameters.instead(arrays))
            yield


Kept: TypeAlias = tuple[int, tuple[Any, ...]]
"""How many updates there had been, and the weights."""


class Keeper:
    """Keeps the weights of one `Parameters` as they are each time that a while has passed, without a copy.

    What does not change from one time to the next is kept once.
    """

    def __init__(self, learner: Parameters, every: int) -> None:
        self.learner = learner
        self.every = every
        self.number = 0
        """Of the next time at which the weights are to be kept; the first, 0, is the beginning."""
        self.first: list[int] = []
        """The numbers of the times from which on the weights were those in `kept`, until the next."""
        self.kept: list[Kept] = []

    def keep_until(self, now: int) -> None:
        """Nothing has been learnt since the last time: keep the weights for every time that has come since."""
        if self.number * self.every <= now:
            self.first.append(self.number)
            self.kept.append(self.as_it_is())
            self.number = now // self.every + 1

    def as_it_is(self) -> Kept:
        """The weights now."""
        return self.learner.updates, self.learner.arrays

    def at(self, number: int) -> Kept:
        """The weights at the time of this number."""
        return self.kept[bisect_right(self.first, number) - 1]


class Series(Sequence[Snapshot]):
    """All the snapshots of a run, each made when it is asked for: there may be very many.

    Args:
        every: how long from one to the next, in ns.
        end: the last is that of the end of the run, in ns.
        keepers: have the weights.
        by_desk: for each desk with weights the keepers of its own.
    """

    def __init__(
        self, every: int, end: int, keepers: Sequence[Keeper], by_desk: Mapping[str, Sequence[Keeper]]
    ) -> None:
        self._times = range(0, end + 1, every)
        self._end = end
        self._at_end = {keeper: keeper.as_it_is() for keeper in keepers}
        self._by_desk = {desk: several[0] for desk, several in by_desk.items()}

    def __len__(self) -> int:
        return len(self._times) + 1

    @overload
    def __getitem__(self, place: int) -> Snapshot: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Snapshot, ...]: ...
    def __getitem__(self, place: int | slice) -> Snapshot | tuple[Snapshot, ...]:
        if isinstance(place, slice):
            return tuple(self[each] for each in range(*place.indices(len(self))))
        number = range(len(self))[place]
        is_end = number == len(self._times)
        kept = self._at_end if is_end else {keeper: keeper.at(number) for keeper in self._at_end}
        updates = {desk: kept[keeper][0] for desk, keeper in self._by_desk.items()}
        weights = [(keeper.learner, arrays) for keeper, (_, arrays) in kept.items()]
        return Snapshot(self._end if is_end else self._times[number], updates, weights)


class Snapshots(Instrument):
    """Keeps all weights each time that a while has passed: before the first feedback that comes after that.

    Args:
        every: how long from one snapshot to the next, in ns.
        desks: those with weights. Several may share some.
    """

    def __init__(self, every: int, desks: Iterable[WatchedDesk]) -> None:
        learners = {desk.name: desk.learners for desk in desks}
        each = {id(learner): Keeper(learner, every) for several in learners.values() for learner in several}
        self.every = every
        self.keepers = list(each.values())
        self.by_desk = {desk: [each[id(learner)] for learner in several] for desk, several in learners.items()}

    def before_feedback(self, desk: WatchedDesk, _task_id: TaskID, _feedback: Any) -> None:
        """The weights of this desk may be about to change: keep them for every time that has come."""
        for keeper in self.by_desk.get(desk.name, ()):
            keeper.keep_until(desk.clock.now)

    def until(self, end: int) -> Sequence[Snapshot]:
        """All that was kept, from time 0 to the end of the run, and how the weights were then."""
        if not self.keepers:
            return ()
        for keeper in self.keepers:
            keeper.keep_until(end)
        return Series(self.every, end, self.keepers, self.by_desk)
