"""How far out of order each arrival is, in places and in time: RFC 4737, sections 3.3 and 4.1 to 4.3.

Of several copies of a message only the first counts (section 3.6): a later copy is never reordered, and has no place in
the counting of places. What was lost is neither in order nor reordered. Byte offsets (section 4.4) are left out, since
a journal does not tell how large a message was.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from office.study.sequences import Whole, arrival_times, first_copies, spread, whole_numbers

__all__ = ["earliest_greater", "extents", "late_times", "reordered", "reordered_ratio"]


def reordered(sequence: ArrayLike) -> NDArray[np.bool_]:
    """Tell which arrivals are reordered: something that was sent later has arrived before them.

    `(arrivals,)` whole numbers in order of arrival -> `(arrivals,)` bool.

    A number is in order if it is at least the next one expected, which then becomes one more than it (RFC 4737,
    section 3.3). Before the first arrival nothing is expected, so numbers may begin anywhere. A later copy is never
    reordered; a number that is missing, since it was lost or damaged, makes nothing reordered.
    """
    return extents(sequence) > 0


def reordered_ratio(sequence: ArrayLike) -> float:
    """The share of arrivals that are reordered, of all that are no later copy (RFC 4737, section 4.1); NaN of none."""
    first = first_copies(whole_numbers(sequence))
    return int(np.count_nonzero(extents(sequence))) / len(first) if len(first) else float("nan")


def extents(sequence: ArrayLike) -> Whole:
    """How many places late each reordered arrival is; 0 for those in order.

    `(arrivals,)` whole numbers in order of arrival -> `(arrivals,)` places.

    The extent e of the arrival at place i is i − j, where j is the first place with a greater number (RFC 4737,
    section 4.2): how long a receiver would have had to hold that one back to restore the order. Later copies have no
    place and no extent.
    """
    numbers = whole_numbers(sequence)
    first = first_copies(numbers)
    return spread(np.arange(len(first)) - earliest_greater(numbers[first]), first, len(numbers))


def late_times(sequence: ArrayLike, times: ArrayLike) -> Whole:
    """How long after the first greater number each reordered arrival came: the late time offset; 0 for those in order.

    `(arrivals,)` whole numbers in order of arrival, and `(arrivals,)` ns -> `(arrivals,)` ns.

    Dst(i) − Dst(i − e), where e is the extent (RFC 4737, section 4.3): how long a receiver would have had to wait.
    A later copy is not late.
    """
    numbers = whole_numbers(sequence)
    first = first_copies(numbers)
    came = arrival_times(times, len(numbers))[first]
    return spread(came - came[earliest_greater(numbers[first])], first, len(numbers))


def earliest_greater(copies: Whole) -> Whole:
    """`(first copies,)` -> `(first copies,)` the first place with a greater number; one's own where one is in order."""
    # What is in order grows from place to place, so the first that exceeds a number is found by bisection.
    in_order = copies == np.maximum.accumulate(copies)
    found = np.arange(len(copies))
    ordered, late = found[in_order], found[~in_order]
    found[late] = ordered[np.searchsorted(copies[ordered], copies[late])]
    return found
