"""Rules around another rule: the frame of them all, what comes too late, and the average of the weights."""

from __future__ import annotations

from typing import Any

from office.work.rules.plain import as_rule
from office.work.rules.rule import Heard, Rule
from office.work.schedules import Schedule

__all__ = ["Around", "Discard", "WeightAverage"]


class Around(Rule):
    """A rule that leaves most to the `rule` it is put around: a rule, or the rate of plain `SGD`.

    They nest: `StalenessAware(WeightPrediction(Momentum(0.1)))`.
    """

    def __init__(self, rule: Rule | Schedule | float) -> None:
        self.rule = as_rule(rule)

    def answer_with(self, weights: Any) -> Any:
        """Those that the rule within answers with."""
        return self.rule.answer_with(weights)

    def differentiate_with(self, weights: Any, staleness: int) -> Any:
        """Those that the rule within differentiates."""
        return self.rule.differentiate_with(weights, staleness)

    def average_of(self, weights: Any) -> Any:
        """The average that the rule within keeps."""
        return self.rule.average_of(weights)

    def step(self, gradient: Any, weights: Any, heard: Heard) -> Any:
        """The step of the rule within."""
        return self.rule.step(gradient, weights, heard)


class Discard(Around):
    """weights ← the step of the rule within, if staleness ≤ limit; weights, if not.

    Maranjyan, Tyurin & Richtárik, *Ringmaster ASGD*, 2025 (arXiv 2501.16168), algorithm 4, whose threshold R is `limit`
    + 1. What is discarded is not an update, and makes nothing else later. Put it outermost, so that nothing around it
    takes a step of its own. `ValueError` for a negative limit.
    """

    def __init__(self, rule: Rule | Schedule | float, limit: int) -> None:
        if not limit >= 0:
            raise ValueError(f"a limit of staleness is zero or more, not {limit!r}")
        super().__init__(rule)
        self.limit = limit

    def step(self, gradient: Any, weights: Any, heard: Heard) -> Any:
        """The very same weights where the feedback is too late."""
        return weights if heard.staleness > self.limit else self.rule.step(gradient, weights, heard)


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

    def step(self, gradient: Any, weights: Any, heard: Heard) -> Any:
        """The step of the rule within."""
        new = self.rule.step(gradient, weights, heard)
        if new is not weights:
            self.steps += 1
            if self.decay is None:
                self.average = self.average + (new - self.average) / self.steps
            else:
                before = self.average if self.steps > 1 else weights
                self.average = self.decay * before + (1 - self.decay) * new
        return new
