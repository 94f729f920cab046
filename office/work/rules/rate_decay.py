"""A rate that changes with the count of tasks, for any rule."""

from __future__ import annotations

from office.work.rules.around import Scaled
from office.work.rules.rule import Rule
from office.work.schedules import Schedule, as_schedule

__all__ = ["RateDecay"]


class RateDecay(Scaled):
    """rate ← schedule(heard) · rate, for the rule within.

    For rules that have no rate to be a schedule, or several, as `Muon` has: `RateDecay(Muon(), cosine_schedule(1, 0,
    9000))`. Outermost, it hides the fall of the rate from rules within that go by their own steps: `WeightPrediction`,
    `GapAware`, `DiscrepancyCorrection` and `WeightAverage` see steps of full length. Pass the schedule as the rate
    there, or put it within them: `GapAware(RateDecay(Muon(), …))`. `ValueError` where the schedule gives a negative
    number or a NaN.
    """

    def __init__(self, rule: Rule | Schedule | float, schedule: Schedule) -> None:
        super().__init__(rule)
        self.schedule = as_schedule(schedule, "the factor of the rate")

    def factor(self, staleness: int, heard: int) -> float:  # noqa: ARG002
        """As the schedule says."""
        return self.schedule(heard)
