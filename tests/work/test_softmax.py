import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from office.errors import NotANumber
from office.work import softmax
from tests.work.oracles import arrays_of, numbers, tables


@given(tables())
def test_the_shares_are_the_exponentials_over_their_sum_and_add_up_to_one(inputs):
    shares, _ = softmax(inputs)
    for row, results in zip(inputs.tolist(), shares, strict=True):
        powers = [math.exp(number) for number in row]
        assert results == pytest.approx(np.array(powers) / sum(powers))
        assert results.sum() == pytest.approx(1.0)


@given(tables(), numbers)
def test_what_is_added_to_a_whole_row_makes_no_difference_and_the_feedback_on_a_row_adds_up_to_nothing(inputs, more):
    shares, handle_feedback = softmax(inputs)
    assert softmax(inputs + more)[0] == pytest.approx(shares, abs=1e-12)
    re_inputs = handle_feedback(np.arange(1.0, 1.0 + shares.size).reshape(shares.shape))
    assert re_inputs.sum(axis=1) == pytest.approx(np.zeros(len(inputs)), abs=1e-12)


@given(st.data(), st.sampled_from([(3,), (2, 3), (2, 2, 3), (2, 0, 3)]))
def test_it_is_taken_along_the_last_axis_whatever_the_others(data, shape):
    inputs, feedback = data.draw(arrays_of(*shape)), data.draw(arrays_of(*shape))
    shares, handle_feedback = softmax(inputs)
    re_inputs = handle_feedback(feedback)
    for index in np.ndindex(shape[:-1]):
        alone, handle_alone = softmax(inputs[index])
        assert shares[index] == pytest.approx(alone)
        assert re_inputs[index] == pytest.approx(handle_alone(feedback[index]), abs=1e-12)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_largest_numbers_neither_overflow_nor_turn_into_nan(dtype):
    huge = np.finfo(dtype).max
    for row, expected in (([huge, -huge], [1, 0]), ([huge, huge], [0.5, 0.5]), ([-huge, -huge, 0], [0, 0, 1])):
        shares, handle_feedback = softmax(np.array([row], dtype))
        assert shares.tolist() == [expected]
        assert np.isfinite(handle_feedback(np.ones_like(shares))).all()


@pytest.mark.parametrize("row", [[np.nan, 1.0], [1.0, np.nan], [np.inf, 1.0], [np.inf, np.inf], [-np.inf, -np.inf]])
def test_a_row_of_which_there_are_no_shares_is_refused_and_nothing_is_warned_of(row):
    with pytest.raises(NotANumber):
        softmax(np.array([[0.0, 1.0], row]))
