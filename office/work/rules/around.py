"""Rules around another rule."""

from __future__ import annotations

from typing import Any

from office.work.rules.rule import Rule, as_rule
from office.work.schedules import Schedule

__all__ = ["Around", "Scaled"]


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

    def step(self, gradient: Any, weights: Any, then: Any, staleness: int, heard: int) -> Any:
        """The step of the rule within."""
        return self.rule.step(gradient, weights, then, staleness, heard)


class Scaled(Around):
    """weights ← weights + factor · (the step of the rule within)

    It is the whole step that is scaled, which is the same as the rate wherever a step is a rate times something: for
    plain descent, momentum, Adam, Muon. (To scale the gradient instead would be lost on Adam and on Muon, and with
    momentum it would weigh the gradient in all later steps as well.) Where the factor is 1 it is the rule within, to
    the bit.
    """

    def factor(self, staleness: int, heard: int) -> float:
        """By how much the step is scaled, for feedback so many updates late, after so many tasks."""
        raise NotImplementedError

    def step(self, gradient: Any, weights: Any, then: Any, staleness: int, heard: int) -> Any:
        """So much of the step of the rule within."""
        factor = self.factor(staleness, heard)
        new = self.rule.step(gradient, weights, then, staleness, heard)
        return new if factor == 1 or new is weights else weights + factor * (new - weights)
