"""A cell of a grid: which point, which seed, and the values that it returned; and the text in which it is kept."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from numbers import Integral, Real
from typing import Any, TypeAlias

from office.errors import BadGrid

__all__ = [
    "RESERVED",
    "Cell",
    "Point",
    "Values",
    "cell_in",
    "cell_key",
    "cell_text",
    "check_alike",
    "divergence_text",
    "number_of",
    "values_text",
]

Point: TypeAlias = dict[str, str | int | float]
"""The settings of a run, by name."""
Values: TypeAlias = dict[str, float | tuple[int, int]]
"""What a run came to, by name: a number, or a share as the pair (right, of), such as test images read rightly."""


SHOWN = 80
"""So many characters of a bad text are shown."""
RESERVED = "seed", "diverged"
"""No key of a point, and no name of a number: columns of a table have them."""


@dataclass(frozen=True)
class Cell:
    """One run of a grid. In the field: a trial."""

    point: Point
    seed: int
    values: Values
    error: str = ""
    """In which it diverged, in words; then it has no values."""

    @property
    def diverged(self) -> str:
        """How it diverged, in words: by an error, or in a number that is not finite. Nothing if it did not."""
        numbers = ((name, number_of(value)) for name, value in self.values.items())
        return self.error or next((f"{name} is {number}" for name, number in numbers if not isfinite(number)), "")


def number_of(value: float | tuple[int, int]) -> float:
    """A number, or a share as one."""
    return value[0] / value[1] if isinstance(value, tuple) else value


def cell_key(point: Point, seed: int) -> str:
    """A point and a seed as text, one way only."""
    return json.dumps([point, seed], sort_keys=True)


def cell_text(point: Point, seed: int) -> str:
    """A point and a seed for people."""
    return "cell " + ", ".join([*(f"{key}={value!r}" for key, value in point.items()), f"seed={seed}"])


def values_text(values: Any) -> str:
    """What a cell returned, as JSON. Raises `BadGrid` for what is no dict of numbers and shares."""
    if not isinstance(values, Mapping) or not values or not all(isinstance(name, str) for name in values):
        raise BadGrid(f"a cell returns a dict of numbers by name, not {values!r}")
    return json.dumps({name: _plain(name, value) for name, value in values.items()})


def divergence_text(error: BaseException) -> str:
    """The error in which a cell diverged, with its notes of where that was, as JSON; of a group the first."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    lines = [f"{type(error).__name__}: {error}", *getattr(error, "__notes__", ())]
    return json.dumps(", ".join(line.partition("\n")[0] for line in lines))


def cell_in(text: str, point: Point, seed: int, file: str = "") -> Cell:
    """A cell that has been run. Raises `BadGrid`, which names it, for text that is of none.

    Args:
        text: of its values, or of how it diverged.
        point: its settings.
        seed: its seed.
        file: where it is kept, for the error.
    """
    try:
        came = json.loads(text)
    except (ValueError, RecursionError):
        came = None
    if isinstance(came, str):
        return Cell(point, seed, {}, came)
    if not isinstance(came, dict) or not came or not all(map(_is_value, came.values())):
        shown = text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
        where = f"{file}: " if file else ""
        raise BadGrid(f"{where}{cell_text(point, seed)} is kept as {shown!r}, which no cell returns")
    return Cell(point, seed, {name: tuple(value) if isinstance(value, list) else value for name, value in came.items()})


def _is_value(value: Any) -> bool:
    """Whether it is a number, or a share, as JSON has it."""
    if isinstance(value, list):
        return len(value) == 2 and all(type(each) is int for each in value) and 0 <= value[0] <= value[1] > 0
    return type(value) is float


def check_alike(cell: Cell, first: Cell) -> None:
    """Raise `BadGrid` where two cells of a grid return different names, or one that is a key of the point."""
    if taken := cell.values.keys() & {*cell.point, *RESERVED}:
        raise BadGrid(f"a cell returns {min(taken)!r}, which is a key already: {cell_text(cell.point, cell.seed)}")
    kinds, others = ({name: type(value) for name, value in values.items()} for values in (cell.values, first.values))
    if kinds != others:
        raise BadGrid(
            f"cells return the same names, each a number or a share in all of them:"
            f" {cell_text(cell.point, cell.seed)} returned {cell.values},"
            f" {cell_text(first.point, first.seed)} {first.values}"
        )


def _plain(name: str, value: Any) -> float | tuple[int, int]:
    if isinstance(value, Real):
        return float(value)
    if isinstance(value, tuple) and len(value) == 2 and all(isinstance(number, Integral) for number in value):
        right, of = map(int, value)
        if 0 <= right <= of > 0:
            return right, of
    raise BadGrid(f"a cell returns a number or a pair (right, of) of whole numbers for {name!r}, not {value!r}")
