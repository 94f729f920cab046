"""Momentum that makes up for what late gradients have missed."""

from __future__ import annotations

from typing import Any

from office.work.rules.momentum import Momentum

__all__ = ["SpikeCompensation"]


class SpikeCompensation(Momentum):
    """velocity ← momentum · velocity + gradient;
    weights ← weights − rate · (momentumᴰ · velocity + (1 − momentumᴰ) / (1 − momentum) · gradient), all D late.

    Kosson et al., *Pipelined Backpropagation at Scale: Training Large Models without Batches*, 2021 (arXiv 2003.11666).
    In one step a gradient has all the effect that momentum would have given it by now, had it come at once: the weights
    are those of undelayed momentum, less the gradients that have not yet arrived. So that this holds for delays of any
    kind, D is each feedback's own staleness, and it is gradients, not the velocity, that are aged by momentumᴰ; where
    all have the same delay that is the same. With nothing late it is `Momentum`, to the bit.

    `velocity` is that of `Momentum`, for a `WeightPrediction` around this rule; `aged` is the one that moves the
    weights.
    """

    aged: Any = 0.0

    def step(self, gradient: Any, weights: Any, then: Any, staleness: int, heard: int) -> Any:  # noqa: ARG002
        """The aged velocity moves the weights, and a late gradient what it has missed."""
        rate, kept = self.rate(heard), self.momentum**staleness
        self.velocity = self.momentum * self.velocity + gradient
        self.aged = self.momentum * self.aged + kept * gradient
        if not staleness:
            return weights - rate * self.aged
        return weights - rate * (self.aged + (1 - kept) / (1 - self.momentum) * gradient)
