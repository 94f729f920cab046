"""One cell of a grid: which point, which seed, and what was found there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

__all__ = ["Cell", "Found", "Point"]

Point: TypeAlias = dict[str, str | int | float]
"""The settings of a run, by name."""
Found: TypeAlias = dict[str, float | tuple[int, int]]
"""What a run came to, by name: a number, or a share as the pair (right, of), such as test images read rightly."""


@dataclass(frozen=True)
class Cell:
    """One run of a grid. In the field: a trial."""

    point: Point
    seed: int
    found: Found
