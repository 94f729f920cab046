"""The largest stable step where feedback comes in some order: listed, the worst of all, or picked at random."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product

import numpy as np
from numpy.typing import NDArray

from office.counts import is_count, plain
from office.theory.stability import largest_stable

__all__ = ["order_limit", "random_pick_limit", "worst_order"]


def order_limit(lateness: Iterable[int]) -> float:
    """The step (rate times curvature) up to which descent on a parabola is stable if feedback comes late as listed.

    The list, in updates and in the order in which feedback comes, as `staleness` counts them, is repeated for ever.
    ``[τ]`` is first in, first out, the limit 2 sin(π / (4τ + 2)). ``range(b)`` is a batch of b answered with the same
    weights and applied one by one: 2/b, in whatever order. ``range(0, 2 * b, 2)`` is the newest first in blocks of b,
    where each feedback makes room for a new task: b − 1 late on average, it bears 2 sin(π / 2b), as much as
    half as late in order: 0.618 for blocks of five, where ``[4]`` bears 0.347. In the field: the spectral radius of the
    product over one period.
    """
    order = tuple(map(plain, lateness))
    if not order or not all(is_count(late, 0) for late in order):
        raise ValueError(f"an order is a list of whole numbers of updates from 0, not {order!r}")
    return largest_stable(lambda step: _growth(order, step))


def worst_order(latest: int, period: int) -> tuple[float, tuple[int, ...]]:
    """The order that bears least of all whose feedback is at most so late and that repeats after at most `period`.

    The answer is its limit, as of `order_limit`, and its lateness, feedback by feedback. All are tried:
    ``(latest + 1) ** period``. An adversary makes it worse than always as late as can be: 2 − √2 = 0.586, instead of
    0.618, for 2 by ``(0, 1, 2, 2)``, and 1 − 1/√3 = 0.423, instead of 0.445, for 3 by ``(0, 1, 2, 3, 3, 3)``. In the
    field: the joint spectral radius of the delays 0 to `latest`, from below.
    """
    order: tuple[int, ...] = (latest,)
    limit = order_limit(order)
    for length in range(1, period + 1):
        for other in product(range(latest + 1), repeat=length):
            first_of_its_turns = all(other <= other[turn:] + other[:turn] for turn in range(1, length))
            if first_of_its_turns and _growth(other, limit * (1 - 1e-9)) >= 1.0:
                order, limit = other, order_limit(other)
    return limit, order


def random_pick_limit(size: int) -> float:
    """The step (rate times curvature) up to which the mean square E[w²] is stable on a parabola, as for `random_pick`.

    On the table are `size` results, each answered with the weights of its time; one of them is picked, each as likely
    as the others, its feedback applied, and the next task answered with the new weights. So feedback is `size` − 1
    updates late on average. The mean E[w] is the heavy ball with momentum 1 − 1/size (Mitliagkas et al., *Asynchrony
    begets momentum*, arXiv 1605.09774) and would bear far more. But it is the square that decides: for tables of 2, 3,
    9, 33: (1 + √17)/4 = 1.2808, 1.0000, 0.5302, 0.2618; in order it is 1, 0.618, 0.185, 0.0483.

    A single run mostly bears a little more: the mean square is made by rare bad luck. In the field: mean-square
    stability, as against almost sure stability.
    """
    if not is_count(size):
        raise ValueError(f"a table holds a whole number of results from 1, not {size!r}")
    if size == 1:
        return 2.0
    return largest_stable(lambda step: float(np.abs(np.linalg.eigvals(_second_moments(size, step))).max()))


def _growth(order: tuple[int, ...], step: float) -> float:
    """By which factor the weights grow in one period: the largest eigenvalue of what it makes of their history."""
    longest = max(order)
    history: NDArray[np.float64] = np.eye(longest + 1)  # rows: today's weights, those before, …
    for late in order:
        today = history[:1] - step * history[late : late + 1]
        history = np.concatenate([today, history[:longest]])
    return float(np.abs(np.linalg.eigvals(history)).max())


def _second_moments(size: int, step: float) -> NDArray[np.float64]:
    """`(4, 4)`: what one pick makes of E[w²], E[wK], E[K²] and E[D].

    w are today's weights, which have just answered; K and D are the sum and the sum of squares of the other results on
    the table, those picked from earlier. The pick s is of mean P/n and mean square Q/n, where P = w + K and Q = w² + D
    are the sums over all n of them. Then w − as are the next weights, P − s the next K, and Q − s² the next D.
    """
    w2 = np.array([1.0, 0.0, 0.0, 0.0])
    wp = np.array([1.0, 1.0, 0.0, 0.0])
    p2 = np.array([1.0, 2.0, 1.0, 0.0])
    q = np.array([1.0, 0.0, 0.0, 1.0])
    return np.stack([
        w2 - 2 * step * wp / size + step**2 * q / size,
        wp - wp / size - step * p2 / size + step * q / size,
        p2 - 2 * p2 / size + q / size,
        q - q / size,
    ])  # fmt: skip
