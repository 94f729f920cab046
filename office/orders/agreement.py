"""Whether two bodies are the same: to the last bit, or but for the order in which numbers were added up, or not."""

from __future__ import annotations

from itertools import repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["REASSOCIATED", "distance", "largest"]

REASSOCIATED = 64
"""Sums that differ by no more than so many units in the last place of the largest addend are of the same addends."""

NUMBERS = float, np.ndarray, np.generic


def largest(body: Any) -> float:
    """The largest size of a number in a body; 0.0 where there is none that is finite."""
    if isinstance(body, dict):
        return max(map(largest, body.values()), default=0.0)
    if isinstance(body, (list, tuple)):
        return max(map(largest, body), default=0.0)
    numbers = np.abs(np.asarray(body)) if isinstance(body, NUMBERS) else np.zeros(0)
    return float(numbers.max(initial=0.0, where=np.isfinite(numbers))) if numbers.dtype.kind == "f" else 0.0


def distance(came: Any, expected: Any, addend: float = 0.0) -> float:
    """How far one body is from another, in units in the last place of the largest number in them, or of an addend.

    0.0 where they are the same, infinity where they are not to be compared, or of other shapes or types. Only floating
    numbers differ by more or less; what is neither a number nor made up of parts is the same where ``==`` says so.

    Args:
        came: a body.
        expected: what it is to be.
        addend: the size of the largest number that may have been added up in it.
    """
    if came is expected or (type(expected) is str and came == expected):
        return 0.0
    if isinstance(expected, NUMBERS):
        return _apart(np.asarray(came), np.asarray(expected), addend) if isinstance(came, NUMBERS) else np.inf
    if type(came) is not type(expected):
        return np.inf
    if isinstance(expected, dict):
        alike = came.keys() == expected.keys()
        return (
            max((distance(came[key], part, addend) for key, part in expected.items()), default=0.0) if alike else np.inf
        )
    if isinstance(expected, (list, tuple)):
        alike = len(came) == len(expected)
        return max(map(distance, came, expected, repeat(addend)), default=0.0) if alike else np.inf
    return 0.0 if came == expected else np.inf


def _apart(came: NDArray[Any], expected: NDArray[Any], addend: float) -> float:
    if came.shape != expected.shape or came.dtype != expected.dtype:
        return np.inf
    if came.dtype.kind not in "fc":
        return 0.0 if np.array_equal(came, expected) else np.inf
    if came.tobytes() == expected.tobytes():
        return 0.0
    with np.errstate(all="ignore"):
        size = max(np.abs(came).max(), np.abs(expected).max(), np.abs(came.dtype.type(addend)))
        apart = np.abs(came - expected).max()
        return float(apart / np.spacing(size)) if np.isfinite(size) else np.inf
