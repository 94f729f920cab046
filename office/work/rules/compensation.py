"""Rules that make up for late feedback."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from office.work.real_numbers import real_from
from office.work.rules.around import Around
from office.work.rules.plain import Momentum
from office.work.rules.rule import Feedback, Heard, Rule, added_up, finite
from office.work.schedules import Schedule, as_schedule

__all__ = [
    "AsyncNesterov",
    "DelayCompensation",
    "DiscrepancyCorrection",
    "GapAware",
    "SpikeCompensation",
    "WeightPrediction",
]

DECAY = "a decay is from 0 to less than 1"
LEAST = 5e-324
"""The least positive number."""


class Compensated(Around):
    """A rule that changes the gradient of late feedback before the rule within steps on it; of several, each one's."""

    def compensated(self, gradient: Any, weights: Any, heard: Heard) -> Any:
        """The gradient for the rule within.

        Args:
            gradient: Of the loss with respect to `heard.weights_then`, in their shape.
            weights: Today's.
            heard: Which feedback the gradient follows from.
        """
        raise NotImplementedError

    def step(self, gradient: Any, weights: Any, heard: Heard) -> Any:
        """The step of the rule within, down the compensated gradient."""
        return super().step(self.compensated(gradient, weights, heard), weights, heard)

    def step_of_several(self, feedbacks: Sequence[Feedback], weights: Any) -> Any:
        """The step of the rule within for the compensated gradients."""
        each = [(self.compensated(gradient, weights, heard), heard) for gradient, heard in feedbacks]
        new = self.rule.step_of_several(each, weights)
        if new is not weights:
            self.remember(new, weights)
        return new


class DelayCompensation(Compensated):
    """gradient ← gradient + strength · gradient² · (weights − then), for the rule within; or, with a `decay`,
    gradient ← gradient + strength / √(square + 1e-7) · gradient² · (weights − then), where before that
    square ← decay · square + (1 − decay) · gradient².

    Zheng et al., *Asynchronous Stochastic Gradient Descent with Delay Compensation* (DC-ASGD, arXiv 1609.08326): with a
    constant λ, and with an adaptive one. It is the first step of a Taylor series, in which strength · gradient² stands
    for the diagonal of the Hessian; a subclass that knows a better one overrides `hessian`. Feedback that is not late
    goes to the rule within as it is.

    Args:
        rule: The rule within, or the rate of plain `SGD`.
        strength: λ of the paper: zero or more.
        decay: For the adaptive form, how slowly `square` forgets: from 0 to less than 1. None for the constant one.
    """

    def __init__(self, rule: Rule | Schedule | float, strength: float = 0.04, decay: float | None = None) -> None:
        super().__init__(rule)
        self.strength = real_from(strength, "the strength of a compensation is zero or more")
        self.decay = None if decay is None else real_from(decay, DECAY, below=1)
        self.square: Any = 0.0

    def hessian(self, gradient: Any, square: Any) -> Any:
        """The diagonal of the Hessian, or what stands for it; `square` is the usual size of the gradient squared."""
        strength = self.strength if self.decay is None else self.strength / (square + 1e-7) ** 0.5
        return strength * gradient * gradient

    def compensated(self, gradient: Any, weights: Any, heard: Heard) -> Any:
        """The gradient as it would be now."""
        if self.decay is not None:
            square = self.decay * self.square + (1 - self.decay) * gradient * gradient
            self.square = finite(square, "the square of the gradients")
        if not heard.staleness:
            return gradient
        return gradient + self.hessian(gradient, self.square) * (weights - heard.weights_then)


class GapAware(Compensated):
    """gradient ← gradient / (1 + |weights − then| / usual), for the rule within, where after each step
    square ← decay · square + (1 − decay) · (new weights − weights)², and usual = √(square / (1 − decayᵗ)) + epsilon.

    Barkai, Hakimi & Schuster, *Gap-Aware Mitigation of Gradient Staleness*, 2019 (arXiv 1909.10802), weight by weight:
    what counts is how many usual steps away a weight is by now, not how many updates that took. There a usual step is
    the highest rate times the usual velocity; here it is that of the steps taken, so that it goes around any rule: the
    same for a constant rate. Feedback that is not late goes to the rule within as it is.

    Args:
        rule: The rule within, or the rate of plain `SGD`.
        decay: How slowly the usual step forgets: from 0 to less than 1.
        epsilon: Added to the usual step: positive.
    """

    def __init__(self, rule: Rule | Schedule | float, decay: float = 0.999, epsilon: float = 1e-8) -> None:
        super().__init__(rule)
        self.decay = real_from(decay, DECAY, below=1)
        self.epsilon = real_from(epsilon, "epsilon is positive", least=LEAST)
        self.steps = 0
        self.square: Any = 0.0

    def compensated(self, gradient: Any, weights: Any, heard: Heard) -> Any:
        """What is left of the gradient."""
        if not (heard.staleness and self.steps):
            return gradient
        usual = (self.square / (1 - self.decay**self.steps)) ** 0.5 + self.epsilon
        return gradient / (1 + abs(weights - heard.weights_then) / usual)

    def remember(self, new: Any, weights: Any) -> None:
        """Keep the usual size of a step."""
        self.steps += 1
        square = self.decay * self.square + (1 - self.decay) * (new - weights) * (new - weights)
        self.square = finite(square, "the square of the steps")


class DiscrepancyCorrection(Around):
    """A late callback differentiates weights − staleness · drift, where after each step of the rule within
    drift ← keep · drift + (1 − keep) · (new weights − weights), with keep = decay^(1 / delay).

    Yang et al., *PipeMare: Asynchronous Pipeline Parallel DNN Training* (arXiv 1910.05124), technique T2, for
    workers that have no room for the weights of every answer. There the delay from forward to backward pass (τ_fwd −
    τ_bkwd) is fixed; here it is the staleness that a callback finds, and only `keep`, which stands for how far back the
    average of the steps reaches, has a fixed `delay`: the usual one. Under the policies `stash` and `refuse` it changes
    nothing.

    Args:
        rule: The rule within, or the rate of plain `SGD`.
        delay: The usual staleness, in updates: positive.
        decay: How much of a step is left in the average after `delay` updates: from 0 to less than 1.
    """

    def __init__(self, rule: Rule | Schedule | float, delay: float, decay: float = 0.135) -> None:
        super().__init__(rule)
        self.keep = real_from(decay, DECAY, below=1) ** (1 / real_from(delay, "a delay is positive", least=LEAST))
        self.drift: Any = 0.0

    def differentiate_with(self, weights: Any, staleness: int) -> Any:
        """About those of that many updates ago."""
        return self.rule.differentiate_with(weights, staleness) - staleness * self.drift

    def remember(self, new: Any, weights: Any) -> None:
        """Keep the average step."""
        self.drift = self.keep * self.drift + (1 - self.keep) * (new - weights)


class WeightPrediction(Around):
    """Answer with weights − rate · delay · velocity, and step as the rule within.

    Kosson et al., *Pipelined Backpropagation at Scale: Training Large Models without Batches*, 2021 (arXiv 2003.11666),
    linear weight prediction in the velocity form, for a rule with a `rate` and a `velocity`: `Momentum`, or
    `SpikeCompensation`, which is both of that paper's mitigations together. Around any other rule it is the weight
    difference form: weights + delay · (weights − weights before the last step).

    How late the feedback will be is not known when the answer is given. It is taken to be as late as the latest
    feedback that has come (of several in one step: that on the oldest answer), or `delay` updates, if that is given.
    `ValueError` for a negative one.
    """

    def __init__(self, rule: Rule | Schedule | float, delay: float | None = None) -> None:
        super().__init__(rule)
        self.delay = None if delay is None else real_from(delay, "a delay is zero or more")
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

    def step(self, gradient: Any, weights: Any, heard: Heard) -> Any:
        """The step of the rule within, which shows where the weights are going."""
        return self._looked_at(self.rule.step(gradient, weights, heard), weights, heard)

    def step_of_several(self, feedbacks: Sequence[Feedback], weights: Any) -> Any:
        """The step of the rule within, which shows where the weights are going."""
        return self._looked_at(self.rule.step_of_several(feedbacks, weights), weights, feedbacks[0][1])

    def _looked_at(self, new: Any, weights: Any, heard: Heard) -> Any:
        velocity = getattr(self.rule, "velocity", None)
        self.pace = new - weights if velocity is None else -self.rule.rate(heard.tasks_before) * velocity  # type: ignore[attr-defined]
        self.latest = heard.staleness
        return new


class SpikeCompensation(Momentum):
    """velocity ← momentum · velocity + gradient;
    weights ← weights − rate · (momentumᴰ · velocity + (1 − momentumᴰ) / (1 − momentum) · gradient), all D late.

    Kosson et al., *Pipelined Backpropagation at Scale: Training Large Models without Batches*, 2021 (arXiv 2003.11666).
    In one step a gradient has all the effect that momentum would have given it by now, had it come at once: the weights
    are those of undelayed momentum, less the gradients that have not yet arrived. So that this holds for delays of any
    kind, D is each feedback's own staleness, and it is gradients, not the velocity, that are aged by momentumᴰ; where
    all have the same delay that is the same. With nothing late it is `Momentum`, to the bit. Several feedbacks in one
    step have a D each.

    `velocity` is that of `Momentum`, for a `WeightPrediction` around this rule; `aged` is the one that moves the
    weights.
    """

    aged: Any = 0.0

    def step(self, gradient: Any, weights: Any, heard: Heard) -> Any:
        """The aged velocity moves the weights, and a late gradient what it has missed."""
        return self.step_of_several([(gradient, heard)], weights)

    def step_of_several(self, feedbacks: Sequence[Feedback], weights: Any) -> Any:
        """The aged velocity moves the weights, and each late gradient what it has missed."""
        rate = self.rate(feedbacks[0][1].tasks_before)
        each = [(gradient, self.momentum**heard.staleness) for gradient, heard in feedbacks]
        self.velocity = self.momentum * self.velocity + added_up(gradient for gradient, _ in each)
        self.aged = self.momentum * self.aged + added_up(kept * gradient for gradient, kept in each)
        missed = [(1 - kept) / (1 - self.momentum) * gradient for gradient, kept in each if kept != 1]
        return weights - rate * (self.aged + added_up(missed) if missed else self.aged)


class AsyncNesterov(Rule):
    """Answer with weights + push; weights ← weights + push − rate · (1 − momentum) · gradient, whereafter
    push ← momentum · (new weights − weights).

    Ajanthan et al., *Nesterov Method for Asynchronous Pipeline Parallel Optimization*, 2025 (arXiv 2505.01099):
    Nesterov's method, but for the gradient's factor of (1 − momentum). With a momentum near 1 the look-ahead reaches as
    far as the delay, and each gradient has little weight of its own. The momentum is constant here. It does not ask how
    late the feedback is. `momentum` from 0 to less than 1, `rate` a number or a schedule; `ValueError` for others.
    """

    def __init__(self, rate: float | Schedule = 0.1, momentum: float = 0.99) -> None:
        self.rate = as_schedule(rate, "the learning rate")
        self.momentum = real_from(momentum, "momentum is from 0 to less than 1", below=1)
        self.push: Any = 0.0

    def answer_with(self, weights: Any) -> Any:
        """Where the momentum alone would take them."""
        return weights + self.push

    def step(self, gradient: Any, weights: Any, heard: Heard) -> Any:
        """Where the momentum takes them, and a little down the gradient."""
        new = weights + self.push - self.rate(heard.tasks_before) * (1 - self.momentum) * gradient
        self.push = self.momentum * (new - weights)
        return new
