import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from office.work import (
    Linear,
    LinearTotal,
    addition,
    average,
    combine_by_addition,
    combine_by_average,
    half_squared_error,
)
from tests.work.california import ALEX, BO, ROWS, TARGETS, train
from tests.work.oracles import answers, bits, ones_like, snapshot, tables


@given(answers())
def test_an_average_is_the_sum_divided_and_so_is_its_feedback(outputs):
    count = len(outputs)
    mean, share_mean = average(outputs)
    total, share_total = addition(outputs)
    feedback = ones_like(mean)
    assert bits(mean) == bits(total / count)
    for share, full in zip(share_mean(feedback), share_total(feedback), strict=True):
        assert bits(share) == bits(full / count)


@given(tables(rows=st.integers(1, 4)), st.integers(1, 4))
def test_averaging_is_division_around_the_addition_worker_as_in_the_text(inputs, count):
    first = [Linear.drawn(inputs.shape[1], seed=seed) for seed in range(count)]
    other = [Linear.drawn(inputs.shape[1], seed=seed) for seed in range(count)]
    mean, handle_mean_feedback = combine_by_average(first)(inputs)
    total, handle_total_feedback = combine_by_addition(other)(inputs)
    assert bits(mean) == bits(total / count)
    feedback = mean - 1.0
    assert bits(handle_mean_feedback(feedback)) == bits(handle_total_feedback(feedback / count))
    assert [snapshot(worker) for worker in first] == [snapshot(worker) for worker in other]


def moved_by_one_step(make, count, inputs, rate):
    team = make([LinearTotal([0.0, 0.0], 0.0, rate) for _ in range(count)])
    before, handle_feedback = team(inputs)
    handle_feedback(1.0)
    return team(inputs)[0] - before


@given(st.integers(1, 9), tables(rows=st.just(1), columns=st.just(2)))
def test_one_step_moves_the_sum_n_squared_times_as_far_as_the_average(count, inputs):
    far = moved_by_one_step(combine_by_addition, count, inputs, rate=0.1)
    near = moved_by_one_step(combine_by_average, count, inputs, rate=0.1)
    assert far == pytest.approx(count**2 * near)


def error_after(make, count, rate, steps=400):
    inputs = np.array([[1.0, 2.0]])
    team = make([LinearTotal([0.0, 0.0], 0.0, rate) for _ in range(count)])
    for _ in range(steps):
        output, handle_feedback = team(inputs)
        handle_feedback(half_squared_error(output, 3.0)[1])
    return abs(team(inputs)[0] - 3.0)


@pytest.mark.parametrize("count", [1, 2, 5])
@pytest.mark.parametrize("make", [combine_by_addition, combine_by_average])
def test_the_largest_rate_that_converges_differs_by_n_squared(count, make):
    # One worker's error shrinks by 1 - rate·(|x|² + 1) in a step; here |x|² + 1 = 6.
    limit = 2 / 6 / count if make is combine_by_addition else 2 / 6 * count
    assert error_after(make, count, 0.95 * limit) < 1e-6
    assert error_after(make, count, 1.05 * limit) > 1e6


def test_alex_and_bo_answer_what_the_text_prints():
    alex, bo = Linear(*ALEX), Linear(*BO)
    assert alex(ROWS)[0].tolist() == [1.5, 6.0, 7.0, 11.5]
    assert bo(ROWS)[0].tolist() == [0.5, 4.0, 9.0, 12.5]
    assert combine_by_average([alex, bo])(ROWS)[0].tolist() == [1.0, 5.0, 8.0, 12.0]


def test_training_alex_and_bo_ends_at_the_best_linear_fit_and_not_at_the_targets():
    team = combine_by_average([Linear(*ALEX, rule=0.5), Linear(*BO, rule=0.5)])
    error = train(team, 400)
    assert team(ROWS)[0] == pytest.approx(np.array([1.5, 4.5, 7.5, 10.5]))
    assert error == pytest.approx(0.25)
    design = np.column_stack([np.ones(4), ROWS])
    assert np.linalg.lstsq(design, TARGETS, rcond=None)[0] == pytest.approx(np.array([1.5, 3.0, 6.0]))
