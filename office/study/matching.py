"""What belongs to what, by key and order of time: the first end to the first beginning, the second to the second."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from office.study.sequences import Whole

__all__ = [
    "NO_TIME",
    "Moments",
    "among",
    "counts",
    "first",
    "in_order",
    "last",
    "matched",
    "nth_time",
    "occurrence",
    "together",
    "unmatched",
]


def matched(tasks: Whole, begin: Whole, done: Whole, times: Whole) -> NDArray[np.intp]:
    """Tell which end ends each stay.

    Task by task, an end belongs to the stay that has gone on longest; an end that finds none going on belongs to none,
    and changes nothing. At one instant beginnings come first, and then the ends, in the order given.

    Args:
        tasks: `(stays,)`
        begin: `(stays,)` when each begins.
        done: `(ends,)` the tasks of the ends.
        times: `(ends,)` when each is.

    Returns:
        `(stays,)` places among the ends; -1 for what does not end.
    """
    codes = np.unique(np.concatenate([tasks, done]), return_inverse=True)[1]
    is_end = np.arange(len(codes)) >= len(tasks)
    order = np.lexsort((is_end, np.concatenate([begin, times]), codes))
    codes, is_end = codes[order], is_end[order]
    excess = _within(codes, np.where(is_end, 1, -1))
    # An end with nothing to end is one more than there have ever been: more ends, less beginnings, than before it.
    span = len(order) + 1
    highest = np.maximum.accumulate(codes * span + np.maximum(excess, 0)) - codes * span
    before = np.where(np.diff(codes, prepend=-1) > 0, 0, np.append(0, highest[:-1]))
    counts = is_end & (excess <= before)
    begun = (codes * span + _within(codes, np.where(is_end, 0, 1)))[~is_end]
    ended = (codes * span + _within(codes, np.where(counts, 1, 0)))[counts]
    end_of = np.full(len(tasks), -1)
    end_of[order[~is_end][np.searchsorted(begun, ended)]] = order[counts] - len(tasks)
    return end_of


def in_order(tasks: Whole, times: Whole, asked: Whole, when: Whole) -> tuple[Whole, Whole]:
    """Number pairs of a task and a time so that those of one task stand together, in order of time.

    Args:
        tasks: `(n,)`
        times: `(n,)`
        asked: `(m,)` other tasks.
        when: `(m,)` their times.

    Returns:
        `(n,)` and `(m,)` numbers, to sort and to bisect.
    """
    codes = np.unique(np.concatenate([tasks, asked]), return_inverse=True)[1]
    moments = np.unique(np.concatenate([times, when]), return_inverse=True)[1]
    numbers = codes * len(codes) + moments
    return numbers[: len(tasks)], numbers[len(tasks) :]


def _within(codes: Whole, steps: Whole) -> Whole:
    """The running sum of the steps, from each new code on."""
    total: Whole = np.cumsum(steps)
    before = total - steps
    return total - before[np.searchsorted(codes, codes)]


NO_TIME = 2**62
"""Later than any."""


class Moments(NamedTuple):
    """Times (ns), and under which key each comes: whatever is told apart, such as a desk and a task."""

    keys: Whole
    times: Whole


def together(*several: Moments) -> Moments:
    """All of these."""
    return Moments(
        np.concatenate([moments.keys for moments in several]), np.concatenate([moments.times for moments in several])
    )


def occurrence(moments: Moments) -> Whole:
    """`(n,)`: which of its key each is in order of time, from 0."""
    order = np.lexsort((moments.times, moments.keys))
    keys = moments.keys[order]
    nth = np.empty(len(keys), dtype=np.int64)
    nth[order] = np.arange(len(keys)) - np.searchsorted(keys, keys, side="left")
    return nth


def counts(keys: Whole, asked: Whole) -> Whole:
    """How often each of the keys asked about occurs."""
    known = np.sort(keys)
    return np.searchsorted(known, asked, side="right") - np.searchsorted(known, asked, side="left")


def among(moments: Moments, others: Moments) -> NDArray[np.bool_]:
    """`(moments,)`: for which there is another with the very same key and time."""
    these, those = in_order(*moments, *others)
    is_among: NDArray[np.bool_] = np.isin(these, those)
    return is_among


def first(moments: Moments, asked: Whole) -> Whole:
    """The earliest time under each key asked about; later than any time where there is none."""
    return nth_time(moments, asked, np.zeros(len(asked), dtype=np.int64))


def last(moments: Moments, asked: Whole) -> Whole:
    """The latest time under each key asked about; earlier than any time where there is none."""
    order = np.lexsort((moments.times, moments.keys))
    return _times_at(moments, order, asked, np.searchsorted(moments.keys[order], asked, side="right") - 1, -NO_TIME)


def _times_at(moments: Moments, order: Whole, asked: Whole, places: Whole, otherwise: int) -> Whole:
    """The times at these places of the order, where the key is the one asked about."""
    times = np.full(len(asked), otherwise)
    inside = np.flatnonzero((places >= 0) & (places < len(order)))
    rows = order[places[inside]]
    right = moments.keys[rows] == asked[inside]
    times[inside[right]] = moments.times[rows[right]]
    return times


def nth_time(moments: Moments, asked: Whole, nth: Whole) -> Whole:
    """The n-th time, from 0, under each key asked about; later than any time where there are not so many.

    Args:
        moments: The times and their keys.
        asked: `(n,)` keys.
        nth: `(n,)` which time of each.
    """
    order = np.lexsort((moments.times, moments.keys))
    keys = moments.keys[order]
    return _times_at(moments, order, asked, np.searchsorted(keys, asked, side="left") + nth, NO_TIME)


def unmatched(before: Moments, after: Moments, nth: Whole | None = None) -> NDArray[np.bool_]:
    """`(after,)`: which have no match, that is where the n-th of a key comes with no n-th before it, or too soon.

    Args:
        before: The moments to match.
        after: The moments that need a match.
        nth: `(after,)` which of its key each is, where they are counted otherwise.
    """
    has_none: NDArray[np.bool_] = nth_time(before, after.keys, occurrence(after) if nth is None else nth) > after.times
    return has_none
