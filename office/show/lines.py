"""A grid as lines with error bars."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import compress
from math import inf, isfinite
from os import PathLike
from typing import Any, Protocol

from office.errors import BadGrid
from office.show.picture import as_it_stands, picture, spread_out

__all__ = ["Interval", "Row", "draw_lines"]

FAR = 20
"""A mean so many times as far out as others are wide, or large, would hide them."""


class Interval(Protocol):
    """A mean and half the width of its confidence interval."""

    @property
    def mean(self) -> float:
        """NaN where there is none."""

    @property
    def half_width(self) -> float:
        """NaN where there is none."""

    @property
    def left_out(self) -> int:
        """How many runs diverged, and are not in it."""


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

    A cross at the top is over each mean that leaves out runs which diverged; one that is NaN leaves a gap. Means so far
    out that they would hide the others are cut off, with an arrowhead. Strings stand side by side, in the order of the
    rows.

    Args:
        rows: The points of the grid.
        x: The key to draw over.
        y: The name of the number to draw.
        path: A file of any kind that matplotlib writes.

    Raises:
        BadGrid: There is no such key or name, or all runs diverged.
        ModuleNotFoundError: The extra `plot` is missing.
    """
    if x not in rows[0].point:
        raise BadGrid(f"points have no key {x!r} to draw over (keys: {', '.join(rows[0].point)})")
    if not rows[0].means:
        raise BadGrid("all cells diverged: there is nothing to draw")
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
        places = values if are_numbers else list(map(as_it_stands, values))
        has_marks = _mark_what_is_not_shown(axes, places, [row.means[y] for row in rows])
        if are_numbers and spread_out(min(values), max(values)):
            axes.set_xscale("log")
        axes.set_xlabel(as_it_stands(x))
        axes.set_ylabel(as_it_stands(y))
        if len(lines) > 1 or has_marks:
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


def _mark_what_is_not_shown(axes: Any, places: Sequence[Any], intervals: Sequence[Interval]) -> bool:
    """Cut off what is far out, and mark it, and what diverged, at the edges; whether there is any of that."""
    lowest, highest = _near([interval.mean for interval in intervals if isfinite(interval.mean)])
    marks = (
        ("x", 1, "leaves out runs that diverged", [interval.left_out > 0 for interval in intervals]),
        ("^", 1, "is above the axis", [interval.mean > highest for interval in intervals]),
        ("v", 0, "is below the axis", [interval.mean < lowest for interval in intervals]),
    )
    means = [interval.mean for interval in intervals if isfinite(interval.mean)]
    ends = [each.mean + side * each.half_width for each in intervals for side in (-1, 1) if isfinite(each.half_width)]
    near = [number for number in means + ends if lowest <= number <= highest]
    if len(near) < len(means + ends):
        margin = 0.05 * (max(near) - min(near)) or 0.05 * abs(near[0]) or 0.05
        axes.set_ylim(min(near) - margin, max(near) + margin)
    for marker, height, label, which in marks:
        marked = list(compress(places, which))
        if marked:
            axes.plot(
                marked, [height] * len(marked), marker, color="0.3", label=label, clip_on=False,
                transform=axes.get_xaxis_transform(), markersize=7,
            )  # fmt: skip
    return any(any(which) for *_, which in marks)


def _near(numbers: Sequence[float]) -> tuple[float, float]:
    """From where to where numbers do not hide each other: no further from the densest third of them than `FAR` times
    its width, or its distance from 0.
    """
    if not numbers:
        return -inf, inf
    ordered, size = sorted(numbers), len(numbers) // 3
    width, first = min((ordered[place + size] - ordered[place], place) for place in range(len(ordered) - size))
    low, high = ordered[first], ordered[first + size]
    far = FAR * max(width, abs(low), abs(high))
    return (low - far, high + far) if far else (-inf, inf)
