"""Whether two bodies are the same: to the last bit, or but for the order in which numbers were added up, or not."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["REASSOCIATED", "distance"]

REASSOCIATED = 64
"""Sums that differ by no more than so many units in the last place of the largest number are of the same addends.

Where large addends cancel out, what is left can differ by more; then it is taken for another sum.
"""

NUMBERS = float, np.ndarray, np.generic


def distance(came: Any, expected: Any) -> float:
    """How far one body is from another, in units in the last place of the largest number in them.

    0.0 where they are the same, infinity where they are not to be compared, or of other shapes or types. Only floating
    numbers differ by more or less; what is neither a number nor made up of parts is the same where ``==`` says so.
    """
    if came is expected or (type(expected) is str and came == expected):
        return 0.0
    if isinstance(expected, NUMBERS):
        return _apart(np.asarray(came), np.asarray(expected)) if isinstance(came, NUMBERS) else np.inf
    if type(came) is not type(expected):
        return np.inf
    if isinstance(expected, dict):
        alike = came.keys() == expected.keys()
        return max((distance(came[key], part) for key, part in expected.items()), default=0.0) if alike else np.inf
    if isinstance(expected, (list, tuple)):
        alike = len(came) == len(expected)
        return max(map(distance, came, expected), default=0.0) if alike else np.inf
    return 0.0 if came == expected else np.inf


def _apart(came: NDArray[Any], expected: NDArray[Any]) -> float:
    if came.shape != expected.shape or came.dtype != expected.dtype:
        return np.inf
    if came.dtype.kind not in "fc":
        return 0.0 if np.array_equal(came, expected) else np.inf
    if came.tobytes() == expected.tobytes():
        return 0.0
    with np.errstate(all="ignore"):
        largest = max(np.abs(came).max(), np.abs(expected).max())
        apart = np.abs(came - expected).max()
        return float(apart / np.spacing(largest)) if np.isfinite(largest) else np.inf
