"""Limits of descent with late feedback, by theory alone; `test_limits_by_mail` and others find them in an office."""

from math import pi, sin

import numpy as np
import pytest

from office.theory import (
    fastest_rate,
    heavy_ball,
    nesterov,
    scaled,
    spectral_radius,
    spike_compensation,
    stability_limit,
    weight_prediction,
)
from tests.theory.pipemare import discrepant


@pytest.mark.parametrize("staleness", [0, 1, 2, 5, 10, 32, 64])
def test_plain_descent_bears_twice_a_sine(staleness):
    sine = pytest.approx(2 * sin(pi / (4 * staleness + 2)), rel=1e-9)
    assert stability_limit(staleness) == sine
    assert stability_limit(staleness, rule=heavy_ball()) == sine  # by its roots
    assert stability_limit(np.int8(staleness)) == sine


def test_plain_descent_s_limit_needs_no_roots(monkeypatch):
    monkeypatch.delattr(np, "roots")
    assert stability_limit(100_000) == pytest.approx(pi / 200_001, rel=1e-9)


def test_the_limits_of_the_first_few():
    limits = [stability_limit(staleness) for staleness in (0, 1, 2, 5)]
    assert limits == pytest.approx([2, 1, 0.618034, 0.284630], abs=5e-7)


def test_momentum_bears_more_in_time_and_far_less_a_single_update_late():
    limits = [stability_limit(staleness, 0.9) for staleness in (0, 1, 2)]
    assert limits == pytest.approx([3.8, 0.1, 0.051249], abs=5e-7)
    assert stability_limit(1, 0.75) == pytest.approx(0.25)


@pytest.mark.parametrize("staleness", [0, 1, 2, 5, 10])
@pytest.mark.parametrize("momentum", [0.0, 0.5, 0.9])
def test_just_below_its_limit_descent_is_stable_and_just_above_it_is_not(staleness, momentum):
    limit = stability_limit(staleness, momentum)
    steps = np.array([0.998, 1.002]) * limit
    weights, velocity = [np.ones(2)] * (staleness + 1), np.zeros(2)
    size = np.zeros((3, 2))
    for update in range(3_600):
        velocity = momentum * velocity + steps * weights[-staleness - 1]
        weights = [*weights[-staleness - 1 :], weights[-1] - velocity]
        size[update // 1_200] += weights[-1] ** 2
    assert (size[2] < size[1]).tolist() == [True, False]


@pytest.mark.parametrize("staleness", [0, 1, 2, 5, 20])
def test_at_the_fastest_rate_each_update_leaves_so_much_and_any_other_rate_more(staleness):
    fastest, left = fastest_rate(staleness), staleness / (staleness + 1)
    assert spectral_radius(fastest, staleness) == pytest.approx(left, abs=1e-6)
    assert spectral_radius(0.99 * fastest, staleness) > left + 1e-3
    assert spectral_radius(1.01 * fastest, staleness) > left + 1e-4


def test_the_fastest_rates_of_the_first_few():
    assert [fastest_rate(staleness) for staleness in (0, 1, 2)] == pytest.approx([1, 1 / 4, 4 / 27])


# Rules


def limits(rule, *each):
    return [stability_limit(staleness, rule=rule) for staleness in each]


def test_a_heavy_ball_without_weight_is_plain_descent_and_with_weight_is_momentum():
    assert limits(heavy_ball(), 0, 3) == pytest.approx([stability_limit(0), stability_limit(3)], rel=1e-9)
    assert limits(heavy_ball(0.9), 0, 3) == [stability_limit(0, 0.9), stability_limit(3, 0.9)]


def test_compensation_prediction_and_both_bear_more_than_the_heavy_ball_one_update_late():
    each = spike_compensation(0.9), weight_prediction(0.9), spike_compensation(0.9, predicting=True)
    assert [limits(rule, 1)[0] for rule in each] == pytest.approx([0.2531, 0.2702, 0.2917], abs=5e-5)


def test_thirty_two_updates_late_none_of_them_bears_what_plain_descent_does():
    each = heavy_ball(0.9), spike_compensation(0.9), weight_prediction(0.9), spike_compensation(0.9, predicting=True)
    ten_fold = [10 * limits(rule, 32)[0] for rule in each]
    assert ten_fold == pytest.approx([0.0406, 0.0482, 0.0329, 0.0273], abs=5e-5)
    assert max(ten_fold) < stability_limit(32) == pytest.approx(0.0483, abs=5e-5)


def test_nesterov_bears_much_one_update_late_and_little_thirty_two_late():
    assert limits(nesterov(0.99), 1, 2, 32) == pytest.approx([9.14, 0.972, 0.0338], rel=1e-3)


def test_in_time_there_is_nothing_to_compensate_nor_to_predict():
    for rule in (spike_compensation(0.9), weight_prediction(0.9), spike_compensation(0.9, predicting=True)):
        assert limits(rule, 0) == limits(heavy_ball(0.9), 0)


def test_a_rate_divided_by_staleness_bears_a_little_more_and_comes_to_half_of_pi():
    assert limits(scaled(lambda late: 1 / max(late, 1)), 0, 1, 2) == pytest.approx([2, 1, 1.2361], abs=5e-5)
    assert limits(scaled(lambda late: 1 / max(late, 1)), 50) == pytest.approx([pi / 2], rel=0.011)


def test_polynomial_discounting_bears_the_root_of_staleness_more():
    assert limits(scaled(lambda late: (1 + late) ** -0.5), 0, 1, 2) == pytest.approx([2, 1.4142, 1.0705], abs=5e-5)
    heavy = scaled(lambda _late: 0.5, heavy_ball(0.9))
    assert limits(heavy, 2) == pytest.approx([2 * stability_limit(2, 0.9)])


def test_a_rule_of_one_s_own_is_given_by_its_polynomial():
    assert limits(discrepant(None), 10) == pytest.approx([0.03807], abs=5e-6)
    assert limits(discrepant(0.135), 10) == pytest.approx([0.10587], abs=5e-6)


# Refused


@pytest.mark.parametrize("staleness", [-1, 1.5, "2", None])
def test_staleness_that_is_no_count_is_refused(staleness):
    for formula in (stability_limit, fastest_rate, lambda late: spectral_radius(0.1, late)):
        with pytest.raises(ValueError, match="staleness is a whole number of updates from 0"):
            formula(staleness)


@pytest.mark.parametrize("make", [heavy_ball, spike_compensation, weight_prediction, nesterov])
@pytest.mark.parametrize("momentum", [-0.1, 1.0, float("nan")])
def test_momentum_that_would_never_settle_is_refused(make, momentum):
    with pytest.raises(ValueError, match="momentum is from 0 to less than 1"):
        make(momentum)


def test_a_rule_and_a_momentum_at_once_are_refused():
    with pytest.raises(ValueError, match="either momentum or rule"):
        stability_limit(1, 0.9, rule=nesterov(0.9))
