"""How large a step descent bears when feedback is late, by theory: on a parabola, where all is linear.

A step is the rate times the curvature, ηλ. On ½λw² a feedback is λ times the weights that gave the answer. So with
every feedback so many updates late, the weights follow a linear recurrence, which is stable where all the roots of its
characteristic polynomial are inside the unit circle. An update rule is its polynomial here: see `late_rules`.
"""

from __future__ import annotations

from collections.abc import Callable
from math import pi, sin

import numpy as np

from office.counts import is_count
from office.theory.late_rules import LateRule, heavy_ball

__all__ = ["fastest_rate", "largest_stable", "spectral_radius", "stability_limit"]

HALVINGS = 44
SMALL = 2.0**-20  # the roots of still smaller steps cannot be told from 1


def stability_limit(staleness: int, momentum: float = 0.0, rule: LateRule | None = None) -> float:
    """The step (rate times curvature) up to which descent is stable with every feedback `staleness` updates late.

    Without momentum it is 2 sin(π / (4τ + 2)), as in S. A. Levin and R. M. May, *A note on difference-delay equations*
    (Theoretical Population Biology 9, 1976): 2, 1, 0.618, … and near π/2τ before long. Other limits are looked for
    among the roots, which takes seconds from τ = 200 on. In the field: the stability threshold of delayed (stale)
    gradient descent.

    Args:
        staleness: τ, how many updates late every feedback is.
        momentum: That of the heavy ball, as in `Momentum`; 0 is plain descent.
        rule: Another rule's polynomial, in place of a momentum: see `late_rules`.
    """
    polynomial = _polynomial(staleness, momentum, rule)
    if rule is None and not momentum:
        return 2 * sin(pi / (4 * int(staleness) + 2))
    return largest_stable(lambda step: _largest_root(polynomial, step, staleness))


def spectral_radius(step: float, staleness: int, momentum: float = 0.0, rule: LateRule | None = None) -> float:
    """By which factor the distance from the optimum shrinks with each update, in the long run; above 1 it grows.

    In the field: the rate of linear convergence, or the convergence factor.

    Args:
        step: The rate times the curvature, ηλ.
        staleness: τ, how many updates late every feedback is.
        momentum: That of the heavy ball, as in `Momentum`; 0 is plain descent.
        rule: Another rule's polynomial, in place of a momentum.
    """
    return _largest_root(_polynomial(staleness, momentum, rule), step, staleness)


def fastest_rate(staleness: int) -> float:
    """The step with which plain descent converges fastest: τ^τ / (τ + 1)^(τ + 1), by a factor of τ/(τ + 1) an update.

    There the two largest roots of zᵗ⁺¹ − zᵗ + a (with t for τ) meet, at τ/(τ + 1): a = zᵗ(1 − z) has its maximum.
    """
    _checked(staleness)
    return (staleness / (staleness + 1)) ** staleness / (staleness + 1)


def largest_stable(radius_at: Callable[[float], float]) -> float:
    """The step at which a spectral radius, below 1 for the smallest steps, comes to 1 first: doubled, then bisected."""
    low, high = 0.0, SMALL
    while radius_at(high) < 1.0:
        low, high = high, 2 * high
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if radius_at(middle) < 1.0 else (low, middle)
    return low


def _largest_root(rule: LateRule, step: float, staleness: int) -> float:
    return float(np.abs(np.roots(rule(step, staleness))).max())


def _polynomial(staleness: int, momentum: float, rule: LateRule | None) -> LateRule:
    _checked(staleness)
    if rule is not None and momentum:
        raise ValueError("a rule has its own momentum: say either momentum or rule")
    return heavy_ball(momentum) if rule is None else rule


def _checked(staleness: int) -> None:
    if not is_count(staleness, 0):
        raise ValueError(f"staleness is a whole number of updates from 0, not {staleness!r}")
