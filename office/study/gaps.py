"""How far apart reordering happens: RFC 4737, section 4.5. Later copies are left out (section 3.6).

A reordering discontinuity is the message that was ahead of its turn: each reordered arrival belongs to one, the first
with a greater number, and several may belong to the same.

Where RFC 4737 leaves it open what "already detected" means of two discontinuities that come to light in the opposite
order (`1 3 5 4 2`: 4 shows that 5 was ahead, and only then 2 shows that 3 was), the letter of section 4.5.4 is kept to:
a discontinuity comes to light with the first arrival that belongs to it, and has a gap only if the one before it had
come to light by then. `np.diff(discontinuities(sequence))` are the distances of all.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from office.study.extents import earliest_greater
from office.study.sequences import Whole, arrival_times, first_copies, spread, whole_numbers

__all__ = ["discontinuities", "gap_times", "gaps"]


def discontinuities(sequence: ArrayLike) -> Whole:
    """The places of the reordering discontinuities, counted among first copies (RFC 4737, section 4.5.3).

    `(arrivals,)` whole numbers in order of arrival -> `(discontinuities,)` places, ascending.
    """
    numbers = whole_numbers(sequence)
    return _discontinuities(numbers[first_copies(numbers)])[0]


def gaps(sequence: ArrayLike) -> Whole:
    """How many places after the one before it each reordering discontinuity is; 0 for all others and for the first.

    `(arrivals,)` whole numbers in order of arrival -> `(arrivals,)` places. Gap(s[j′]) = j′ − j (RFC 4737, section
    4.5.4), where later copies have no place.
    """
    numbers = whole_numbers(sequence)
    first = first_copies(numbers)
    places, came_to_light = _discontinuities(numbers[first])
    found = np.zeros(len(first), dtype=np.int64)
    has_gap = came_to_light[1:] > came_to_light[:-1]
    found[places[1:][has_gap]] = np.diff(places)[has_gap]
    return spread(found, first, len(numbers))


def gap_times(sequence: ArrayLike, times: ArrayLike) -> Whole:
    """How long after the one before it each reordering discontinuity arrived; 0 for all others and for the first.

    `(arrivals,)` whole numbers in order of arrival, and `(arrivals,)` ns -> `(arrivals,)` ns.
    GapTime(s[j′]) = Dst(j′) − Dst(j) (RFC 4737, section 4.5.4).
    """
    numbers = whole_numbers(sequence)
    first = first_copies(numbers)
    came = arrival_times(times, len(numbers))[first]
    before = np.arange(len(first)) - gaps(numbers)[first]
    return spread(came - came[before], first, len(numbers))


def _discontinuities(copies: Whole) -> tuple[Whole, Whole]:
    """The places of the discontinuities, and for each that of the first arrival which belongs to it."""
    ahead = earliest_greater(copies)
    late = np.flatnonzero(ahead < np.arange(len(copies)))
    places, firsts = np.unique(ahead[late], return_index=True)
    return places, late[firsts]
