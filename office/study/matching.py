"""Which end belongs to which beginning: of tasks that come in and go out again, perhaps more than once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from office.study.sequences import Whole

__all__ = ["in_order", "matched"]


def matched(tasks: Whole, begin: Whole, done: Whole, times: Whole) -> NDArray[np.intp]:
    """Tell which end ends each stay.

    `(stays,)` tasks and when they begin, `(ends,)` tasks and times -> `(stays,)` places among the ends; -1 for what
    does not end.

    Task by task, an end belongs to the stay that has gone on longest; an end that finds none going on belongs to none,
    and changes nothing. At one instant beginnings come first, and then the ends, in the order given.
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
    found = np.full(len(tasks), -1)
    found[order[~is_end][np.searchsorted(begun, ended)]] = order[counts] - len(tasks)
    return found


def in_order(tasks: Whole, times: Whole, asked: Whole, when: Whole) -> tuple[Whole, Whole]:
    """Number pairs of a task and a time so that those of one task stand together, in order of time.

    `(n,)` tasks and times, and `(m,)` of others -> `(n,)` and `(m,)` numbers, to sort and to bisect.
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
