"""How far out of order a sequence of numbers arrived, as RFC 4737 measures it.

A sequence holds the numbers in the order of arrival, one number a message. Of several copies of a message only the
first counts (section 4.1): a later copy is never reordered, and has no place in the counting of places.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["extents", "reordered", "reordered_ratio"]

Sequence1d = NDArray[Any]


def reordered(sequence: ArrayLike) -> NDArray[np.bool_]:
    """Tell which arrivals are reordered: something that was sent later has arrived before them.

    `(arrivals,)` whole numbers in order of arrival -> `(arrivals,)` bool.

    A number is in order if it is at least the next one expected, which then becomes one more than it (RFC 4737,
    section 3.3). Before the first arrival nothing is expected, so numbers may begin anywhere.
    """
    return extents(sequence) > 0


def reordered_ratio(sequence: ArrayLike) -> float:
    """The share of arrivals that are reordered, of all that are no later copy (RFC 4737, section 4.1); NaN of none."""
    first = first_copies(_numbers(sequence))
    return np.count_nonzero(extents(sequence)) / len(first) if len(first) else float("nan")


def extents(sequence: ArrayLike) -> NDArray[np.int64]:
    """How many places late each reordered arrival is; 0 for those in order.

    `(arrivals,)` whole numbers in order of arrival -> `(arrivals,)` places.

    The extent of the arrival at place i is i − j, where j is the first place with a greater number (RFC 4737,
    section 4.2.2): how long a receiver would have had to hold that one back to restore the order.
    """
    numbers = _numbers(sequence)
    found = np.zeros(len(numbers), dtype=np.int64)
    first = first_copies(numbers)
    copies = numbers[first]
    # The greatest so far never falls, so the first place where it exceeds a number is found by bisection.
    greatest = np.maximum.accumulate(copies)
    found[first] = np.maximum(np.arange(len(copies)) - np.searchsorted(greatest, copies, side="right"), 0)
    return found


def first_copies(numbers: Sequence1d) -> NDArray[np.int64]:
    """The places at which a number arrives for the first time, in order of arrival."""
    return np.sort(np.unique(numbers, return_index=True)[1])


def _numbers(sequence: ArrayLike) -> Sequence1d:
    numbers = np.asarray(sequence)
    if numbers.size == 0:
        numbers = numbers.astype(np.int64)
    if numbers.ndim != 1 or numbers.dtype.kind not in "iu":
        raise ValueError(f"a sequence is whole numbers, one an arrival, not {numbers.dtype} of shape {numbers.shape}")
    return numbers
