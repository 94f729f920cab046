"""Reorder density, RD: how far arrivals are from their places. RFC 5236, sections 3.1 to 3.6.

Each arrival is given a receive index, which counts through the numbers that do arrive: those of lost messages are
skipped, and repeats are ignored. Its displacement D is the receive index less its own number: late arrivals have D > 0,
early ones D < 0. Beyond a displacement threshold DT an arrival counts as lost.

Whether a number is lost is decided by the RFC's algorithm (section 7.1, with the stay-back method of section 6): it is,
if it is none of the next DT + 1 arrivals and has not come early. In the RFC numbers begin at 1; here the first receive
index is the least of those arrivals, so that they may begin anywhere. Two things follow by the letter: a repeat of an
arrival that was lost for being too early is taken for the message itself; and one that is lost for being too late has
had its receive index taken, so that everything after it counts as one place earlier.
"""

from __future__ import annotations

from collections import deque
from heapq import heappop, heappush

import numpy as np
from numpy.typing import ArrayLike

from office.study.density import Density, density
from office.study.sequences import Whole, first_copies, whole_numbers

__all__ = ["displacements", "reorder_density", "threshold_of"]


def displacements(sequence: ArrayLike) -> Whole:
    """How many places late each arrival is, less than 0 for those that are early: D without a threshold.

    `(arrivals,)` whole numbers in order of arrival -> `(first copies,)`. They add up to 0. Numbers that never arrive,
    lost or damaged, displace nothing, and repeats are ignored.
    """
    numbers = whole_numbers(sequence)
    copies = numbers[first_copies(numbers)]
    return np.sort(copies) - copies


def reorder_density(sequence: ArrayLike, threshold: int | None = None) -> Density:
    """The density of displacements, RD (RFC 5236, section 3.6).

    `(arrivals,)` whole numbers in order of arrival -> shares by displacement. `threshold` is DT; with None nothing
    that arrives is lost. Numbers that never arrive are skipped, and repeats ignored. O(n log n): vectorised where
    nothing is beyond the threshold, else a loop.
    """
    numbers = whole_numbers(sequence)
    limit = threshold_of(threshold)
    found = displacements(numbers)
    if limit is None or np.abs(found).max(initial=0) <= limit:
        return density(found)
    kept = _with_losses(numbers.tolist(), limit)
    return density(kept, lost=len(found) - len(kept))


def _with_losses(numbers: list[int], limit: int) -> Whole:
    """The displacements of what does not count as lost, in order of arrival."""
    window: deque[int] = deque()
    at_hand: set[int] = set()
    """All that is in the window or came early, and whose receive index is still to come."""
    ahead: list[int] = []
    """A heap of the same, and of what was lost for being too early: that is passed over."""
    kept: list[int] = []
    receive_index, arriving = min(numbers), iter(numbers)

    def look_ahead() -> None:
        for number in arriving:
            if number >= receive_index and number not in at_hand:
                window.append(number)
                at_hand.add(number)
                heappush(ahead, number)
                if len(window) > limit:
                    return

    look_ahead()
    while window:
        while ahead[0] not in at_hand:
            heappop(ahead)
        receive_index, number = ahead[0], window.popleft()
        if abs(receive_index - number) <= limit:
            kept.append(receive_index - number)
            at_hand.remove(heappop(ahead))
            receive_index += 1
        else:
            at_hand.discard(number)
        look_ahead()
    return np.array(kept, dtype=np.int64)


def threshold_of(threshold: int | None) -> int | None:
    """A threshold that can be: a whole number from 0, or None."""
    if threshold is not None and threshold < 0:
        raise ValueError(f"a threshold is a whole number from 0, not {threshold}")
    return threshold
