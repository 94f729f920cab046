"""Axes with a row for each desk or link, its name to the left: nothing hides behind anything else."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from office.show.picture import as_it_stands

__all__ = ["FULL", "ROWS", "floor", "name_rows"]

ROWS = 12
"""At most so many curves or histograms are drawn, a row each."""
FULL = 0.85
"""How much of its row the largest of all values fills."""
LONGEST_LABEL = 40
"""Of a name, so many characters at most are shown: the last."""


def floor(row: int) -> float:
    """Where a row has its zero; rows go down, and values go up, towards less."""
    return row + FULL / 2


def name_rows(axes: Any, names: Iterable[str]) -> None:
    """Name the rows, from the top."""
    labels = [as_it_stands(name if len(name) <= LONGEST_LABEL else f"…{name[1 - LONGEST_LABEL :]}") for name in names]
    axes.set_yticks(range(len(labels)), labels)
    axes.set_ylim(len(labels) - 0.5, -0.5)
    axes.grid(visible=False, axis="y")
    axes.tick_params(axis="y", labelsize=7, length=0)
