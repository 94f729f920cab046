import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from office.errors import WrongType
from office.work import NO_FEEDBACK, relu
from tests.work.oracles import arrays_of, bits

shapes = st.sampled_from([(4,), (2, 3), (0, 3), (2, 1, 2)])


@given(st.data(), shapes)
def test_what_is_positive_passes_both_ways_and_nothing_else_does(data, shape):
    inputs, feedback = data.draw(arrays_of(*shape)), data.draw(arrays_of(*shape))
    output, handle_feedback = relu(inputs)
    re_inputs = handle_feedback(feedback)
    for index in np.ndindex(shape):
        number = inputs[index]
        assert output[index] == (number if number > 0 else 0.0)
        assert re_inputs[index] == (feedback[index] if number > 0 else 0.0)


def test_at_zero_of_either_sign_nothing_passes():
    output, handle_feedback = relu(np.array([0.0, -0.0, 5e-324]))
    assert output.tolist() == [0.0, 0.0, 5e-324]
    assert handle_feedback(np.ones(3)).tolist() == [0.0, 0.0, 1.0]


def test_feedback_however_great_does_not_pass_where_the_number_was_not_positive():
    handle_feedback = relu(np.array([-1.0, 0.0, 1.0]))[1]
    assert handle_feedback(np.full(3, 1e308)).tolist() == [0.0, 0.0, 1e308]


def test_infinities_and_nan_are_answered_as_maximum_answers_them():
    assert bits(relu(np.array([np.inf, -np.inf, np.nan]))[0]) == bits(np.array([np.inf, 0.0, np.nan]))


def test_whole_numbers_and_lists_are_taken_as_floats_and_words_refused():
    for inputs in ([[-1, 2]], np.array([[-1, 2]])):
        output, handle_feedback = relu(inputs)
        assert (output.tolist(), output.dtype) == ([[0.0, 2.0]], np.float64)
        assert handle_feedback(np.array([[0.5, 0.5]])).tolist() == [[0.0, 0.5]]
    with pytest.raises(WrongType):
        relu("words")


def test_a_number_alone_is_answered_too():
    output, handle_feedback = relu(1.5)
    assert (output, handle_feedback(2.5)) == (1.5, 2.5)
    assert relu(-1.5)[1](NO_FEEDBACK) is NO_FEEDBACK
