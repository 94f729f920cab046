"""The average of the weights on their way."""

from __future__ import annotations

from typing import Any

from office.work.rules.around import Around
from office.work.rules.rule import Rule
from office.work.schedules import Schedule

__all__ = ["WeightAverage"]


class WeightAverage(Around):
    """average ← average + (new weights − average) / t after step t = 1, 2, … of the rule within; or, with a `decay`,
    average ← decay · average + (1 − decay) · new weights, from the weights before the first step on.

    Polyak & Juditsky, *Acceleration of Stochastic Approximation by Averaging*, 1992; with a decay, the exponential
    moving average (EMA). Answers and steps are those of the rule within: the average is only for reading, from
    `Parameters.averages`. To answer with it: `with parameters.instead(parameters.averages): ...`. `ValueError` for a
    decay not from 0 to less than 1.
    """

    def __init__(self, rule: Rule | Schedule | float, decay: float | None = None) -> None:
        if decay is not None and not 0 <= decay < 1:
            raise ValueError(f"a decay is from 0 to less than 1, not {decay!r}")
        super().__init__(rule)
        self.decay = decay
        self.steps = 0
        self.average: Any = 0.0

    def average_of(self, weights: Any) -> Any:
        """The average, once there is one."""
        return self.average if self.steps else weights

    def step(self, gradient: Any, weights: Any, then: Any, staleness: int, heard: int) -> Any:
        """The step of the rule within."""
        new = self.rule.step(gradient, weights, then, staleness, heard)
        if new is not weights:
            self.steps += 1
            if self.decay is None:
                self.average = self.average + (new - self.average) / self.steps
            else:
                before = self.average if self.steps > 1 else weights
                self.average = self.decay * before + (1 - self.decay) * new
        return new
