"""The weights as they were from time to time in a run, to be looked at when it is over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from office.work import Parameters

__all__ = ["Keeper", "Snapshot", "keepers_of", "snapshots_of"]


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


def keepers_of(learners: Mapping[str, Sequence[Parameters]], every: int) -> dict[str, list[Keeper]]:
    """The keepers of the weights of each desk; of weights that several desks share it is one and the same."""
    each = {id(one): Keeper(one, every) for several in learners.values() for one in several}
    return {desk: [each[id(one)] for one in several] for desk, several in learners.items()}


def snapshots_of(keepers: Mapping[str, Sequence[Keeper]], end: int) -> tuple[Snapshot, ...]:
    """What all desks have kept, from time 0 to the end of the run, and how it was then. `keepers` are by desk."""
    each = list({id(keeper): keeper for several in keepers.values() for keeper in several}.values())
    if not each:
        return ()
    for keeper in each:
        keeper.keep_until(end)
        keeper.keep()
    found = []
    for place, time in enumerate([*range(0, end + 1, each[0].every), end]):
        updates = {desk: several[0].kept[place][0] for desk, several in keepers.items()}
        found.append(Snapshot(time, updates, [(keeper.learner, keeper.kept[place][1]) for keeper in each]))
    return tuple(found)
