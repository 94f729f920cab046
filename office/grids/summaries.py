"""What the cells of a grid come to, a point at a time; and the best points."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import inf, isfinite, nan
from statistics import fmean
from typing import Any, NamedTuple

from office.errors import BadGrid
from office.grids.cell import Cell, Point
from office.grids.intervals import half_width

__all__ = ["Estimate", "Summary", "chosen", "summaries"]


class Estimate(NamedTuple):
    """A mean over seeds."""

    mean: float
    """NaN if the number of one seed is not finite."""
    half_width: float
    """Of its 95% confidence interval (`half_width`); NaN where there is none."""


@dataclass(frozen=True)
class Summary:
    """What all seeds of one point come to."""

    point: Point
    seeds: int
    diverged: int
    """How many of them returned a number that is not finite."""
    means: dict[str, Estimate]
    """By name, as the cells have them; a pair (right, of) is a share."""

    def as_dict(self) -> dict[str, Any]:
        """The numbers, for JSON; null for one that is not finite."""
        means = {
            name: {key: value if isfinite(value) else None for key, value in estimate._asdict().items()}
            for name, estimate in self.means.items()
        }
        return {"point": self.point, "seeds": self.seeds, "diverged": self.diverged, "means": means}


def summaries(cells: Iterable[Cell]) -> list[Summary]:
    """Each point of a grid, in their order: means over its seeds with 95% confidence intervals, and how many diverged.

    A mean is over all seeds, so that it is NaN where one is not finite: a mean over the others would praise a point for
    diverging where it did badly.
    """
    rows = []
    for group in _grouped(cells):
        means = {name: _estimate([cell.values[name] for cell in group]) for name in group[0].values}
        diverged = sum(not all(isfinite(_number(value)) for value in cell.values.values()) for cell in group)
        rows.append(Summary(group[0].point, len(group), diverged, means))
    return rows


def chosen(cells: Sequence[Cell], over: str, by: str = "validation") -> list[Cell]:
    """The cells of the best points: of those that differ in `over` alone, the one whose mean of `by` is largest.

    A mean that is not finite is worst, and of equals the first is chosen. Choose by a number from data that no result
    is reported on, a validation set and not the test set. Raises `BadGrid` where the points have no such key, or the
    cells no such number. In the field: hyperparameter selection.

    Args:
        cells: those of a whole grid.
        over: the key of which the best value is chosen.
        by: the name of the number that is to be large.
    """
    best: dict[tuple[Any, ...], tuple[float, list[Cell]]] = {}
    for group in _grouped(cells):
        first = group[0]
        if over not in first.point:
            raise BadGrid(f"points have no key {over!r} to choose (keys: {', '.join(first.point)})")
        if by not in first.values:
            raise BadGrid(f"cells return no {by!r} to choose by (they return {', '.join(first.values)})")
        mean = _mean([cell.values[by] for cell in group])
        rank = mean if isfinite(mean) else -inf
        others = tuple(value for key, value in first.point.items() if key != over)
        if others not in best or rank > best[others][0]:
            best[others] = rank, group
    return [cell for _, group in best.values() for cell in group]


def _grouped(cells: Iterable[Cell]) -> list[list[Cell]]:
    """The cells of each point."""
    groups: dict[tuple[Any, ...], list[Cell]] = {}
    for cell in cells:
        groups.setdefault(tuple(cell.point.values()), []).append(cell)
    return list(groups.values())


def _number(value: float | tuple[int, int]) -> float:
    return value[0] / value[1] if isinstance(value, tuple) else value


def _mean(values: Sequence[float | tuple[int, int]]) -> float:
    numbers = list(map(_number, values))
    return fmean(numbers) if all(map(isfinite, numbers)) else nan


def _estimate(values: Sequence[float | tuple[int, int]]) -> Estimate:
    """With the smallest of the test sets, should they not be of one size."""
    of = min((value[1] for value in values if isinstance(value, tuple)), default=None)
    return Estimate(_mean(values), half_width(list(map(_number, values)), of))
