"""Smaller gradients for weights that have moved away since the answer."""

from __future__ import annotations

from typing import Any

from office.work.rules.around import Around
from office.work.rules.rule import Rule
from office.work.schedules import Schedule

__all__ = ["GapAware"]


class GapAware(Around):
    """gradient ← gradient / (1 + |weights − then| / usual), for the rule within, where after each step
    square ← decay · square + (1 − decay) · (new weights − weights)², and usual = √(square / (1 − decayᵗ)) + epsilon.

    Barkai, Hakimi & Schuster, *Gap-Aware Mitigation of Gradient Staleness*, 2019 (arXiv 1909.10802), weight by weight:
    what counts is how many usual steps away a weight is by now, not how many updates that took. There a usual step is
    the highest rate times the usual velocity; here it is that of the steps taken, so that it goes around any rule: the
    same for a constant rate. Feedback that is not late goes to the rule within as it is. `ValueError` for a decay not
    from 0 to less than 1, or an epsilon that is not positive.
    """

    def __init__(self, rule: Rule | Schedule | float, decay: float = 0.999, epsilon: float = 1e-8) -> None:
        if not (0 <= decay < 1 and epsilon > 0):
            raise ValueError(f"a decay is from 0 to less than 1, epsilon positive; not {decay!r} and {epsilon!r}")
        super().__init__(rule)
        self.decay = decay
        self.epsilon = epsilon
        self.steps = 0
        self.square: Any = 0.0

    def step(self, gradient: Any, weights: Any, then: Any, staleness: int, heard: int) -> Any:
        """The step of the rule within, down the gradient that is left."""
        if staleness and self.steps:
            usual = (self.square / (1 - self.decay**self.steps)) ** 0.5 + self.epsilon
            gradient = gradient / (1 + abs(weights - then) / usual)
        new = self.rule.step(gradient, weights, then, staleness, heard)
        if new is not weights:
            self.steps += 1
            self.square = self.decay * self.square + (1 - self.decay) * (new - weights) * (new - weights)
        return new
