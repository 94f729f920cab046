"""What becomes of weights when feedback comes: one rule a file, each with its formula and where it is from.

By themselves: `SGD`, `Momentum`, `Adam`, `Muon`; made for late feedback: `SpikeCompensation`, `AsyncNesterov`. Around
any other: `RateDecay`, `WeightAverage`; and for late feedback: `StalenessAware`, `StalenessPolynomial`,
`StalenessHinge`, `RateRescheduling` (all `Scaled`), `Discard`, `DelayCompensation`, `GapAware`, `WeightPrediction`,
`DiscrepancyCorrection`. A rule of one's own is a `Rule` with a `step`; see there.
"""

from __future__ import annotations

from office.work.rules.adam import Adam
from office.work.rules.around import Around, Scaled
from office.work.rules.async_nesterov import AsyncNesterov
from office.work.rules.delay_compensation import DelayCompensation
from office.work.rules.discard import Discard
from office.work.rules.discrepancy_correction import DiscrepancyCorrection
from office.work.rules.gap_aware import GapAware
from office.work.rules.momentum import Momentum
from office.work.rules.muon import Muon
from office.work.rules.rate_decay import RateDecay
from office.work.rules.rate_rescheduling import RateRescheduling
from office.work.rules.rule import Rule, as_rule
from office.work.rules.sgd import SGD
from office.work.rules.spike_compensation import SpikeCompensation
from office.work.rules.staleness_aware import StalenessAware
from office.work.rules.staleness_hinge import StalenessHinge
from office.work.rules.staleness_polynomial import StalenessPolynomial
from office.work.rules.weight_average import WeightAverage
from office.work.rules.weight_prediction import WeightPrediction

__all__ = [
    "SGD",
    "Adam",
    "Around",
    "AsyncNesterov",
    "DelayCompensation",
    "Discard",
    "DiscrepancyCorrection",
    "GapAware",
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
