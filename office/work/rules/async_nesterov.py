"""Nesterov's look-ahead, for late gradients."""

from __future__ import annotations

from typing import Any

from office.work.rules.rule import Rule
from office.work.schedules import Schedule, as_schedule

__all__ = ["AsyncNesterov"]


class AsyncNesterov(Rule):
    """Answer with weights + push; weights ← weights + push − rate · (1 − momentum) · gradient, whereafter
    push ← momentum · (new weights − weights).

    Ajanthan et al., *Nesterov Method for Asynchronous Pipeline Parallel Optimization*, 2025 (arXiv 2505.01099):
    Nesterov's method, but for the gradient's factor of (1 − momentum). With a momentum near 1 the look-ahead reaches as
    far as the delay, and each gradient has little weight of its own. The momentum is constant here. It does not ask how
    late the feedback is. `momentum` from 0 to less than 1, `rate` a number or a schedule; `ValueError` for others.
    """

    def __init__(self, rate: float | Schedule = 0.1, momentum: float = 0.99) -> None:
        if not 0 <= momentum < 1:
            raise ValueError(f"momentum is from 0 to less than 1, not {momentum!r}")
        self.rate = as_schedule(rate, "the learning rate")
        self.momentum = momentum
        self.push: Any = 0.0

    def answer_with(self, weights: Any) -> Any:
        """Where the momentum alone would take them."""
        return weights + self.push

    def step(self, gradient: Any, weights: Any, then: Any, staleness: int, heard: int) -> Any:  # noqa: ARG002
        """Where the momentum takes them, and a little down the gradient."""
        new = weights + self.push - self.rate(heard) * (1 - self.momentum) * gradient
        self.push = self.momentum * (new - weights)
        return new
