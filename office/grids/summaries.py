"""What the cells of a grid come to, a point at a time; and the best points."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import fsum, inf, isfinite, nan
from statistics import fmean
from typing import Any, NamedTuple

from office.errors import BadGrid
from office.grids.cell import Cell, Point, number_of
from office.grids.intervals import half_width

__all__ = ["Estimate", "Summary", "chosen", "differences", "summaries"]


HUGE = 1e290
"""The sum of numbers that are larger may be too large for a float."""


class Estimate(NamedTuple):
    """A mean over seeds."""

    mean: float
    """NaN where no seed has a finite number."""
    half_width: float
    """Of its 95% confidence interval (`half_width`); NaN where there is none."""
    left_out: int
    """How many seeds it leaves out: their number is not finite, or they raised instead. So it may praise a point for
    diverging where it would have done badly."""


@dataclass(frozen=True)
class Summary:
    """What all seeds of one point come to."""

    point: Point
    seeds: int
    diverged: int
    """How many of them diverged."""
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

    Each mean is over the finite numbers, and says how many seeds it leaves out.
    """
    groups = _grouped(cells)
    names = next((list(cell.values) for group in groups for cell in group if cell.values), [])
    rows = []
    for group in groups:
        returned = [cell.values for cell in group if cell.values]
        means = {name: _estimate([values[name] for values in returned], len(group)) for name in names}
        diverged = sum(bool(cell.diverged) for cell in group)
        rows.append(Summary(group[0].point, len(group), diverged, means))
    return rows


def chosen(cells: Sequence[Cell], over: str, by: str = "validation") -> list[Cell]:
    """The cells of the best points: of those that differ in `over` alone, the one whose mean of `by` is largest.

    A point is worst whose mean leaves seeds out, and of equals the first is chosen. Choose by a number from data that
    no result is reported on, a validation set and not the test set. Raises `BadGrid` where the points have no such key,
    or the cells no such number. In the field: hyperparameter selection.

    Args:
        cells: those of a whole grid.
        over: the key of which the best value is chosen.
        by: the name of the number that is to be large.
    """
    best: dict[tuple[Any, ...], tuple[float, list[Cell]]] = {}
    for group in _grouped(cells):
        point, returned = group[0].point, [cell.values for cell in group if cell.values]
        if over not in point:
            raise BadGrid(f"points have no key {over!r} to choose (keys: {', '.join(point)})")
        if returned and by not in returned[0]:
            raise BadGrid(f"cells return no {by!r} to choose by (they return {', '.join(returned[0])})")
        estimate = _estimate([values[by] for values in returned], len(group))
        rank = -inf if estimate.left_out else estimate.mean
        others = tuple(value for key, value in point.items() if key != over)
        if others not in best or rank > best[others][0]:
            best[others] = rank, group
    return [cell for _, group in best.values() for cell in group]


def differences(cells: Iterable[Cell], over: str, base: str | float) -> list[Summary]:
    """By how much each point differs from the one that has `base` for a key, and is the same otherwise, seed by seed.

    All points have the same seeds, so that part of what is chance falls out, and intervals are narrower than those of
    the means. A pair of which one diverged is left out and counted. Raises `BadGrid` where there is no such point. In
    the field: paired differences with common random numbers.

    Args:
        cells: those of a whole grid.
        over: the key.
        base: its value in the points that the others are compared with.
    """
    compared: list[tuple[Cell, tuple[Any, ...]]] = []
    for cell in cells:
        others = tuple(value for key, value in cell.point.items() if key != over)
        compared.append((cell, (cell.seed, *others)))
    bases = {place: cell for cell, place in compared if over in cell.point and cell.point[over] == base}
    pairs = []
    for cell, place in compared:
        if place not in bases:
            raise BadGrid(f"there is no point like {cell.point} with {over}={base!r} to compare it with")
        if cell is not bases[place]:
            pairs.append(_difference(cell, bases[place]))
    return summaries(pairs)


def _difference(cell: Cell, base: Cell) -> Cell:
    values: dict[str, float | tuple[int, int]] = {
        name: number_of(value) - number_of(base.values[name]) for name, value in cell.values.items() if base.values
    }
    return Cell(cell.point, cell.seed, values, cell.error or base.error)


def _grouped(cells: Iterable[Cell]) -> list[list[Cell]]:
    """The cells of each point."""
    groups: dict[tuple[Any, ...], list[Cell]] = {}
    for cell in cells:
        groups.setdefault(tuple(cell.point.values()), []).append(cell)
    return list(groups.values())


def _estimate(values: Sequence[float | tuple[int, int]], seeds: int) -> Estimate:
    """With the smallest of the test sets, should they not be of one size."""
    of = min((value[1] for value in values if isinstance(value, tuple)), default=None)
    numbers = [number for number in map(number_of, values) if isfinite(number)]
    if not numbers:
        return Estimate(nan, nan, seeds)
    mean = fsum(number / len(numbers) for number in numbers) if max(map(abs, numbers)) > HUGE else fmean(numbers)
    return Estimate(mean, half_width(numbers, of), seeds - len(numbers))
