"""Rules that scale a step."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from office.work import (
    SGD,
    Adam,
    Heard,
    Momentum,
    Muon,
    RateDecay,
    RateRescheduling,
    Scaled,
    StalenessAware,
    StalenessHinge,
    StalenessPolynomial,
    cosine_schedule,
)
from tests.work.rules.every_rule import gradients

delays = st.lists(st.integers(0, 4), min_size=1, max_size=8)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (StalenessAware(1.0), {0: 1, 1: 1, 2: 1 / 2, 5: 1 / 5}),
        (StalenessPolynomial(1.0), {0: 1, 1: 2**-0.5, 3: 1 / 2}),
        (StalenessPolynomial(1.0, 2), {0: 1, 1: 1 / 4, 3: 1 / 16}),
        (StalenessHinge(1.0, slope=10, free=4), {0: 1, 3: 1, 4: 1, 5: 1 / 11, 6: 1 / 21}),
        (RateRescheduling(1.0, 100), {1: 1, 5: 1 / 5, (5, 50): 5**-0.5, (5, 100): 1, (5, 1000): 1, (0, 0): 1}),
        (RateDecay(1.0, cosine_schedule(1.0, 0.0, 10)), {(3, 0): 1, (3, 5): 1 / 2, (0, 10): 0}),
    ],
    ids=lambda it: type(it).__name__,
)
def test_a_step_is_scaled_as_the_formula_says(rule, expected):
    assert isinstance(rule, Scaled)
    for when, factor in expected.items():
        staleness, tasks = when if isinstance(when, tuple) else (when, 0)
        weights = rule.step(np.array([3.0]), np.array([10.0]), Heard(np.array([9.0]), staleness, tasks))
        assert weights.tolist() == pytest.approx([10.0 - 3.0 * factor], rel=1e-15)


@pytest.mark.parametrize("within", [SGD, Momentum, Adam, lambda rate: Muon(rate, others=Adam(rate))])
@given(gradients, delays)
def test_to_scale_a_step_is_to_scale_the_rate(within, gradients, delays):
    scaled = StalenessAware(within(0.5))
    plain = within(lambda count: 0.5 / max(delays[count % len(delays)], 1))
    weights = other = np.ones((2, 3))
    for count, gradient in enumerate(gradients):
        staleness = delays[count % len(delays)]
        weights = scaled.step(gradient, weights, Heard(weights, staleness, count))
        other = plain.step(gradient, other, Heard(other, staleness, count))
        assert weights == pytest.approx(other, rel=1e-9, abs=1e-9)
