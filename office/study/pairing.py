"""What comes before what: the first answer after the first task, the second after the second."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from office.study.sequences import Whole

__all__ = ["NO_TIME", "Moments", "counts", "first", "last", "nth_time", "occurrence", "together", "unmatched"]

NO_TIME = 2**62
"""Later than any."""


class Moments(NamedTuple):
    """Times (ns), and under which key each comes: whatever is told apart, such as a desk and a task."""

    keys: Whole
    times: Whole


def together(*several: Moments) -> Moments:
    """All of these."""
    return Moments(np.concatenate([one.keys for one in several]), np.concatenate([one.times for one in several]))


def occurrence(moments: Moments) -> Whole:
    """`(n,)`: which of its key each is in order of time, from 0."""
    order = np.lexsort((moments.times, moments.keys))
    keys = moments.keys[order]
    found = np.empty(len(keys), dtype=np.int64)
    found[order] = np.arange(len(keys)) - np.searchsorted(keys, keys, side="left")
    return found


def counts(keys: Whole, asked: Whole) -> Whole:
    """How often each of the keys asked about occurs."""
    there = np.sort(keys)
    return np.searchsorted(there, asked, side="right") - np.searchsorted(there, asked, side="left")


def first(moments: Moments, asked: Whole) -> Whole:
    """The earliest time under each key asked about; later than any time where there is none."""
    return nth_time(moments, asked, np.zeros(len(asked), dtype=np.int64))


def last(moments: Moments, asked: Whole) -> Whole:
    """The latest time under each key asked about; earlier than any time where there is none."""
    order = np.lexsort((moments.times, moments.keys))
    return _found(moments, order, asked, np.searchsorted(moments.keys[order], asked, side="right") - 1, -NO_TIME)


def _found(moments: Moments, order: Whole, asked: Whole, places: Whole, otherwise: int) -> Whole:
    """The times at these places of the order, where the key is the one asked about."""
    found = np.full(len(asked), otherwise)
    inside = np.flatnonzero((places >= 0) & (places < len(order)))
    rows = order[places[inside]]
    right = moments.keys[rows] == asked[inside]
    found[inside[right]] = moments.times[rows[right]]
    return found


def nth_time(moments: Moments, asked: Whole, nth: Whole) -> Whole:
    """The n-th time, from 0, under each key asked about; later than any time where there are not so many."""
    order = np.lexsort((moments.times, moments.keys))
    keys = moments.keys[order]
    return _found(moments, order, asked, np.searchsorted(keys, asked, side="left") + nth, NO_TIME)


def unmatched(before: Moments, after: Moments, nth: Whole | None = None) -> NDArray[np.bool_]:
    """`(after,)`: which have no match, that is where the n-th of a key comes with no n-th before it, or too soon.

    `nth` says which of its key each is, where they are counted otherwise.
    """
    amiss: NDArray[np.bool_] = nth_time(before, after.keys, occurrence(after) if nth is None else nth) > after.times
    return amiss
