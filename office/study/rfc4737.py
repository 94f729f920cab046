"""The order of arrivals by RFC 4737: extents, late times, discontinuities and gaps, runs, n-reordering.

Of several copies of a message only the first counts (section 3.6): a later copy is never reordered, and has no place in
the counting of places. What was lost is neither in order nor reordered. Byte offsets (section 4.4) are left out, since
a journal does not tell how large a message was.

A reordering discontinuity (section 4.5) is the message that was ahead of its turn: each reordered arrival belongs to
one, the first with a greater number, and several may belong to the same. The RFC leaves open what "already detected"
means of two discontinuities that come to light in the opposite order (`1 3 5 4 2`: 4 shows that 5 was ahead, and only
then 2 shows that 3 was). Here the letter of section 4.5.4 is kept to: a discontinuity comes to light with the first
arrival that belongs to it, and has a gap only if the one before it had come to light by then.
`np.diff(discontinuities(sequence))` are the distances of all.

A TCP sender that takes n duplicate acknowledgements for a loss (usually 3) sends an n-reordered message again.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from office.study.sequences import Whole, arrival_times, first_copies, spread, whole_numbers

__all__ = [
    "Runs",
    "degree_of_n_reordering",
    "discontinuities",
    "earliest_greater",
    "extents",
    "gap_times",
    "gaps",
    "late_times",
    "n_reordering",
    "reordered",
    "reordered_ratio",
    "reordering_free_runs",
]


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
    # What is in order grows from place to place, so the first that exceeds a number is places by bisection.
    in_order = copies == np.maximum.accumulate(copies)
    places = np.arange(len(copies))
    ordered, late = places[in_order], places[~in_order]
    places[late] = ordered[np.searchsorted(copies[ordered], copies[late])]
    return places


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
    distances = np.zeros(len(first), dtype=np.int64)
    has_gap = came_to_light[1:] > came_to_light[:-1]
    distances[places[1:][has_gap]] = np.diff(places)[has_gap]
    return spread(distances, first, len(numbers))


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


@dataclass(frozen=True)
class Runs:
    """The reordering-free runs of a sequence, under the RFC's letters."""

    lengths: Whole
    """`(x,)`: how many arrivals in order came before each reordered one, since the reordered one before it."""
    p: int
    """All arrivals that are no later copy."""
    a: int
    """Those in order, with the ones after the last reordered arrival, which make up no run yet."""

    @property
    def x(self) -> int:
        """How many runs: one for each reordered arrival, which ends it."""
        return len(self.lengths)

    @property
    def q(self) -> int:
        """The sum of the squares of the runs."""
        return int(self.lengths @ self.lengths)

    @property
    def mean(self) -> float:
        """The average run as the RFC has it, a/x; NaN where there is none."""
        return self.a / self.x if self.x else float("nan")

    @property
    def variation(self) -> float:
        """(q/a) / (a/x), the RFC's sign of how much runs vary: about 1 where they do not; NaN where there is none."""
        return self.q * self.x / self.a**2 if self.x and self.a else float("nan")


def reordering_free_runs(sequence: ArrayLike) -> Runs:
    """Count the arrivals in order between reordered ones (RFC 4737, section 4.6.3). Later copies are left out.

    `(arrivals,)` whole numbers in order of arrival -> `Runs`. A run may have no arrivals at all. What comes after the
    last reordered arrival is not a run, since nothing has ended it.
    """
    numbers = whole_numbers(sequence)
    copies = numbers[first_copies(numbers)]
    late = np.flatnonzero(earliest_greater(copies) < np.arange(len(copies)))
    return Runs(np.diff(late, prepend=-1) - 1, len(copies), len(copies) - len(late))


NOBODY = np.iinfo(np.int64).max


def n_reordering(sequence: ArrayLike) -> Whole:
    """The greatest n for which each arrival is n-reordered; 0 where it is not n-reordered at all.

    `(arrivals,)` whole numbers in order of arrival -> `(arrivals,)` arrivals.

    The arrival at place i is n-reordered if all of the n just before it have greater numbers (RFC 4737, section 5.3,
    definition 1); it is then n′-reordered for every n′ < n too. A reordered arrival need not be n-reordered.
    Later copies are passed over, as if they had not arrived.
    """
    numbers = whole_numbers(sequence)
    first = first_copies(numbers)
    copies = numbers[first]
    late = np.flatnonzero(copies[1:] < copies[:-1]) + 1
    greatest = np.zeros(len(copies), dtype=np.int64)
    greatest[late] = late - 1 - latest_smaller(copies, late)
    return spread(greatest, first, len(numbers))


def degree_of_n_reordering(sequence: ArrayLike, n: int) -> float:
    """The share of arrivals that are n-reordered, m/l (RFC 4737, section 5.3, definition 2); NaN of no arrivals.

    For n = 1 it is the degree of monotonic reordering. The RFC lets later copies count in l; here only first copies do,
    as everywhere else.
    """
    if n < 1:
        raise ValueError(f"n-reordering is for n from 1, not {n}")
    numbers = whole_numbers(sequence)
    arrivals = len(first_copies(numbers))
    return int(np.count_nonzero(n_reordering(numbers) >= n)) / arrivals if arrivals else float("nan")


def latest_smaller(values: Whole, at: Whole) -> Whole:
    """`(n,)` values and `(k,)` places -> `(k,)` the last place before each with a smaller value; -1 where none is.

    Up a tree of minima until there is a smaller value to the left, and down again to the last such one: O(n log n).
    """
    tree = [values]
    while len(tree[-1]) > 1:
        pairs = np.concatenate([tree[-1], [NOBODY] * (len(tree[-1]) % 2)]).reshape(-1, 2)
        tree.append(pairs.min(axis=1))
    sought, node = values[at], at.copy()
    turned = np.full(len(at), -1)
    for level, minima in enumerate(tree):
        turns = (turned < 0) & (node % 2 == 1)
        turns[turns] = minima[node[turns] - 1] < sought[turns]
        turned[turns] = level
        node[turns] -= 1
        node[turned < 0] //= 2
    for level in range(len(tree) - 1, 0, -1):
        goes = turned >= level
        right = 2 * node[goes] + 1  # is there: what has something to its right is a whole tree
        node[goes] = np.where(tree[level - 1][right] < sought[goes], right, right - 1)
    return np.where(turned < 0, -1, node)
