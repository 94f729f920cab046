"""Whether two bodies are the same: to the last bit, or but for the order in which numbers were added up, or not."""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["REASSOCIATED", "difference"]

REASSOCIATED = 64
"""Sums that differ by no more than so many units in the last place of the largest number are of the same addends."""


def difference(came: Any, expected: Any) -> float:
    """How far one body is from another, in units in the last place of the largest number in them.

    0.0 where they are the same bit for bit, infinity where they are not to be compared, or of other shapes or types.
    """
    if came is expected or (type(expected) is str and came == expected):
        return 0.0
    if isinstance(expected, (list, tuple)):
        if not isinstance(came, (list, tuple)) or len(came) != len(expected):
            return np.inf
        return max(map(difference, came, expected), default=0.0)
    if not isinstance(expected, (float, np.ndarray, np.floating)):
        return 0.0 if type(came) is type(expected) and came == expected else np.inf
    one, other = np.asarray(came), np.asarray(expected)
    if one.shape != other.shape or one.dtype != other.dtype:
        return np.inf
    if one.tobytes() == other.tobytes() or not one.size:
        return 0.0
    largest = max(np.abs(one).max(), np.abs(other).max())
    apart = np.abs(one - other).max()
    return float(apart / np.spacing(largest)) if np.isfinite(largest) else np.inf
