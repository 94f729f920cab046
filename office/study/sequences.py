"""A sequence: the numbers of messages in order of arrival, one number a message, as every metric here takes it.

Of several copies of a message only the first counts (RFC 4737, section 3.6; RFC 5236, section 3.2). Places are counted
from 0, among first copies. What is measured depends on differences of numbers alone, so that they may begin anywhere.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["Whole", "arrival_times", "first_copies", "spread", "whole_numbers"]

Whole: TypeAlias = NDArray[np.int64]

LARGEST = 2**62
"""Numbers stay below this, so that no difference of two overflows."""


def whole_numbers(sequence: ArrayLike, what: str = "a sequence") -> Whole:
    """`(arrivals,)` whole numbers as a column; raises `ValueError` for anything else."""
    numbers = np.asarray(sequence)
    if numbers.size == 0:
        numbers = numbers.astype(np.int64)
    if numbers.ndim != 1 or numbers.dtype.kind not in "iu":
        raise ValueError(f"{what} is whole numbers, one an arrival, not {numbers.dtype} of shape {numbers.shape}")
    if numbers.size and not (int(numbers.min()) > -LARGEST and int(numbers.max()) < LARGEST):
        raise ValueError(f"{what} is whole numbers of 62 bits at most")
    return numbers.astype(np.int64, copy=False)


def arrival_times(times: ArrayLike, arrivals: int) -> Whole:
    """`(arrivals,)` ns, never back in time; raises `ValueError` for anything else."""
    column = whole_numbers(times, "a row of arrival times")
    if len(column) != arrivals:
        raise ValueError(f"there are {arrivals} arrivals, but {len(column)} times")
    if np.any(column[1:] < column[:-1]):
        raise ValueError("arrival times go back in time, though numbers are in order of arrival")
    return column


def first_copies(numbers: Whole) -> Whole:
    """`(arrivals,)` numbers -> `(first copies,)` which arrivals they are, in order of arrival."""
    if not len(numbers):
        return np.arange(0)
    least, span = int(numbers.min()), int(numbers.max()) - int(numbers.min()) + 1
    if span <= 4 * len(numbers):  # as for numbers counted on a link: a table is quicker than sorting
        places = np.arange(len(numbers))
        earliest = np.empty(span, dtype=np.int64)
        earliest[numbers[::-1] - least] = places[::-1]  # of several, the last one written stays
        return np.flatnonzero(earliest[numbers - least] == places)
    return np.sort(np.unique(numbers, return_index=True)[1])


def spread(values: Whole, first: Whole, arrivals: int) -> Whole:
    """Put the values of first copies at their arrivals, and 0 at later copies: `(arrivals,)`.

    Args:
        values: `(first copies,)`
        first: `(first copies,)` which arrivals they are.
        arrivals: How many arrivals there are.
    """
    column = np.zeros(arrivals, dtype=np.int64)
    column[first] = values
    return column
