"""What update rules make of late feedback on a parabola: each one's characteristic polynomial.

With every feedback τ updates late, the weights under each rule here obey (z − 1)(z − m) zᵗ + a·(α z + β) = 0 (t for τ).
z is an update further on, m the momentum, a the step, rate times curvature: the first term is what the weights do when
nothing is said, α and β are what the feedback does. Prediction and compensation are told τ, and reach as far ahead.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np

__all__ = ["LateRule", "heavy_ball", "nesterov", "scaled", "spike_compensation", "weight_prediction"]

LateRule: TypeAlias = Callable[[float, int], Any]
"""``(step, staleness) -> coefficients`` of the characteristic polynomial, the highest power first."""


def heavy_ball(momentum: float = 0.0) -> LateRule:
    """The heavy ball: velocity ← m·velocity + gradient; weights ← weights − rate·velocity. As `Momentum`.

    B. T. Polyak, *Some methods of speeding up the convergence of iteration methods* (1964). Momentum 0: plain descent.
    """
    _checked(momentum)
    return lambda step, staleness: _polynomial(momentum, staleness, step, (1.0, 0.0))


def spike_compensation(momentum: float, *, predicting: bool = False) -> LateRule:
    """The heavy ball, with weights ← weights − rate·(mᵗ·velocity + (1 − mᵗ)/(1 − m)·gradient), t for τ.

    The gradient moves the weights at once by what undelayed momentum would have made of it by now. `predicting`: and
    answers are given as in `weight_prediction`. A. Kosson et al., *Pipelined Backpropagation at Scale* (2021).
    """
    _checked(momentum)

    def rule(step: float, staleness: int) -> Any:
        left = momentum**staleness
        spike = (1 - left) / (1 - momentum)
        ahead = staleness if predicting else 0
        return _polynomial(momentum, staleness, step, (left + spike + ahead, -spike * momentum - ahead))

    return rule


def weight_prediction(momentum: float) -> LateRule:
    """The heavy ball, and answers are given with weights − rate·τ·velocity: where they will be if nothing is said.

    Linear weight prediction in its velocity form: A. Kosson et al., *Pipelined Backpropagation at Scale* (2021).
    """
    _checked(momentum)
    return lambda step, staleness: _polynomial(momentum, staleness, step, (1.0 + staleness, -float(staleness)))


def nesterov(momentum: float) -> LateRule:
    """A look ahead by d = m·(weights − those before): answers with weights + d; weights += d − (1 − m)·rate·gradient.

    T. Ajanthan et al., *Nesterov Method for Asynchronous Pipeline Parallel Optimization* (2025), where the late
    gradient counts for 1 − m.
    """
    _checked(momentum)
    push = ((1 - momentum) * (1 + momentum), -(1 - momentum) * momentum)
    return lambda step, staleness: _polynomial(momentum, staleness, step, push)


def scaled(factor: Callable[[int], float], rule: LateRule | None = None) -> LateRule:
    """A rule (or plain descent) whose rate is multiplied by `factor(staleness)`.

    Staleness-aware descent (W. Zhang et al. 2016) has 1/max(τ, 1), polynomial discounting (FedBuff) (1 + τ)⁻ᵖ.
    """
    rule = heavy_ball() if rule is None else rule
    return lambda step, staleness: rule(step * factor(staleness), staleness)


def _polynomial(momentum: float, staleness: int, step: float, push: tuple[float, float]) -> Any:
    still = np.concatenate([[1.0, -1.0 - momentum, momentum], np.zeros(staleness)])
    return np.polyadd(still, np.multiply(step, push))


def _checked(momentum: float) -> None:
    if not 0 <= momentum < 1:
        raise ValueError(f"momentum is from 0 to less than 1, not {momentum!r}")
