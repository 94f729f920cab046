"""How large a step descent bears when people speak of any result on their table, by theory: in the mean square."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from office.study.stability import largest_stable

__all__ = ["random_pick_limit"]


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
    if not isinstance(size, (int, np.integer)) or size < 1:
        raise ValueError(f"a table holds a whole number of results from 1, not {size!r}")
    if size == 1:
        return 2.0
    return largest_stable(lambda step: float(np.abs(np.linalg.eigvals(_second_moments(size, step))).max()))


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
