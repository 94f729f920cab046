"""Under the policy `live`: back from the weights of now to about those of the answer."""

from __future__ import annotations

from typing import Any

from office.work.rules.around import Around
from office.work.rules.rule import Rule
from office.work.schedules import Schedule

__all__ = ["DiscrepancyCorrection"]


class DiscrepancyCorrection(Around):
    """A late callback differentiates weights − staleness · drift, where after each step of the rule within
    drift ← keep · drift + (1 − keep) · (new weights − weights), with keep = decay^(1 / delay).

    Yang et al., *PipeMare: Asynchronous Pipeline Parallel DNN Training* (arXiv 1910.05124), technique T2, for whoever
    has no room for the weights of every answer. There the delay from forward to backward pass (τ_fwd − τ_bkwd) is
    fixed; here it is the staleness that a callback finds, and only `keep`, which stands for how far back the average of
    the steps reaches, has a fixed `delay`: the usual one. Under the policies `stash` and `refuse` it changes nothing.
    `ValueError` for a decay not from 0 to less than 1, or a delay that is not positive.
    """

    def __init__(self, rule: Rule | Schedule | float, delay: float, decay: float = 0.135) -> None:
        if not (0 <= decay < 1 and delay > 0):
            raise ValueError(f"a decay is from 0 to less than 1, a delay positive; not {decay!r} and {delay!r}")
        super().__init__(rule)
        self.keep = decay ** (1 / delay)
        self.drift: Any = 0.0

    def differentiate_with(self, weights: Any, staleness: int) -> Any:
        """About those of that many updates ago."""
        return self.rule.differentiate_with(weights, staleness) - staleness * self.drift

    def step(self, gradient: Any, weights: Any, then: Any, staleness: int, heard: int) -> Any:
        """The step of the rule within, of which the average is kept."""
        new = self.rule.step(gradient, weights, then, staleness, heard)
        if new is not weights:
            self.drift = self.keep * self.drift + (1 - self.keep) * (new - weights)
        return new
