"""Columns of numbers as text: base64 of the smallest little-endian type that holds them."""

from __future__ import annotations

from base64 import b64encode
from typing import Any, TypedDict

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["Packed", "packed"]

WHOLE = "u1", "i1", "u2", "i2", "u4", "i4"


class Packed(TypedDict):
    """A column as the page has it; `columns.js` reads it."""

    type: str
    """As numpy writes it, without the byte order: "u2"."""
    steps: bool
    """Whether it holds the differences from one number to the next, the first from 0."""
    data: str


def packed(numbers: ArrayLike, *, steps: bool = False) -> Packed:
    """`(n,)` numbers as base64. With `steps`, each less the one before: small, where they go up slowly.

    Whole numbers beyond 32 bits become floats of 64, exact to 2⁵³; other floats those of 32, of seven digits.
    """
    column: NDArray[Any] = np.asarray(numbers)
    if steps:
        column = np.diff(column, prepend=column.dtype.type(0))
    kind = _smallest(column) if column.dtype.kind in "iu" or not column.size else "f4"
    with np.errstate(over="ignore"):  # what is beyond the floats of 32 bits is infinite there
        data = column.astype(f"<{kind}").tobytes()
    return {"type": kind, "steps": steps, "data": b64encode(data).decode("ascii")}


def _smallest(column: NDArray[Any]) -> str:
    smallest, largest = (int(column.min()), int(column.max())) if column.size else (0, 0)
    return next((kind for kind in WHOLE if np.iinfo(kind).min <= smallest and largest <= np.iinfo(kind).max), "f8")
