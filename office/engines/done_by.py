"""The function that a chart was for one task: with those members doing it who did it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from office.desks import Chart, Team, Worker
from office.desks.chart import fold
from office.work import Callback, Estimator, combine, in_sequence

__all__ = ["done_by"]


def done_by(
    chart: Chart,
    chosen: Callable[[str], Sequence[int]],
    instead: Callable[[str, Estimator], Estimator] = lambda _desk, estimator: estimator,
) -> Estimator:
    """One estimator that does one task as it was done.

    Args:
        chart: the chart.
        chosen: for a manager's desk that had the task, the members who did it, by place in the team.
        instead: for a worker's desk that did it, and its estimator, the estimator to take instead.
    """

    def worker(desk: str, worker: Worker) -> Estimator:
        def run_worker(inputs: Any, /) -> tuple[Any, Callback]:
            return instead(desk, worker.estimator)(inputs)

        return run_worker

    def team(desk: str, team: Team, members: list[Estimator]) -> Estimator:
        def run_team(inputs: Any, /) -> tuple[Any, Callback]:
            return combine([members[member] for member in chosen(desk)], team.combine)(inputs)

        return run_team

    return fold(chart, worker, team, lambda _path, _chain, members: in_sequence(*members))
