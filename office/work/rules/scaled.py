"""Rules that scale the step of another rule: by how late the feedback is, or by the count of tasks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from office.work.real_numbers import real_from
from office.work.rules.around import Around
from office.work.rules.rule import Feedback, Heard, Rule
from office.work.schedules import Schedule, as_schedule

__all__ = ["RateDecay", "RateRescheduling", "Scaled", "StalenessAware", "StalenessHinge", "StalenessPolynomial"]


class Scaled(Around):
    """weights ← weights + factor · (the step of the rule within)

    It is the whole step that is scaled, which is the same as the rate wherever a step is a rate times something: for
    plain descent, momentum, Adam, Muon. (To scale the gradient instead would be lost on Adam and on Muon, and with
    momentum it would weigh the gradient in all later steps as well.) Where the factor is 1 it is the rule within, to
    the bit.

    Several feedbacks with factors f and their mean f̄: the rule within steps on Σ f · gradient / f̄, and that step is
    scaled by f̄. For plain descent this is the sum of the scaled steps.
    """

    def factor(self, heard: Heard) -> float:
        """By how much the step is scaled for this feedback."""
        raise NotImplementedError

    def step(self, gradient: Any, weights: Any, heard: Heard) -> Any:
        """So much of the step of the rule within."""
        return _part_of(self.factor(heard), self.rule.step(gradient, weights, heard), weights)

    def step_of_several(self, feedbacks: Sequence[Feedback], weights: Any) -> Any:
        """So much of the step of the rule within, for which each feedback is weighed by its own factor."""
        factors = [self.factor(heard) for _, heard in feedbacks]
        mean = factors[0]
        if any(factor != mean for factor in factors):
            mean = sum(factors) / len(factors)
            each = zip(factors, feedbacks, strict=True)
            feedbacks = [(factor / mean * gradient, heard) for factor, (gradient, heard) in each]
        return _part_of(mean, self.rule.step_of_several(feedbacks, weights), weights)


def _part_of(factor: float, new: Any, weights: Any) -> Any:
    """So much of the step from `weights` to `new` ones."""
    return new if factor == 1 or new is weights else weights + factor * (new - weights)


class RateDecay(Scaled):
    """rate ← schedule(heard) · rate, for the rule within.

    For rules that have no rate to be a schedule, or several, as `Muon` has: `RateDecay(Muon(), cosine_schedule(1, 0,
    9000))`. Outside of them, it hides the fall of the rate from rules that go by their own steps: `WeightPrediction`,
    `GapAware`, `DiscrepancyCorrection` and `WeightAverage` see steps of full length. Pass the schedule as the rate
    there, or put it within them: `GapAware(RateDecay(Muon(), …))`. `ValueError` where the schedule gives a negative
    number or a NaN.
    """

    def __init__(self, rule: Rule | Schedule | float, schedule: Schedule) -> None:
        super().__init__(rule)
        self.schedule = as_schedule(schedule, "the factor of the rate")

    def factor(self, heard: Heard) -> float:
        """As the schedule says."""
        return self.schedule(heard.tasks_before)


class StalenessAware(Scaled):
    """rate ← rate / max(staleness, 1), for the rule within.

    Zhang, Gupta, Lian & Liu, *Staleness-aware Async-SGD for Distributed Deep Learning*, 2016 (arXiv 1511.05950). Each
    feedback is scaled by its own staleness. An update late is as good as none: if every feedback is, it is the rule
    within.
    """

    def factor(self, heard: Heard) -> float:
        """One, a half, a third, … for 1, 2, 3, … updates late."""
        return 1 / max(heard.staleness, 1)


class StalenessPolynomial(Scaled):
    """rate ← rate · (1 + staleness)^−power, for the rule within.

    Xie, Koyejo & Gupta, *Asynchronous Federated Optimization* (FedAsync, arXiv 1903.03934), mix models with this
    factor; Nguyen et al., *Federated Learning with Buffered Asynchronous Aggregation* (FedBuff, arXiv 2106.06639),
    scale updates with it, by power ½, as is done here. Each feedback is scaled by its own staleness. `ValueError` for a
    negative power.
    """

    def __init__(self, rule: Rule | Schedule | float, power: float = 0.5) -> None:
        super().__init__(rule)
        self.power = real_from(power, "a power of the staleness is zero or more")

    def factor(self, heard: Heard) -> float:
        """One where nothing is late."""
        return float((1 + heard.staleness) ** -self.power)


class StalenessHinge(Scaled):
    """rate ← rate, up to a staleness of `free`; rate / (slope · (staleness − free) + 1) beyond; for the rule within.

    Xie, Koyejo & Gupta, *Asynchronous Federated Optimization* (FedAsync, arXiv 1903.03934), who mix models with this
    factor: `slope` is their a, `free` their b. Each feedback is scaled by its own staleness.

    Args:
        rule: The rule within, or the rate of plain `SGD`.
        slope: How steeply the rate falls: zero or more.
        free: Up to which staleness it does not fall, in updates: zero or more.
    """

    def __init__(self, rule: Rule | Schedule | float, slope: float = 1.0, free: int = 0) -> None:
        super().__init__(rule)
        self.slope = real_from(slope, "a slope is zero or more")
        self.free = real_from(free, "free updates are zero or more")

    def factor(self, heard: Heard) -> float:
        """One while the staleness is free."""
        beyond = heard.staleness - self.free
        return 1.0 if beyond <= 0 else 1 / (self.slope * beyond + 1)


class RateRescheduling(Scaled):
    """rate ← rate / max(staleness, 1)^p, with p = 1 − min(heard / tasks, 1), for the rule within.

    Yang et al., *PipeMare: Asynchronous Pipeline Parallel DNN Training* (arXiv 1910.05124), technique T1: it starts as
    `StalenessAware`, and after so many `tasks` is the rule within. There the staleness is that of a stage of the
    pipeline, which is fixed; here each feedback is scaled by its own. `ValueError` where `tasks` are fewer than one.
    """

    def __init__(self, rule: Rule | Schedule | float, tasks: int) -> None:
        super().__init__(rule)
        self.tasks = real_from(tasks, "a rate is rescheduled over one task or more", least=1)

    def factor(self, heard: Heard) -> float:
        """One where nothing is late, and for everything in the end."""
        return float(max(heard.staleness, 1) ** -(1 - min(heard.tasks_before / self.tasks, 1)))
