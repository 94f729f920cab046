"""What becomes of weights when feedback comes: each rule with its formula and its source.

`plain`: `SGD`, `Momentum`, `Adam`; `muon`: `Muon`. Around any other: `scaled` (the step is scaled, by lateness or by
the count of tasks), `around` (`Discard`, `WeightAverage`), `accumulate` (one step for several feedbacks). Made for late
feedback: `compensation`. A rule of your own is a `Rule` with a `step`; see there.
"""

from __future__ import annotations

from office.work.rules.accumulate import Accumulate
from office.work.rules.around import Around, Discard, WeightAverage
from office.work.rules.compensation import (
    AsyncNesterov,
    DelayCompensation,
    DiscrepancyCorrection,
    GapAware,
    SpikeCompensation,
    WeightPrediction,
)
from office.work.rules.muon import Muon
from office.work.rules.plain import SGD, Adam, Momentum, as_rule
from office.work.rules.rule import Heard, Rule
from office.work.rules.scaled import (
    RateDecay,
    RateRescheduling,
    Scaled,
    StalenessAware,
    StalenessHinge,
    StalenessPolynomial,
)

BIND_ANEW = frozenset(
    {
        SGD,
        Adam,
        Momentum,
        Muon,
        Accumulate,
        Discard,
        WeightAverage,
        RateDecay,
        RateRescheduling,
        StalenessAware,
        StalenessHinge,
        StalenessPolynomial,
        AsyncNesterov,
        DelayCompensation,
        DiscrepancyCorrection,
        GapAware,
        SpikeCompensation,
        WeightPrediction,
    }
)
"""The rules that bind what they remember anew at each step, and change nothing in place."""

__all__ = [
    "BIND_ANEW",
    "SGD",
    "Accumulate",
    "Adam",
    "Around",
    "AsyncNesterov",
    "DelayCompensation",
    "Discard",
    "DiscrepancyCorrection",
    "GapAware",
    "Heard",
    "Momentum",
    "Muon",
    "RateDecay",
    "RateRescheduling",
    "Rule",
    "Scaled",
    "SpikeCompensation",
    "StalenessAware",
    "StalenessHinge",
    "StalenessPolynomial",
    "WeightAverage",
    "WeightPrediction",
    "as_rule",
]
