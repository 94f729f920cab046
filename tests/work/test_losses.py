import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from office.errors import AlreadyAnswered, NotANumber, WrongShape, WrongType
from office.work import (
    NO_FEEDBACK,
    Affine,
    examiner,
    half_squared_error,
    in_sequence,
    softmax_cross_entropy,
    squared_error,
)
from tests.work.oracles import arrays_of, bits, gradient, numbers, slope, snapshot, with_target

LOSSES = [squared_error, half_squared_error]


@pytest.mark.parametrize("loss", LOSSES)
@given(output=numbers, target=numbers)
def test_feedback_on_a_number_is_the_slope_of_its_loss(loss, output, target):
    error, re_output = loss(output, target)
    assert type(error) is type(re_output) is float
    assert re_output == pytest.approx(slope(lambda it: loss(it, target)[0], output, 1.0), abs=1e-6)


@pytest.mark.parametrize("loss", LOSSES)
@given(data=st.data(), shape=st.sampled_from([(0,), (1,), (3,), (2, 3)]))
def test_feedback_on_an_array_is_the_gradient_of_its_loss(loss, data, shape):
    output, target = data.draw(arrays_of(*shape)), data.draw(arrays_of(*shape))
    before = bits(output), bits(target)
    error, re_output = loss(output, target)
    assert type(error) is float
    assert re_output == pytest.approx(gradient(lambda it: loss(it, target)[0], output), abs=1e-6)
    assert (bits(output), bits(target)) == before
    assert not re_output.flags.writeable
    assert not np.may_share_memory(re_output, output)


@given(arrays_of(4), arrays_of(4))
def test_squared_error_is_a_mean_and_half_squared_error_half_a_sum(output, target):
    assert squared_error(output, target)[0] == pytest.approx(np.mean((output - target) ** 2))
    assert half_squared_error(output, target)[0] == pytest.approx(np.sum((output - target) ** 2) / 2)


def test_numbers_of_every_kind_give_floats():
    for output in (3.0, np.float64(3), np.float32(3), 3, np.array(3.0)):
        for target in (1.0, 1, np.float64(1), np.array(1)):
            assert squared_error(output, target) == (4.0, 4.0)
            assert half_squared_error(output, target) == (2.0, 2.0)


@pytest.mark.parametrize("loss", LOSSES)
def test_an_answer_that_has_not_the_shape_of_the_target_is_refused_and_not_stretched(loss):
    for output, target in ((1.0, np.ones(1)), (np.ones(3), 1.0), (np.ones(3), np.ones((3, 1)))):
        with pytest.raises(WrongShape):
            loss(output, target)


# A loss as a worker


@pytest.mark.parametrize("loss", [squared_error, half_squared_error])
@given(output=arrays_of(2, 3), target=arrays_of(2, 3), weight=numbers)
def test_the_answer_is_the_loss_and_feedback_on_it_scales_the_feedback_on_the_output(loss, output, target, weight):
    answer, handle_feedback = examiner(loss)((output, target))
    expected, re_output = loss(output, target)
    assert (type(answer), answer) == (float, expected)
    scaled, said_of_the_target = handle_feedback(weight)
    assert bits(scaled) == bits(re_output * weight)
    assert said_of_the_target is NO_FEEDBACK


def test_a_number_is_examined_too_and_what_goes_down_is_a_float():
    answer, handle_feedback = examiner(squared_error)((3.0, 1.0))
    assert answer == 4.0
    re_output, _ = handle_feedback(0.5)
    assert (re_output, type(re_output)) == (2.0, float)


def test_a_loss_of_ones_own_keeps_its_gradient_to_itself():
    mine = np.array([1.0, -1.0])
    _, handle_feedback = examiner(lambda output, target: (0.0, mine))(("an answer", "a target"))
    re_output, _ = handle_feedback(1.0)
    assert re_output.tolist() == [1.0, -1.0]
    assert not np.may_share_memory(re_output, mine)
    assert not re_output.flags.writeable
    assert mine.flags.writeable


def test_workers_and_an_examiner_in_sequence_learn_as_if_the_loss_were_worked_out_outside():
    first, other = Affine.drawn(3, 2), Affine.drawn(3, 2)
    inputs, classes = np.random.default_rng(0).normal(size=(4, 3)), np.array([0, 1, 1, 0])
    loss, handle_feedback = in_sequence(with_target(first), examiner(softmax_cross_entropy))((inputs, classes))
    output, handle_output = other(inputs)
    expected, re_output = softmax_cross_entropy(output, classes)
    assert loss == expected
    re_inputs, said_of_the_target = handle_feedback(1.0)
    assert bits(re_inputs) == bits(handle_output(re_output))
    assert said_of_the_target is NO_FEEDBACK
    assert snapshot(first) == snapshot(other)


def test_no_feedback_on_a_loss_is_no_feedback_on_the_output():
    assert examiner(squared_error)((1.0, 2.0))[1](NO_FEEDBACK) is NO_FEEDBACK


@pytest.mark.parametrize("body", ["words", 1.0, np.ones(2), (1.0,), (1.0, 2.0, 3.0), [1.0, 2.0]])
def test_an_examiner_refuses_what_is_no_pair(body):
    with pytest.raises(WrongType, match="where a pair"):
        examiner(squared_error)(body)


def test_an_examiner_refuses_what_his_loss_refuses_and_feedback_that_is_none():
    with pytest.raises(WrongShape):
        examiner(squared_error)((np.ones(2), np.ones(3)))
    _, handle_feedback = examiner(squared_error)((np.ones(2), np.zeros(2)))
    for feedback, error in ((np.ones(2), WrongShape), ("better", WrongType), (np.nan, NotANumber)):
        with pytest.raises(error):
            handle_feedback(feedback)
    assert handle_feedback(1.0)[0].tolist() == [1.0, 1.0]
    with pytest.raises(AlreadyAnswered):
        handle_feedback(1.0)
