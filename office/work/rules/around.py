"""Rules around another rule: the frame of them all; `Discard` for what comes too late; the average of the weights."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from office.work.real_numbers import real_from
from office.work.rules.plain import as_rule
from office.work.rules.rule import Feedback, Heard, Rule
from office.work.schedules import Schedule

__all__ = ["Around", "Discard", "WeightAverage"]


class Around(Rule):
    """A rule that leaves most to the `rule` within: a rule, or the rate of plain `SGD`.

    They nest: `StalenessAware(WeightPrediction(Momentum(0.1)))`. One of your own may `remember` each step. One that has
    a `step` of its own, and no `step_of_several`, takes that step on the sum of several feedbacks.
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

    def remember(self, new: Any, weights: Any) -> None:
        """Note what is to be remembered of a step of the rule within, from `weights` to `new` ones."""

    def step(self, gradient: Any, weights: Any, heard: Heard) -> Any:
        """The step of the rule within, which is remembered."""
        new = self.rule.step(gradient, weights, heard)
        if new is not weights:
            self.remember(new, weights)
        return new

    def step_of_several(self, feedbacks: Sequence[Feedback], weights: Any) -> Any:
        """The step of the rule within, which is remembered."""
        if type(self).step is not Around.step:
            return super().step_of_several(feedbacks, weights)
        new = self.rule.step_of_several(feedbacks, weights)
        if new is not weights:
            self.remember(new, weights)
        return new


class Discard(Around):
    """weights ← the step of the rule within, if staleness ≤ limit; weights, if not.

    Maranjyan, Tyurin & Richtárik, *Ringmaster ASGD*, 2025 (arXiv 2501.16168), algorithm 4, whose threshold R is `limit`
    + 1. What is discarded is not an update, and makes nothing else later. Of several feedbacks it leaves out those that
    are too late. Put it outside of rules that scale or average, so that they take no step for what is discarded.
    `ValueError` for a negative limit.
    """

    def __init__(self, rule: Rule | Schedule | float, limit: int) -> None:
        super().__init__(rule)
        self.limit = real_from(limit, "a limit of staleness is zero or more")

    def step(self, gradient: Any, weights: Any, heard: Heard) -> Any:
        """The very same weights where the feedback is too late."""
        return weights if heard.staleness > self.limit else self.rule.step(gradient, weights, heard)

    def step_of_several(self, feedbacks: Sequence[Feedback], weights: Any) -> Any:
        """The step on those that are not too late."""
        in_time = [(gradient, heard) for gradient, heard in feedbacks if heard.staleness <= self.limit]
        return self.rule.step_of_several(in_time, weights) if in_time else weights


class WeightAverage(Around):
    """average ← average + (new weights − average) / t after step t = 1, 2, … of the rule within; or, with a `decay`,
    average ← decay · average + (1 − decay) · new weights, from the weights before the first step on.

    Polyak & Juditsky, *Acceleration of Stochastic Approximation by Averaging*, 1992; with a decay, the exponential
    moving average (EMA). Answers and steps are those of the rule within: the average is only for reading, from
    `Parameters.averages`. To answer with it: `with parameters.instead(parameters.averages): ...`. `ValueError` for a
    decay not from 0 to less than 1.
    """

    def __init__(self, rule: Rule | Schedule | float, decay: float | None = None) -> None:
        super().__init__(rule)
        self.decay = None if decay is None else real_from(decay, "a decay is from 0 to less than 1", below=1)
        self.steps = 0
        self.average: Any = 0.0

    def average_of(self, weights: Any) -> Any:
        """The average, once there is one."""
        return self.average if self.steps else weights

    def remember(self, new: Any, weights: Any) -> None:
        """Average the new weights with those after earlier steps."""
        self.steps += 1
        if self.decay is None:
            self.average = self.average + (new - self.average) / self.steps
        else:
            before = self.average if self.steps > 1 else weights
            self.average = self.decay * before + (1 - self.decay) * new
