"""The weights as they were from time to time in a run, to be looked at when it is over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any, TypeAlias

from office.errors import BadTime
from office.mail import Time, nanoseconds
from office.work import Parameters

__all__ = ["Keeper", "Snapshot", "interval", "snapshots_of"]

Weights: TypeAlias = list[tuple[Any, ...]]


@dataclass(frozen=True)
class Snapshot:
    """All weights of an office as they were at one moment. In the field: a checkpoint."""

    time: int
    """Virtual time, in ns: what was learnt at this very instant is not in it, but at the end of a run."""
    updates: Mapping[str, int]
    """For each desk with weights, how many updates they had taken."""
    weights: Sequence[tuple[Parameters, tuple[Any, ...]]]

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """While this lasts, the workers answer with these weights, and feedback teaches them nothing."""
        with ExitStack() as stack:
            for parameters, arrays in self.weights:
                stack.enter_context(parameters.instead(arrays))
            yield


class Keeper:
    """Keeps the weights of one desk as they are each time that a while has passed. No array is copied for it."""

    def __init__(self, learners: Sequence[Parameters], every: int) -> None:
        self.learners = learners
        self.every = every
        self.due = 0
        """When the next are to be kept, in ns."""
        self.kept: list[tuple[int, Weights]] = []
        """Updates and weights, time after time."""

    def keep_until(self, now: int) -> None:
        """Nothing has been learnt since the last time: keep the weights for every time that has come since."""
        while self.due <= now:
            self.keep()
            self.due += self.every

    def keep(self) -> None:
        """Keep the weights as they are."""
        self.kept.append((self.learners[0].updates, [learner.arrays for learner in self.learners]))


def snapshots_of(keepers: Mapping[str, Keeper], end: int) -> tuple[Snapshot, ...]:
    """What all desks have kept, from time 0 to the end of the run, and how it was then. `keepers` are by desk."""
    for keeper in keepers.values():
        keeper.keep_until(end)
        keeper.keep()
    if not keepers:
        return ()
    times = [*range(0, end + 1, next(iter(keepers.values())).every), end]
    return tuple(_snapshot(time, keepers, place) for place, time in enumerate(times))


def _snapshot(time: int, keepers: Mapping[str, Keeper], place: int) -> Snapshot:
    updates = {desk: keeper.kept[place][0] for desk, keeper in keepers.items()}
    return Snapshot(time, updates, list(_once_each(keepers.values(), place)))


def _once_each(keepers: Iterable[Keeper], place: int) -> Iterator[tuple[Parameters, tuple[Any, ...]]]:
    """Each `Parameters` and its weights; those that several desks share are the same at all of them."""
    seen: set[int] = set()
    for keeper in keepers:
        for learner, arrays in zip(keeper.learners, keeper.kept[place][1], strict=True):
            if id(learner) not in seen:
                seen.add(id(learner))
                yield learner, arrays


def interval(every: Time) -> int:
    """How long from one snapshot to the next, in ns. Raises `BadTime` for no time at all."""
    if not nanoseconds(every):
        raise BadTime("from one snapshot to the next a while passes: snapshots is a time above zero, or None")
    return nanoseconds(every)
