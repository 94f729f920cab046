"""Grids as text: a table for people, and comma-separated values with nothing lost."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from itertools import chain
from math import floor, isinf, isnan, log10, nan
from typing import Any

from office.grids.cell import Cell
from office.grids.summaries import Estimate, Summary
from office.show.table import Table

__all__ = ["grid_csv", "grid_table"]


def grid_table(rows: Sequence[Summary]) -> Table:
    """A line a point: its keys, how many seeds, each mean ± half its 95% confidence interval, how many diverged."""
    diverged = any(row.diverged for row in rows)
    head = [*rows[0].point, "seeds", *rows[0].means, *(["diverged"] if diverged else [])]
    lines = [
        [
            *map(_value_text, row.point.values()),
            str(row.seeds),
            *map(_estimate_text, row.means.values()),
            *([f"{row.diverged} of {row.seeds}"] if diverged else []),
        ]
        for row in rows
    ]
    return Table(lines, list(map(_value_text, head)), range(1, len(head)))


def grid_csv(cells: Sequence[Cell]) -> str:
    """A line a cell, in their order: the point, the seed and the values (RFC 4180, but for the ends of lines).

    A share has two columns, its name and its name with " of". Strings are in quotes and numbers are not; floats are
    written so that reading gives them back. Text that a spreadsheet would take for a formula has an apostrophe before
    it, and so has text that begins with one. The last column says how a cell diverged; one that raised has only "nan".
    """
    first = next((cell.values for cell in cells if cell.values), {})
    columns = {name: (name, f"{name} of") if isinstance(value, tuple) else (name,) for name, value in first.items()}
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)
    writer.writerow([_no_formula(name) for name in (*cells[0].point, "seed", *chain(*columns.values()), "diverged")])
    for cell in cells:
        values = [cell.values.get(name, (nan,) * len(columns[name])) for name in columns]
        numbers = chain(*(value if isinstance(value, tuple) else (value,) for value in values))
        writer.writerow([*map(_no_formula, cell.point.values()), cell.seed, *numbers, _no_formula(cell.diverged)])
    return text.getvalue()


def _no_formula(value: Any) -> Any:
    """The value, after an apostrophe if it is text that a spreadsheet would take for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r", "'")) else value


def _value_text(value: str | float) -> str:
    """A value on one line; a string that would leave it, or would not be seen, as Python writes it."""
    text = str(value)
    return text if text.isprintable() and text.strip() == text != "" else repr(text)


def _estimate_text(estimate: Estimate) -> str:
    """The half width to two digits, the mean to as many decimals, and how many seeds it leaves out; "none" for all."""
    if isnan(estimate.mean):
        return "none"
    left_out = f" ({estimate.left_out} left out)" if estimate.left_out else ""
    return _interval_text(estimate.mean, estimate.half_width) + left_out


def _interval_text(mean: float, half: float) -> str:
    if isnan(half) or half == 0.0:
        return f"{mean:.4g}" if isnan(half) else f"{mean:.4g} ± 0"
    decimals = 0 if isinf(half) else max(0, 1 - floor(log10(half)))
    if decimals > 8 or abs(mean) >= 1e9 or isinf(half):
        return f"{mean:.4g} ± {half:.2g}"
    return f"{mean:.{decimals}f} ± {half:.{decimals}f}"
