"""Charts and clients as plain data: to be drawn, printed, kept, passed to another process, and made afresh any time.

A chart is ``("worker", kind, number, pace)``, ``("team", allocate, combine, members, max_pending)`` or
``("chain", named, members)``. A worker of kind "words" returns words with its name; "table" turns a table into another,
"row" into a number for each row, and "total" into one number, and these three learn.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from office.desks import Allocation, Chain, Chart, Team, Worker, at_random, by, everyone, in_turn, least_busy
from office.engines import after, all_at_once, at_once, every, newest_first, poisson, random_pick
from office.work import (
    Affine,
    Combination,
    Estimator,
    Linear,
    LinearTotal,
    addition,
    average,
    linear_schedule,
    maximum,
    soft_maximum,
)

__all__ = [
    "ALLOCATIONS",
    "COLUMNS",
    "COMBINATIONS",
    "ChartData",
    "MakeChart",
    "MakeEstimator",
    "chart_of",
    "client_options",
    "estimator_of",
    "nudge",
    "reply",
    "tables",
    "words",
]

ChartData: TypeAlias = tuple[Any, ...]
MakeEstimator: TypeAlias = Callable[[str, int, str], Estimator]
"""From the kind, the number and the name of a worker."""

COLUMNS = 2
"""Of every table."""
RATE = 0.05

ALLOCATIONS: dict[str, Callable[[int], Allocation]] = {
    "everyone": lambda _members: everyone,
    "in turn": lambda _members: in_turn,
    "at random": lambda _members: at_random,
    "least busy": lambda _members: least_busy,
    "by inputs": lambda members: by(lambda _task_id, inputs: int(1000 * abs(np.sum(inputs))) % members),
    "some by inputs": lambda members: by(
        lambda _task_id, inputs: range(1 + int(1000 * abs(np.sum(inputs))) % members),
    ),
}
"""By name, for a team of so many."""
COMBINATIONS: dict[str, Callable[[], Combination]] = {
    "addition": lambda: addition,
    "average": lambda: average,
    "maximum": lambda: maximum,
    "soft": lambda: soft_maximum(0.7),
    "cooling": lambda: soft_maximum(linear_schedule(3.0, 0.0, 4)),
}
ARRIVALS: dict[str, Callable[..., Any]] = {
    "all at once": all_at_once,
    "every": every,
    "poisson": poisson,
    "at": lambda *times: times,
}
REPLIES: dict[str, Callable[..., Any]] = {
    "at once": at_once,
    "after": after,
    "newest first": newest_first,
    "random pick": random_pick,
}


def words(name: str) -> Estimator:
    """A worker that learns nothing, and returns what it was given with its own name."""
    return lambda inputs: (f"{name}({inputs})", lambda feedback: f"{name}({feedback})")


def estimator_of(kind: str, number: int, name: str) -> Estimator:
    """A worker of this kind, with weights of its own where it has any.

    Args:
        kind: "words", "table", "row" or "total".
        number: draws the weights.
        name: the worker's.
    """
    if kind == "words":
        return words(name)
    if kind == "table":
        return Affine.drawn(COLUMNS, COLUMNS, RATE, number, scale=0.7)
    return (Linear if kind == "row" else LinearTotal).drawn(COLUMNS, RATE, number, scale=0.7)


def chart_of(data: ChartData, make_estimator: MakeEstimator = estimator_of) -> Chart:
    """The chart that the data describe, with workers that have not learnt anything yet."""
    return _Builder(make_estimator).chart(data)


class _Builder:
    """Gives every desk a name of its own."""

    def __init__(self, make_estimator: MakeEstimator) -> None:
        self.make_estimator = make_estimator
        self.names = 0

    def chart(self, data: ChartData) -> Chart:
        self.names += 1
        name = f"{data[0]}{self.names}"
        if data[0] == "worker":
            _, kind, number, pace = data
            return Worker(self.make_estimator(kind, number, name), name, **pace)
        if data[0] == "chain":
            _, named, members = data
            return Chain([self.chart(member) for member in members], name if named else None)
        _, allocate, combine, members, max_pending = data
        return Team(
            [self.chart(member) for member in members],
            name,
            allocate=ALLOCATIONS[allocate](len(members)),
            combine=COMBINATIONS[combine](),
            max_pending=max_pending,
        )


@dataclass(frozen=True)
class MakeChart:
    """Makes a chart afresh each time: ``explore(make_chart, client)``, ``simulate(make_chart(), …)``."""

    data: ChartData

    def __call__(self) -> Chart:
        """The chart, with workers that have not learnt anything yet."""
        return chart_of(self.data)


def client_options(data: Mapping[str, Any]) -> dict[str, Any]:
    """The options of a `Client`: data, but for ``arrivals`` and ``replies``, such as ``["every", "5ms"]``."""
    options = dict(data)
    for name, known in (("arrivals", ARRIVALS), ("replies", REPLIES)):
        if name in options:
            which, *settings = options[name]
            options[name] = known[which](*settings)
    return options


def tables(count: int, rows: int = 2) -> list[tuple[Any, float]]:
    """So many tasks: a small table each, and a number for a target."""
    rng = np.random.default_rng(0)
    return [(rng.normal(size=(rows, COLUMNS)), float(rng.normal())) for _ in range(count)]


def nudge(output: Any, target: float) -> tuple[float, Any]:
    """Feedback on numbers that is never large, so that no chart diverges, however late it is."""
    re_output = np.tanh(output - target)
    return float(np.sum(re_output * re_output)), re_output if np.ndim(output) else float(re_output)


def reply(output: str, _target: object) -> tuple[float, str]:
    """Feedback on words."""
    return 0.0, f"re {output}"
