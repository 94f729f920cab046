"""How large a step descent bears when feedback is late by turns, by theory: blocks, batches, the worst order."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product

import numpy as np
from numpy.typing import NDArray

from office.study.stability import largest_stable

__all__ = ["order_limit", "worst_order"]


def order_limit(lateness: Iterable[int]) -> float:
    """The step (rate times curvature) up to which descent on a parabola is stable if feedback comes late as listed.

    The list, in updates and in the order in which feedback comes, as `staleness` counts them, is repeated for ever.
    ``[τ]`` is first in, first out, the limit 2 sin(π / (4τ + 2)). ``range(b)`` is a batch of b answered with the same
    weights and applied one by one: 2/b, in whatever order. ``range(0, 2 * b, 2)`` is the newest first in blocks of b,
    where each feedback makes room for a new task: b − 1 late on average, it bears 2 sin(π / 2b), as much as
    half as late in order: 0.618 for blocks of five, where ``[4]`` bears 0.347. In the field: the spectral radius of the
    product over one period.
    """
    order = tuple(lateness)
    if not order or not all(isinstance(one, (int, np.integer)) and one >= 0 for one in order):
        raise ValueError(f"an order is a list of whole numbers of updates from 0, not {order!r}")
    return largest_stable(lambda step: _growth(order, step))


def worst_order(most: int, period: int) -> tuple[float, tuple[int, ...]]:
    """The order that bears least of all whose feedback is at most so late and that repeats after at most `period`.

    The answer is its limit, as of `order_limit`, and its lateness, feedback by feedback. All are tried:
    ``(most + 1) ** period``. An adversary makes it worse than always as late as can be: 2 − √2 = 0.586, instead of
    0.618, for 2 by ``(0, 1, 2, 2)``, and 1 − 1/√3 = 0.423, instead of 0.445, for 3 by ``(0, 1, 2, 3, 3, 3)``. In the
    field: the joint spectral radius of the delays 0 to `most`, from below.
    """
    order: tuple[int, ...] = (most,)
    limit = order_limit(order)
    for length in range(1, period + 1):
        for other in product(range(most + 1), repeat=length):
            first_of_its_turns = all(other <= other[turn:] + other[:turn] for turn in range(1, length))
            if first_of_its_turns and _growth(other, limit * (1 - 1e-9)) >= 1.0:
                order, limit = other, order_limit(other)
    return limit, order


def _growth(order: tuple[int, ...], step: float) -> float:
    """By which factor the weights grow in one period: the largest eigenvalue of what it makes of their history."""
    longest = max(order)
    history: NDArray[np.float64] = np.eye(longest + 1)  # rows: today's weights, those before, …
    for late in order:
        today = history[:1] - step * history[late : late + 1]
        history = np.concatenate([today, history[:longest]])
    return float(np.abs(np.linalg.eigvals(history)).max())
