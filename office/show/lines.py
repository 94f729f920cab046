"""A grid as lines with error bars."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from os import PathLike
from typing import Any, Protocol

from office.errors import BadGrid
from office.show.picture import as_it_stands, picture, spread_out

__all__ = ["Interval", "Row", "draw_lines"]


class Interval(Protocol):
    """A mean and half the width of its confidence interval."""

    @property
    def mean(self) -> float:
        """NaN where there is none."""

    @property
    def half_width(self) -> float:
        """NaN where there is none."""


class Row(Protocol):
    """One point of a grid, such as a `Summary`."""

    @property
    def point(self) -> Mapping[str, Any]:
        """Its settings, by key."""

    @property
    def means(self) -> Mapping[str, Interval]:
        """What its runs came to, by name."""


def draw_lines(rows: Sequence[Row], x: str, y: str, path: str | PathLike[str]) -> None:
    """Draw a grid with 95% confidence intervals: a line for each combination of the keys other than `x`.

    A mean that is NaN leaves a gap. Strings stand side by side, in the order of the rows.

    Args:
        rows: The points of the grid.
        x: The key to draw over.
        y: The name of the number to draw.
        path: A file of any kind that matplotlib writes.

    Raises:
        BadGrid: There is no such key or name.
        ModuleNotFoundError: The extra `plot` is missing.
    """
    if x not in rows[0].point:
        raise BadGrid(f"points have no key {x!r} to draw over (keys: {', '.join(rows[0].point)})")
    if y not in rows[0].means:
        raise BadGrid(f"cells return no {y!r} to draw (they return {', '.join(rows[0].means)})")
    lines: dict[str, list[Row]] = {}
    for row in rows:
        others = ", ".join(f"{key}={value!r}" for key, value in row.point.items() if key != x)
        lines.setdefault(others, []).append(row)
    values = [row.point[x] for row in rows]
    are_numbers = not any(isinstance(value, str) for value in values)

    with picture(path, 7, 4.5) as figure:
        axes = figure.add_subplot()
        for others, line in lines.items():
            along = sorted(line, key=lambda row: row.point[x]) if are_numbers else line
            places = [row.point[x] if are_numbers else as_it_stands(row.point[x]) for row in along]
            _draw_line(axes, places, [row.means[y] for row in along], others)
        if are_numbers and spread_out(min(values), max(values)):
            axes.set_xscale("log")
        axes.set_xlabel(as_it_stands(x))
        axes.set_ylabel(as_it_stands(y))
        if len(lines) > 1:
            axes.legend()


def _draw_line(axes: Any, places: Sequence[Any], intervals: Sequence[Interval], label: str) -> None:
    axes.errorbar(
        places,
        [interval.mean for interval in intervals],
        [interval.half_width for interval in intervals],
        label=as_it_stands(label),
        marker="o",
        capsize=3,
    )
