"""Descent with a memory of where it was going."""

from __future__ import annotations

from typing import Any

from office.work.rules.rule import Rule
from office.work.schedules import Schedule, as_schedule

__all__ = ["Momentum"]


class Momentum(Rule):
    """velocity ← momentum · velocity + gradient; weights ← weights − rate · velocity.

    As in PyTorch's SGD. `momentum` from 0 to less than 1, `rate` a number or a schedule; `ValueError` for others.
    In the field: heavy ball (Polyak, *Some methods of speeding up the convergence of iteration methods*, 1964).
    """

    def __init__(self, rate: float | Schedule = 0.1, momentum: float = 0.9) -> None:
        if not 0 <= momentum < 1:
            raise ValueError(f"momentum is from 0 to less than 1, not {momentum!r}")
        self.rate = as_schedule(rate, "the learning rate")
        self.momentum = momentum
        self.velocity: Any = 0.0

    def step(self, gradient: Any, weights: Any, then: Any, staleness: int, heard: int) -> Any:  # noqa: ARG002
        """The gradient moves the velocity, and the velocity the weights."""
        rate = self.rate(heard)
        self.velocity = self.momentum * self.velocity + gradient
        return weights - rate * self.velocity
