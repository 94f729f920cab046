"""The function that a chart was for one task: with those doing it who did it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from office.desks import Chain, Chart, Worker
from office.work import Estimator, combine, in_sequence

__all__ = ["done_by"]


def done_by(
    chart: Chart,
    chosen: Callable[[str], Sequence[int]],
    seen: Callable[[str, Estimator], Estimator] = lambda _desk, estimator: estimator,
    path: str = "",
) -> Estimator:
    """One estimator that does one task as it was done: in each team by the members (places) that `chosen` names.

    `seen` may put another estimator in the place of a worker's, whose desk it is told.
    """
    name = path + chart.name
    if isinstance(chart, Worker):
        return seen(name, chart.estimator)
    inside = f"{name}/" if chart.name else path
    if isinstance(chart, Chain):
        return in_sequence(*(done_by(member, chosen, seen, inside) for member in chart.members))
    return combine([done_by(chart.members[member], chosen, seen, inside) for member in chosen(name)], chart.combine)
