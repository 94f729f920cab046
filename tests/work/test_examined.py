import numpy as np
import pytest
from hypothesis import given

from office.errors import AlreadyAnswered, NotANumber, RefusedMessage, WrongShape, WrongType
from office.work import (
    NO_FEEDBACK,
    Affine,
    LinearTotal,
    examiner,
    half_squared_error,
    in_sequence,
    softmax_cross_entropy,
    squared_error,
    with_target,
)
from tests.work.oracles import Recorder, arrays_of, bits, numbers, snapshot


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


def test_the_target_goes_past_the_worker_who_hears_only_of_his_own_answer():
    worker = Recorder("an answer", "re inputs")
    pair, handle_feedback = with_target(worker)(("inputs", "the target"))
    assert pair == ("an answer", "the target")
    assert handle_feedback(("bolder", NO_FEEDBACK)) == ("re inputs", NO_FEEDBACK)
    assert worker.heard == ["bolder"]


def test_workers_and_an_examiner_in_sequence_learn_as_if_the_loss_were_worked_out_outside():
    one, other = Affine.drawn(3, 2), Affine.drawn(3, 2)
    inputs, classes = np.random.default_rng(0).normal(size=(4, 3)), np.array([0, 1, 1, 0])
    loss, handle_feedback = in_sequence(with_target(one), examiner(softmax_cross_entropy))((inputs, classes))
    output, handle_output = other(inputs)
    expected, re_output = softmax_cross_entropy(output, classes)
    assert loss == expected
    re_inputs, said_of_the_target = handle_feedback(1.0)
    assert bits(re_inputs) == bits(handle_output(re_output))
    assert said_of_the_target is NO_FEEDBACK
    assert snapshot(one) == snapshot(other)


def test_no_feedback_is_passed_on_both_ways():
    assert examiner(squared_error)((1.0, 2.0))[1](NO_FEEDBACK) is NO_FEEDBACK
    worker = LinearTotal.drawn(2)
    for feedback in (NO_FEEDBACK, (NO_FEEDBACK, NO_FEEDBACK)):
        assert with_target(worker)((np.ones((1, 2)), 3.0))[1](feedback) is NO_FEEDBACK
    assert (worker.heard, worker.updates) == (2, 0)


@pytest.mark.parametrize("body", ["words", 1.0, np.ones(2), (1.0,), (1.0, 2.0, 3.0), [1.0, 2.0]])
def test_what_is_no_pair_is_refused(body):
    for estimator in (examiner(squared_error), with_target(LinearTotal.drawn(2))):
        with pytest.raises(WrongType, match="where a pair"):
            estimator(body)
    worker = LinearTotal.drawn(2)
    _, handle_feedback = with_target(worker)((np.ones((1, 2)), 3.0))
    with pytest.raises(WrongType, match="where a pair"):
        handle_feedback(body)
    assert worker.heard == 0
    handle_feedback((1.0, NO_FEEDBACK))
    with pytest.raises(AlreadyAnswered):
        handle_feedback((1.0, NO_FEEDBACK))


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


def test_a_worker_refuses_the_feedback_in_a_pair_as_he_would_alone():
    worker = LinearTotal.drawn(2)
    _, handle_feedback = with_target(worker)((np.ones((1, 2)), 3.0))
    before = snapshot(worker)
    with pytest.raises(RefusedMessage):
        handle_feedback((np.nan, NO_FEEDBACK))
    assert snapshot(worker) == before
    assert handle_feedback((1.0, NO_FEEDBACK))[0].shape == (1, 2)
