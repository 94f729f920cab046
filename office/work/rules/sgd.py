"""Plain stochastic gradient descent."""

from __future__ import annotations

from typing import Any

from office.work.rules.rule import Rule
from office.work.schedules import Schedule, as_schedule

__all__ = ["SGD"]


class SGD(Rule):
    """weights ← weights − rate · gradient (Robbins & Monro, *A Stochastic Approximation Method*, 1951).

    `rate` is a number or a schedule. Raises `ValueError` for a negative one or a NaN.
    """

    def __init__(self, rate: float | Schedule = 0.1) -> None:
        self.rate = as_schedule(rate, "the learning rate")

    def step(self, gradient: Any, weights: Any, then: Any, staleness: int, heard: int) -> Any:  # noqa: ARG002
        """One step down the gradient, however late it is."""
        return weights - self.rate(heard) * gradient
