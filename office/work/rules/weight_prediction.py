"""Answers from where the weights will be by the time the feedback comes."""

from __future__ import annotations

from typing import Any

from office.work.rules.around import Around
from office.work.rules.rule import Rule
from office.work.schedules import Schedule

__all__ = ["WeightPrediction"]


class WeightPrediction(Around):
    """Answer with weights − rate · delay · velocity, and step as the rule within.

    Kosson et al., *Pipelined Backpropagation at Scale: Training Large Models without Batches*, 2021 (arXiv 2003.11666),
    linear weight prediction in the velocity form, for a rule with a `rate` and a `velocity`: `Momentum`, or
    `SpikeCompensation`, which is both of that paper's mitigations together. Around any other rule it is the weight
    difference form: weights + delay · (weights − weights before the last step).

    How late its feedback will be nobody knows when the answer is given. It is taken to be as late as the latest
    feedback that has come, or `delay` updates, if that is given. `ValueError` for a negative one.
    """

    def __init__(self, rule: Rule | Schedule | float, delay: float | None = None) -> None:
        if delay is not None and not delay >= 0:
            raise ValueError(f"a delay is zero or more, not {delay!r}")
        super().__init__(rule)
        self.delay = delay
        self.latest: float = 0
        self.pace: Any = None

    def answer_with(self, weights: Any) -> Any:
        """The weights of some updates ahead."""
        return self._ahead(self.rule.answer_with(weights))

    def differentiate_with(self, weights: Any, staleness: int) -> Any:
        """As far ahead of what the rule within differentiates."""
        return self._ahead(self.rule.differentiate_with(weights, staleness))

    def _ahead(self, weights: Any) -> Any:
        delay = self.latest if self.delay is None else self.delay
        return weights if self.pace is None or not delay else weights + delay * self.pace

    def step(self, gradient: Any, weights: Any, then: Any, staleness: int, heard: int) -> Any:
        """The step of the rule within, which shows where the weights are going."""
        new = self.rule.step(gradient, weights, then, staleness, heard)
        velocity = getattr(self.rule, "velocity", None)
        self.pace = new - weights if velocity is None else -self.rule.rate(heard) * velocity  # type: ignore[attr-defined]
        self.latest = staleness
        return new
