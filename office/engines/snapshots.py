"""The weights as they were from time to time in a run, to be looked at when it is over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

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


class Keeper:
    """Keeps the weights of one `Parameters` as they are each time that a while has passed, without a copy."""

    def __init__(self, learner: Parameters, every: int) -> None:
        self.learner = learner
        self.every = every
        self.due = 0
        """When the next are to be kept, in ns."""
        self.kept: list[tuple[int, tuple[Any, ...]]] = []
        """Updates and weights, time after time."""

    def keep_until(self, now: int) -> None:
        """Nothing has been learnt since the last time: keep the weights for every time that has come since."""
        while self.due <= now:
            self.keep()
            self.due += self.every

    def keep(self) -> None:
        """Keep the weights as they are."""
        self.kept.append((self.learner.updates, self.learner.arrays))


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

    def until(self, end: int) -> tuple[Snapshot, ...]:
        """All that was kept, from time 0 to the end of the run, and how the weights were then."""
        if not self.keepers:
            return ()
        for keeper in self.keepers:
            keeper.keep_until(end)
            keeper.keep()
        snapshots = []
        for place, time in enumerate([*range(0, end + 1, self.every), end]):
            updates = {desk: several[0].kept[place][0] for desk, several in self.by_desk.items()}
            weights = [(keeper.learner, keeper.kept[place][1]) for keeper in self.keepers]
            snapshots.append(Snapshot(time, updates, weights))
        return tuple(snapshots)
