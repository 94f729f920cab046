"""Descent in which every weight has a step of its own length."""

from __future__ import annotations

from typing import Any

from office.work.rules.rule import Rule
from office.work.schedules import Schedule, as_schedule

__all__ = ["Adam"]


class Adam(Rule):
    """mean ← β₁·mean + (1 − β₁)·gradient; square ← β₂·square + (1 − β₂)·gradient²;
    weights ← weights − rate · (mean / (1 − β₁ᵗ)) / (√(square / (1 − β₂ᵗ)) + epsilon), at step t = 1, 2, …

    Kingma & Ba, *Adam: A Method for Stochastic Optimization* (arXiv 1412.6980), algorithm 1. `rate` is a number or a
    schedule, `betas` are each from 0 to less than 1; `ValueError` for others.
    """

    def __init__(
        self, rate: float | Schedule = 0.001, betas: tuple[float, float] = (0.9, 0.999), epsilon: float = 1e-8
    ) -> None:
        if len(betas) != 2 or not all(0 <= beta < 1 for beta in betas):
            raise ValueError(f"betas are two numbers from 0 to less than 1, not {betas!r}")
        if not epsilon >= 0:
            raise ValueError(f"epsilon is zero or more, not {epsilon!r}")
        self.rate = as_schedule(rate, "the learning rate")
        self.betas = betas
        self.epsilon = epsilon
        self.steps = 0
        self.mean: Any = 0.0
        self.square: Any = 0.0

    def step(self, gradient: Any, weights: Any, then: Any, staleness: int, heard: int) -> Any:  # noqa: ARG002
        """Each weight moves by its mean gradient in units of its usual size."""
        rate = self.rate(heard)
        self.steps += 1
        first, second = self.betas
        self.mean = first * self.mean + (1 - first) * gradient
        self.square = second * self.square + (1 - second) * gradient * gradient
        mean, square = self.mean / (1 - first**self.steps), self.square / (1 - second**self.steps)
        return weights - rate * mean / (square**0.5 + self.epsilon)
