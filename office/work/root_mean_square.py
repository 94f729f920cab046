"""How large numbers are, in one number."""

from __future__ import annotations

from math import inf, sqrt
from typing import Any

import numpy as np
from numpy import ndarray, vdot

from office.work.arrays import ONE_THREAD

__all__ = ["root_mean_square"]

LEAST = 1e-30
"""Sums of squares from here on are as exact in floats of 32 bits as those are."""


def root_mean_square(body: Any) -> float | None:
    """The root of the mean square of the real numbers in a body: one, an array, or several in a list or tuple.

    None where there are none, as in words or `NO_FEEDBACK`.
    """
    if isinstance(body, ndarray) and body.dtype.char in "fd" and body.size <= ONE_THREAD:  # as most feedback is
        squares = float(vdot(body, body))  # which, unlike dot, never warns
        if LEAST < squares < inf:
            return sqrt(squares / body.size)
    squares, count = _squares(body)
    return sqrt(squares / count) if count else None


def _squares(body: Any) -> tuple[float, int]:
    """The sum of the squares of all numbers, in floats of 64 bits, and how many they are."""
    if isinstance(body, (list, tuple)):
        parts = [_squares(part) for part in body]
        return sum(squares for squares, _ in parts), sum(count for _, count in parts)
    if isinstance(body, (int, float)) and not isinstance(body, bool):
        number = _as_float(body)
        return number * number, 1
    if not isinstance(body, (np.ndarray, np.generic)) or body.dtype.kind not in "fiu":
        return 0.0, 0
    row = np.asarray(body, dtype=np.float64).ravel()
    pieces = (row[begin : begin + ONE_THREAD] for begin in range(0, row.size, ONE_THREAD))  # in one order, always
    return sum(float(vdot(piece, piece)) for piece in pieces), row.size


def _as_float(number: float) -> float:
    try:
        return float(number)
    except OverflowError:  # whole numbers may be of any size
        return inf
