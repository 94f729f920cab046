"""Rules that make up for late feedback, each against the loop of its formula."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from office.work import (
    SGD,
    Around,
    AsyncNesterov,
    DelayCompensation,
    GapAware,
    Heard,
    Momentum,
    Notes,
    Parameters,
    SpikeCompensation,
    WeightPrediction,
)
from tests.work.oracles import arrays_of, bits
from tests.work.rules.every_rule import gradients, late, learnt


@given(gradients, st.floats(0, 0.99))
def test_with_nothing_late_spike_compensation_is_momentum_to_the_bit(gradients, momentum):
    plain, rule = learnt(Momentum(0.1, momentum), gradients), learnt(SpikeCompensation(0.1, momentum), gradients)
    assert list(map(bits, plain)) == list(map(bits, rule))
    both = learnt(WeightPrediction(SpikeCompensation(0.1, momentum)), gradients)
    assert list(map(bits, learnt(Momentum(0.1, momentum), gradients))) == list(map(bits, both))


@given(gradients, st.floats(0, 0.99))
def test_nesterov_is_the_loop_of_its_formula(gradients, momentum):
    weights = before = np.ones((2, 3))
    for gradient, learnt_by_rule in zip(gradients, learnt(AsyncNesterov(0.1, momentum), gradients), strict=True):
        ahead = weights + momentum * (weights - before)
        weights, before = ahead - 0.1 * (1 - momentum) * gradient, weights
        assert learnt_by_rule == pytest.approx(weights, abs=1e-12)


def test_nesterov_answers_from_where_its_momentum_takes_it():
    parameters = Parameters([1.0], AsyncNesterov(1.0, 0.5))
    parameters.learn([1.0], parameters.answer())
    assert parameters.arrays == (0.5,)
    assert parameters.answer().weights == (0.25,)


@given(arrays_of(3), st.integers(0, 5))
def test_delay_compensation_with_the_true_hessian_is_undelayed_descent(start, staleness):
    curvatures = np.array([0.5, 1.0, 3.0])

    class Knowing(DelayCompensation):
        def hessian(self, gradient, square):
            return curvatures

    now = list(late(SGD(0.1), 0, 30, curvatures.__mul__, start))
    then = list(late(Knowing(SGD(0.1)), staleness, 30 + staleness, curvatures.__mul__, start))
    assert np.array(then[staleness:]) == pytest.approx(np.array(now), abs=1e-12)


@given(st.lists(st.tuples(arrays_of(3), arrays_of(3), st.integers(0, 3)), min_size=1, max_size=6))
def test_delay_compensation_is_the_loop_of_its_formula_constant_and_adaptive(reports):
    weights, square = np.zeros(3), np.zeros(3)
    constant, adaptive = DelayCompensation(1.0, 0.04), DelayCompensation(1.0, 2.0, 0.95)
    for gradient, then, staleness in reports:
        square = 0.95 * square + 0.05 * gradient**2
        apart = (weights - then) if staleness else 0.0
        for rule, strength in (constant, 0.04), (adaptive, 2.0 / np.sqrt(square + 1e-7)):
            expected = weights - (gradient + strength * gradient**2 * apart)
            assert rule.step(gradient, weights, Heard(then, staleness)) == pytest.approx(expected, rel=1e-12, abs=1e-12)


@given(st.lists(st.tuples(arrays_of(3), arrays_of(3), st.integers(0, 3)), min_size=1, max_size=6))
def test_gap_aware_is_the_loop_of_its_formula(reports):
    rule, weights, velocity, square = GapAware(Momentum(0.5), 0.9), np.zeros(3), np.zeros(3), np.zeros(3)
    for t, (gradient, then, staleness) in enumerate(reports):
        gap = abs(weights - then) / (0.5 * np.sqrt(square / (1 - 0.9**t)) + 1e-8) if t and staleness else 0.0
        velocity = 0.9 * velocity + gradient / (1 + gap)
        square = 0.9 * square + 0.1 * velocity**2
        new = rule.step(gradient, weights, Heard(then, staleness))
        weights = weights - 0.5 * velocity
        assert new == pytest.approx(weights, rel=1e-6, abs=1e-9)


def test_a_weight_that_is_as_far_away_as_one_usual_step_has_half_its_gradient_counted():
    rule = GapAware(1.0)
    assert rule.step(2.0, 10.0, Heard(10.0)) == 8.0
    assert rule.step(4.0, 8.0, Heard(10.0, 1, 1)) == pytest.approx(6.0)


@given(st.lists(st.floats(-1, 1), min_size=1, max_size=20), st.integers(0, 6), st.sampled_from([0.0, 0.5, 0.9]))
def test_spike_compensation_is_undelayed_momentum_less_the_gradients_not_yet_arrived(gradients, staleness, momentum):
    rule, weights = SpikeCompensation(0.1, momentum), 0.0
    velocity = printed = 0.0
    for now in range(len(gradients)):
        late_one = gradients[now - staleness] if now >= staleness else 0.0
        weights = rule.step(late_one, weights, Heard(None, staleness, now))
        undelayed = 0.0  # each gradient's effect until now, had it come at once; those not yet arrived have none
        for then in range(now - staleness + 1):
            undelayed -= 0.1 * gradients[then] * sum(momentum**k for k in range(now - then + 1))
        assert weights == pytest.approx(undelayed, abs=1e-14)
        velocity = momentum * velocity + late_one  # and the formula as it is printed
        left = momentum**staleness
        printed -= 0.1 * (left * velocity + (1 - left) / (1 - momentum) * late_one)
        assert weights == pytest.approx(printed, abs=1e-14)


@given(st.permutations(range(8)), st.lists(st.floats(-1, 1), min_size=8, max_size=8))
def test_spike_compensation_leaves_no_trace_of_the_order_in_which_gradients_came(order, gradients):
    """Eight gradients, one for each of the first eight versions, in any order; then silence."""
    rule, weights = SpikeCompensation(0.1, 0.9), 0.0
    for update in range(8, 16):
        version = order[update - 8]
        weights = rule.step(gradients[version], weights, Heard(None, update - version))
    effects = (sum(0.9**k for k in range(16 - version)) for version in range(8))
    assert weights == pytest.approx(-0.1 * sum(map(float.__mul__, gradients, effects)), abs=1e-13)


def test_prediction_answers_as_far_ahead_along_the_velocity_as_feedback_is_late():
    for delay, staleness in (None, 3), (3.0, 1):
        rule = WeightPrediction(Momentum(0.1, 0.5), delay)
        parameters = Parameters([1.0], rule)
        assert parameters.answer().weights == (1.0,)
        parameters.learn([2.0], Notes((1.0,), -staleness, 0))
        assert parameters.arrays == (pytest.approx(0.8),)
        assert parameters.answer().weights == (pytest.approx(0.8 - 3 * 0.1 * 2.0),)


def test_the_velocity_form_and_the_weight_difference_form_differ_where_the_velocity_is_not_the_step():
    spike, heavy = WeightPrediction(SpikeCompensation(0.1, 0.5), 1), WeightPrediction(Momentum(0.1, 0.5), 1)
    other = WeightPrediction(Around(SpikeCompensation(0.1, 0.5)), 1)  # which shows no velocity
    new = [rule.step(1.0, 0.0, Heard(0.0, 1)) for rule in (spike, heavy, other)]
    assert new == [pytest.approx(-0.15), pytest.approx(-0.1), pytest.approx(-0.15)]
    ahead = [rule.answer_with(0.0) for rule in (spike, heavy, other)]
    assert ahead == [pytest.approx(-0.1), pytest.approx(-0.1), pytest.approx(-0.15)]
