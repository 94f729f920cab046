"""How full the pending tables were."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from office.errors import NothingToDraw
from office.journal import Journal
from office.show.panel import Panel, fitting, several
from office.show.picture import COLOURS
from office.show.rows import FULL, ROWS, floor, name_rows
from office.study import Occupancy, binned_over_time, desks, in_table, occupancy
from office.times import time_unit

__all__ = ["pending"]

STEPS = 200
"""So many changes of a table, at most, are drawn one by one."""
BINS = 100
PALE = 0.25


def pending(journal: Journal, pattern: str) -> list[Panel]:
    """Tasks that wait for feedback, over virtual time until nothing changes any more, a row for each desk."""
    known = fitting(desks(journal), pattern, "desk")
    tables = {desk: occupancy(in_table(journal, desk)) for desk in known[:ROWS]}
    if not any(table.peak for table in tables.values()):
        raise NothingToDraw("no task was pending for any time")
    end = max(int(table.times[-1]) for table in tables.values()) or next(iter(tables.values())).run_end
    tables = {desk: replace(table, run_end=end) for desk, table in tables.items()}
    unit = time_unit(end)
    shown = next(iter(tables)) if len(tables) == 1 else several(len(tables), len(known), "desk")
    if any(len(table.times) > STEPS for table in tables.values()):
        shown += f"; in bins of {end / BINS / unit.size:.3g} {unit.name}: mean (line), least to most"
    y = "tasks pending" if len(tables) == 1 else ""
    return [Panel("Pending tables", shown, f"virtual time ({unit.name})", y, partial(_draw, tables, unit.size))]


def _draw(tables: dict[str, Occupancy], unit: int, axes: Any) -> None:
    peak = max(table.peak for table in tables.values())
    in_bins = any(len(table.times) > STEPS for table in tables.values())
    for row, table in enumerate(tables.values()):
        zero, size = (0.0, 1.0) if len(tables) == 1 else (floor(row), -FULL / peak)
        (_draw_bins if in_bins else _draw_steps)(table, unit, zero, size, axes)
        axes.axhline(zero, color="0.8", linewidth=0.6)
    if len(tables) == 1:
        axes.set_ylim(bottom=0)
    else:
        name_rows(axes, [f"{desk}\nat most {table.peak:,}" for desk, table in tables.items()])


def _draw_steps(table: Occupancy, unit: int, zero: float, size: float, axes: Any) -> None:
    times = [time / unit for time in (*table.times.tolist(), table.run_end)]
    counts = [zero + size * count for count in (*table.counts.tolist(), int(table.counts[-1]))]
    axes.fill_between(times, zero, counts, step="post", color=COLOURS[0], alpha=PALE, linewidth=0)
    axes.step(times, counts, "-", where="post", color=COLOURS[0])


def _draw_bins(table: Occupancy, unit: int, zero: float, size: float, axes: Any) -> None:
    bins = binned_over_time(table, BINS)
    lowest, mean, highest = (zero + size * column for column in (bins.least, bins.mean, bins.largest))
    axes.fill_between(bins.middles / unit, lowest, highest, color=COLOURS[0], alpha=PALE, linewidth=0)
    axes.plot(bins.middles / unit, mean, "-", color=COLOURS[0])
