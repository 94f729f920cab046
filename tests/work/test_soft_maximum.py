import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from office.errors import NotANumber
from office.work import (
    NO_FEEDBACK,
    average,
    combine_by_soft_maximum,
    linear_schedule,
    maximum,
    soft_maximum,
)
from tests.work.california import copies, train
from tests.work.oracles import answers, bits, gradient, ones_like

temperatures = st.floats(0.05, 100.0)


@given(answers(), temperatures)
def test_it_is_the_log_mean_exp(outputs, temperature):
    expected = temperature * np.log(np.mean(np.exp(np.array(outputs) / temperature - 200), axis=0)) + 200 * temperature
    assert soft_maximum(temperature)(outputs)[0] == pytest.approx(expected, abs=1e-8 * max(1, temperature))


@given(answers(), temperatures)
def test_the_shares_are_the_gradient_by_finite_differences(outputs, temperature):
    combination = soft_maximum(temperature)
    output, share_out = combination(outputs)
    feedback = 1.5 * ones_like(output)
    shape = np.shape(output)

    def one_number(them):
        several = [answer if shape else float(answer) for answer in them]
        return float(np.sum(np.multiply(combination(several)[0], feedback)))

    expected = gradient(one_number, np.array(outputs))
    assert np.array(share_out(feedback)) == pytest.approx(expected, abs=1e-4)


@given(answers(), temperatures)
def test_the_shares_are_the_softmax_and_add_up_to_the_feedback(outputs, temperature):
    output, share_out = soft_maximum(temperature)(outputs)
    shares = np.array(share_out(ones_like(output)))
    under = (np.array(outputs) - np.max(outputs, axis=0)) / temperature
    assert shares == pytest.approx(np.exp(under) / np.exp(under).sum(axis=0), abs=1e-12)
    assert shares.sum(axis=0) == pytest.approx(ones_like(output))


@given(answers(), temperatures)
def test_it_lies_between_the_average_and_the_maximum(outputs, temperature):
    output = soft_maximum(temperature)(outputs)[0]
    assert np.all(output >= average(outputs)[0] - 1e-12)
    assert np.all(output <= maximum(outputs)[0])


def assert_the_same(first, other):
    (output, share_out), (expected, share_out_expected) = first, other
    assert bits(output) == bits(expected)
    feedback = ones_like(output)
    for share, wanted in zip(share_out(feedback), share_out_expected(feedback), strict=True):
        assert share is wanted is NO_FEEDBACK or bits(share) == bits(wanted)


@given(answers())
def test_cold_it_is_exactly_the_maximum_and_hottest_exactly_the_average(outputs):
    assert_the_same(soft_maximum(0)(outputs), maximum(outputs))
    assert_the_same(soft_maximum(0.0)(outputs), maximum(outputs))
    assert_the_same(soft_maximum(math.inf)(outputs), average(outputs))


@given(answers())
def test_it_gets_to_the_maximum_and_to_the_average_without_a_jump(outputs):
    assert soft_maximum(1e-9)(outputs)[0] == pytest.approx(maximum(outputs)[0], abs=1e-8)
    for hot in (1e9, 1e100, 1e290):
        output, share_out = soft_maximum(hot)(outputs)
        mean, share_mean = average(outputs)
        assert output == pytest.approx(mean, abs=1e-6)
        feedback = ones_like(output)
        assert np.array(share_out(feedback)) == pytest.approx(np.array(share_mean(feedback)))


@pytest.mark.parametrize("temperature", [5e-324, 1e-300, 1.0, 1e300])
@pytest.mark.parametrize(
    "numbers", [[1e308, -1e308], [math.inf, 1.0], [-math.inf, 1.0], [math.inf] * 2, [-math.inf] * 2]
)
def test_the_largest_numbers_neither_overflow_nor_turn_into_nan(temperature, numbers):
    for outputs in (numbers, [np.array([number]) for number in numbers]):
        output, share_out = soft_maximum(temperature)(outputs)
        shares = np.ravel(share_out(ones_like(output)))
        assert not np.isnan(output)
        assert shares.sum() == pytest.approx(1.0)
        assert shares[np.argmax(numbers)] >= 0.5


@given(answers(members=st.integers(2, 5)), temperatures)
def test_a_number_is_combined_as_an_array_of_one_is(outputs, temperature):
    numbers = [float(np.ravel(output)[0]) for output in outputs]
    output, share_out = soft_maximum(temperature)(numbers)
    row, share_out_row = soft_maximum(temperature)([np.array([number]) for number in numbers])
    assert row[0] == pytest.approx(output)
    assert np.ravel(share_out_row(np.ones(1))) == pytest.approx(np.array(share_out(1.0)))


@pytest.mark.parametrize("temperature", [0.0, 2.0, math.inf])
def test_a_nan_among_the_answers_is_refused_at_any_temperature(temperature):
    for outputs in ([1.0, math.nan], [np.ones(2), np.array([1.0, math.nan])]):
        with pytest.raises(NotANumber):
            soft_maximum(temperature)(outputs)


@pytest.mark.parametrize("temperature", [-1.0, math.nan, -math.inf])
def test_a_temperature_that_is_none_is_refused_as_soon_as_it_is_known(temperature):
    with pytest.raises(ValueError, match="the temperature is"):
        soft_maximum(temperature)
    cooling = soft_maximum([3.0, temperature].__getitem__)
    cooling([1.0, 2.0])
    with pytest.raises(ValueError, match="the temperature at count 1 is"):
        cooling([1.0, 2.0])


def test_the_temperature_falls_with_the_tasks_combined_and_a_refused_one_does_not_count():
    cooling = soft_maximum(linear_schedule(4.0, 0.0, 2))
    with pytest.raises(NotANumber):
        cooling([math.nan, 1.0])
    for temperature in (4.0, 2.0, 0.0, 0.0):
        assert_the_same(cooling([1.0, 3.0]), soft_maximum(temperature)([1.0, 3.0]))


def test_late_feedback_is_shared_out_at_the_temperature_of_its_own_task():
    cooling = soft_maximum(linear_schedule(4.0, 0.0, 1))
    _, share_out_hot = cooling([1.0, 3.0])
    _, share_out_cold = cooling([1.0, 3.0])
    assert share_out_cold(1.0) == [NO_FEEDBACK, 1.0]
    assert share_out_hot(1.0) == soft_maximum(4.0)([1.0, 3.0])[1](1.0)


def test_each_soft_maximum_counts_for_itself():
    schedule = linear_schedule(4.0, 0.0, 1)
    first, other = soft_maximum(schedule), soft_maximum(schedule)
    first([1.0, 3.0])
    assert_the_same(other([1.0, 3.0]), soft_maximum(4.0)([1.0, 3.0]))


@pytest.mark.sampled(3)
@pytest.mark.unwatched
@pytest.mark.parametrize("scale", [1.0, 0.1, 5.0])
def test_a_team_of_two_that_cools_slowly_learns_all_four_rows_from_any_seed(scale):
    steps = 3000
    workers = [copies(40, scale, 0.5, seed=1), copies(40, scale, 0.5, seed=2)]
    team = combine_by_soft_maximum(workers, linear_schedule(30.0, 0.0, steps * 8 // 10))
    assert train(team, steps).max() < 1e-3
