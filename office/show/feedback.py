"""How large feedback was, at each desk with weights, and what went down from there."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from office.errors import NothingToDraw
from office.journal import Journal
from office.show.panel import Panel, fitting, several
from office.show.picture import BINS, COLOURS, HIGHEST, spread_out
from office.show.rows import FULL, ROWS, floor, name_rows
from office.study import FeedbackSizes, feedback_sizes, learners, medians
from office.times import time_unit

__all__ = ["feedback"]

WAYS = ("from_above", "-", COLOURS[0]), ("to_below", "--", COLOURS[1])


def feedback(journal: Journal, pattern: str) -> list[Panel]:
    """The root mean square of the feedback that desks learnt from, and of what they passed down, over virtual time: a
    row for each desk.
    """
    if not learners(journal):
        raise NothingToDraw("no desk has weights")
    known = fitting(learners(journal), pattern, "desk with weights")
    sizes_by_desk = {desk: feedback_sizes(journal, desk) for desk in known[:ROWS]}
    lines = {desk: _lines(sizes) for desk, sizes in sizes_by_desk.items() if len(sizes.times)}
    sizes = np.concatenate([np.zeros(0), *(middle for ways in lines.values() for _, middle in ways)])
    if not sizes.size:
        raise NothingToDraw("nothing that was learnt from is a number")
    unit = time_unit(max(int(of_desk.times[-1]) for of_desk in sizes_by_desk.values() if len(of_desk.times)))
    count = max(len(of_desk.times) for of_desk in sizes_by_desk.values())
    alone = len(lines) == 1
    shown = next(iter(lines)) if alone else several(len(lines), len(known), "desk")
    shown += ": from above (line), to below (dashes)"
    shown += f"; medians of {count / BINS:.2g}" if count > BINS else ""
    least = float(sizes.min()) if spread_out(sizes.min(), sizes.max()) else 0.0
    if not alone:
        shown += f"; rows: {least:.2g} to {sizes.max():.2g}" + (", logarithmic" if least else "")
    y = "root mean square" if alone else ""
    draw = partial(_draw, lines, unit.size, least, float(sizes.max()))
    return [Panel("Size of feedback", shown, f"virtual time ({unit.name})", y, draw)]


def _lines(sizes: FeedbackSizes) -> list[tuple[Any, Any]]:
    """Times and sizes of either way, as far as they are finite, and none so large that it cannot be drawn."""
    each = [medians(sizes.times, getattr(sizes, way), BINS) for way, _, _ in WAYS]
    return [(times, middle.clip(max=HIGHEST)) for times, middle in each]


def _draw(lines: dict[str, list[tuple[Any, Any]]], unit: int, smallest: float, largest: float, axes: Any) -> None:
    for row, ways in enumerate(lines.values()):
        for (times, sizes), (_, stroke, colour) in zip(ways, WAYS, strict=True):
            heights = sizes if len(lines) == 1 else floor(row) - FULL * _share(sizes, smallest, largest)
            axes.plot(times / unit, heights, stroke, color=colour)
    if len(lines) > 1:
        for row in range(len(lines)):
            axes.axhline(floor(row), color="0.8", linewidth=0.6)
        name_rows(axes, lines)
    elif smallest:
        axes.set_yscale("log")
    else:
        axes.set_ylim(bottom=0)


def _share(sizes: Any, smallest: float, largest: float) -> Any:
    """How high up in its row each is, from 0 to 1."""
    if smallest:
        return np.log(sizes / smallest) / np.log(largest / smallest)
    return sizes / (largest or 1.0)
