"""Reorder buffer-occupancy density, RBD: how full the buffer is that restores order. RFC 5236, sections 3.7 to 3.11.

A receiver passes on the number it expects, and keeps what comes early until all before it has come. Its occupancy is
noted after each arrival, and is at most the buffer threshold BT: where an early arrival finds the buffer full, what is
expected still is given up as lost, up to the next number at hand, and all that then follows in a row is passed on.

The RFC leaves open what becomes of the arrival that found the buffer full if, after this, something before it is still
missing: its algorithm (section 7.2) neither passes it on nor stores it. Here it is stored, as any early arrival is:
there is room. In the RFC numbers begin at 1; here the least of the sequence is expected first, so that they may begin
anywhere. What arrives after it was given up is ignored, like a repeat (section 6).
"""

from __future__ import annotations

from heapq import heappop, heappush

import numpy as np
from numpy.typing import ArrayLike

from office.study.density import Density, density
from office.study.reorder_density import threshold_of
from office.study.sequences import Whole, first_copies, whole_numbers

__all__ = ["buffer_occupancy", "reorder_buffer_density"]


def buffer_occupancy(sequence: ArrayLike, threshold: int | None = None) -> Whole:
    """How many early arrivals are kept after each arrival that is not ignored.

    `(arrivals,)` whole numbers in order of arrival -> `(arrivals not ignored,)` arrivals. `threshold` is BT; with None
    there is always room, and the receiver knows which numbers never come, and does not wait for them. Where nothing is
    lost and there is room it is vectorised, else a loop: O(n log n).
    """
    numbers = whole_numbers(sequence)
    limit = threshold_of(threshold)
    copies = numbers[first_copies(numbers)]
    came = np.argsort(copies)  # for each number in ascending order, its place of arrival
    # A number is passed on once it and all before it are in; so many are, after each arrival.
    passed_on = np.searchsorted(np.maximum.accumulate(came), np.arange(len(copies)), side="right")
    kept: Whole = np.arange(1, len(copies) + 1) - passed_on
    if limit is None or not len(copies):
        return kept
    nothing_missing = int(copies.max()) - int(copies.min()) < len(copies)
    return kept if nothing_missing and kept.max() <= limit else _with_losses(numbers.tolist(), limit)


def reorder_buffer_density(sequence: ArrayLike, threshold: int | None = None) -> Density:
    """The density of buffer occupancies, RBD (RFC 5236, section 3.11); see `buffer_occupancy`."""
    numbers = whole_numbers(sequence)
    kept = buffer_occupancy(numbers, threshold)
    return density(kept, lost=len(first_copies(numbers)) - len(kept))


def _with_losses(numbers: list[int], limit: int) -> Whole:
    early: list[int] = []
    """A heap of what is kept."""
    kept: set[int] = set()
    occupancy = []
    expected = min(numbers)
    for number in numbers:
        if number < expected or number in kept:
            continue
        heappush(early, number)
        kept.add(number)
        if len(early) > limit:
            expected = early[0]
        while early and early[0] == expected:
            kept.remove(heappop(early))
            expected += 1
        occupancy.append(len(early))
    return np.array(occupancy, dtype=np.int64)
