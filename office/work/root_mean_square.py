"""How large numbers are, in one number."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["root_mean_square"]

AT_ONCE = 8192
"""A dot product of no more numbers than this is done by one thread, and so always in the same order."""


def root_mean_square(body: Any) -> float | None:
    """The root of the mean square of the real numbers in a body: one, an array, or several in a list or tuple.

    None where there are none, as in words or `NO_FEEDBACK`.
    """
    squares, count = _squares(body)
    return math.sqrt(squares / count) if count else None


def _squares(body: Any) -> tuple[float, int]:
    """The sum of the squares of all numbers, in floats of 64 bits, and how many they are."""
    if isinstance(body, (np.ndarray, np.generic)):
        return _squares_of_array(np.asarray(body, dtype=np.float64)) if body.dtype.kind in "fiu" else (0.0, 0)
    if isinstance(body, (list, tuple)):
        parts = [_squares(part) for part in body]
        return sum(squares for squares, _ in parts), sum(count for _, count in parts)
    if isinstance(body, (int, float)) and not isinstance(body, bool):
        number = _as_float(body)
        return number * number, 1
    return 0.0, 0


def _squares_of_array(numbers: NDArray[np.float64]) -> tuple[float, int]:
    if numbers.size <= AT_ONCE:
        return float(np.vdot(numbers, numbers)), numbers.size
    row = numbers.ravel()
    parts = (row[begin : begin + AT_ONCE] for begin in range(0, row.size, AT_ONCE))
    return sum(float(np.vdot(part, part)) for part in parts), row.size


def _as_float(number: float) -> float:
    try:
        return float(number)
    except OverflowError:  # whole numbers may be of any size
        return math.inf
