"""Tables and numbers for people, in plain text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import isnan

__all__ = ["aligned", "number_text", "share_text", "time_text"]

UNITS = ("s", 1e9), ("ms", 1e6), ("us", 1e3)


def aligned(rows: Iterable[Sequence[str]]) -> str:
    """Rows of cells as lines, the first column to the left and, where there are more than two, the others to the right.

    A row of two is a name and what is said of it.
    """
    table = [list(row) for row in rows]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    if len(widths) == 2:
        return "\n".join(f"{name:{widths[0]}}  {what}".rstrip() for name, what in table)
    return "\n".join(
        "  ".join([first.ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(rest, widths[1:], strict=True))])
        for first, *rest in table
    )


def number_text(number: float) -> str:
    """A number to three decimals at most, "none" for a NaN."""
    return "none" if isnan(number) else f"{number:.3f}".rstrip("0").rstrip(".")


def share_text(share: float) -> str:
    """A share in percent, "none" for a NaN."""
    return "none" if isnan(share) else f"{100 * share:.1f}%"


def time_text(time: float) -> str:
    """Nanoseconds in the unit that suits them."""
    unit, size = next((pair for pair in UNITS if time >= pair[1]), ("ns", 1.0))
    return f"{number_text(time / size)} {unit}"
