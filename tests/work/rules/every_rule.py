"""The rules that go around another and those made for late feedback, to be tried one after another."""

from collections import deque

import numpy as np
import pytest
from hypothesis import strategies as st

from office.work import (
    AsyncNesterov,
    DelayCompensation,
    Discard,
    DiscrepancyCorrection,
    GapAware,
    Momentum,
    Muon,
    Parameters,
    RateDecay,
    RateRescheduling,
    SpikeCompensation,
    StalenessAware,
    StalenessHinge,
    StalenessPolynomial,
    WeightAverage,
    WeightPrediction,
)
from tests.work.oracles import arrays_of

AROUND = {
    "RateDecay": lambda rule: RateDecay(rule, lambda _count: 1.0),
    "StalenessAware": StalenessAware,
    "StalenessPolynomial": StalenessPolynomial,
    "StalenessHinge": StalenessHinge,
    "RateRescheduling": lambda rule: RateRescheduling(rule, 10),
    "Discard": lambda rule: Discard(rule, 0),
    "DelayCompensation": DelayCompensation,
    "adaptive DelayCompensation": lambda rule: DelayCompensation(rule, 2.0, 0.95),
    "GapAware": GapAware,
    "WeightPrediction": WeightPrediction,
    "DiscrepancyCorrection": lambda rule: DiscrepancyCorrection(rule, 4),
    "WeightAverage": WeightAverage,
}
MADE = {
    **{name: lambda make=make: make(Momentum(0.1)) for name, make in AROUND.items()},
    "SpikeCompensation": lambda: SpikeCompensation(0.1),
    "AsyncNesterov": lambda: AsyncNesterov(0.1),
    "Muon": Muon,
}
each_rule = pytest.mark.parametrize("make", MADE.values(), ids=MADE)
gradients = st.lists(arrays_of(2, 3), min_size=1, max_size=6)


def learnt(rule, gradients, start=1.0, policy="stash"):
    """The weights after each of these gradients, none of them late."""
    parameters = Parameters([np.full(np.shape(gradients[0]), start)], rule, policy=policy)
    for gradient in gradients:
        notes = parameters.answer()
        parameters.differentiated(notes)
        parameters.learn([gradient], notes)
        yield parameters.arrays[0]


def late(rule, staleness, updates, gradient_at, start=1.0):
    """The weights after each update on feedback so many updates late; nothing is said until there is some."""
    parameters, pending = Parameters([start], rule), deque()
    for _ in range(updates):
        pending.append(parameters.answer())
        if len(pending) > staleness:
            notes = pending.popleft()
            parameters.learn([gradient_at(notes.weights[0])], notes)
        else:
            parameters.learn([0.0 * parameters.arrays[0]], parameters.answer())
        assert parameters.updates == parameters.heard
        yield parameters.arrays[0]
