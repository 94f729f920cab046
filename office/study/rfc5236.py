"""Densities of the order of arrivals by RFC 5236: reorder density (RD) and reorder buffer-occupancy density (RBD).

Reorder density (sections 3.1 to 3.6) is how far arrivals are from their places. Each arrival is given a receive index,
which counts through the numbers that do arrive: those of lost messages are skipped, and repeats are ignored. Its
displacement D is the receive index less its own number: late arrivals have D > 0, early ones D < 0. Beyond a
displacement threshold DT an arrival counts as lost. Whether a number is lost is decided by the RFC's algorithm (section
7.1, with the stay-back method of section 6): it is, if it is none of the next DT + 1 arrivals and has not come early.
Two things follow by the letter: a repeat of an arrival that was lost for being too early is taken for the message
itself; and one that is lost for being too late has had its receive index taken, so that everything after it counts as
one place earlier.

Buffer-occupancy density (sections 3.7 to 3.11) is how full the buffer is that restores order. A receiver passes on the
number it expects, and keeps what comes early until all before it has come. Its occupancy is noted after each arrival,
and is at most the buffer threshold BT: where an early arrival finds the buffer full, what is expected still is given up
as lost, up to the next number at hand, and all that then follows in a row is passed on. The RFC leaves open what
becomes of the arrival that found the buffer full if, after this, something before it is still missing: its algorithm
(section 7.2) neither passes it on nor stores it. Here it is stored, as any early arrival is: there is room. What
arrives after it was given up is ignored, like a repeat (section 6).

In the RFC numbers begin at 1; here they may begin anywhere: the least number is expected first.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from heapq import heappop, heappush

import numpy as np
from numpy.typing import ArrayLike, NDArray

from office.study.sequences import Whole, first_copies, whole_numbers

__all__ = [
    "Density",
    "buffer_occupancy",
    "density",
    "displacements",
    "reorder_buffer_density",
    "reorder_density",
    "threshold_of",
]


@dataclass(frozen=True)
class Density:
    """`density[value]` is the share of a value, 0 for one that never came up."""

    values: Whole
    """`(k,)` the values that came up, ascending."""
    counts: Whole
    """`(k,)` how often each did."""
    lost: int = 0
    """Arrivals that a threshold makes count as lost, and that are in no share."""

    @property
    def total(self) -> int:
        """All that is counted."""
        return int(self.counts.sum())

    @property
    def shares(self) -> NDArray[np.float64]:
        """`(k,)` the share of each value."""
        return self.counts / max(self.total, 1)

    def __getitem__(self, value: int) -> float:
        """The share of a value."""
        return float(self.shares[self.values == value].sum())

    def grouped(self, width: int) -> Density:
        """The same in groups of so many values, each known by its least; one of them begins at 0."""
        values, places = np.unique(self.values // width * width, return_inverse=True)
        counts = np.zeros(len(values), dtype=np.int64)
        np.add.at(counts, places, self.counts)
        return Density(values, counts, self.lost)

    def items(self) -> Iterator[tuple[int, float]]:
        """Each value with its share."""
        return zip(self.values.tolist(), self.shares.tolist(), strict=True)


def density(values: Whole, lost: int = 0) -> Density:
    """Count values: `(n,)` -> the density of them."""
    return Density(*np.unique(values, return_counts=True), lost)


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
    all_displacements = displacements(numbers)
    if limit is None or np.abs(all_displacements).max(initial=0) <= limit:
        return density(all_displacements)
    kept = _within_threshold(numbers.tolist(), limit)
    return density(kept, lost=len(all_displacements) - len(kept))


def _within_threshold(numbers: list[int], limit: int) -> Whole:
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
    return kept if nothing_missing and kept.max() <= limit else _kept_in_buffer(numbers.tolist(), limit)


def reorder_buffer_density(sequence: ArrayLike, threshold: int | None = None) -> Density:
    """The density of buffer occupancies, RBD (RFC 5236, section 3.11); see `buffer_occupancy`."""
    numbers = whole_numbers(sequence)
    kept = buffer_occupancy(numbers, threshold)
    return density(kept, lost=len(first_copies(numbers)) - len(kept))


def _kept_in_buffer(numbers: list[int], limit: int) -> Whole:
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
