import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from office.errors import AlreadyAnswered, WrongShape
from office.work import NO_FEEDBACK, Affine, LinearTotal, combine_by_addition, identity, residual
from tests.work.oracles import Recorder, bits, few, snapshot, some_like, state_of, tables


@given(few, st.sampled_from([np.float32, np.float64]), st.sampled_from([np.float32, np.float64]), st.integers(0, 99))
def test_it_is_a_team_of_identity_and_the_worker_under_addition_to_the_bit(rows, dtype, heard, seed):
    inputs = np.random.default_rng(seed).normal(size=(rows, 3)).astype(dtype)
    first, other = (Affine.drawn(3, 3, dtype=dtype) for _ in range(2))
    output, handle_feedback = residual(first)(inputs)
    expected, handle_expected = combine_by_addition([identity, other])(inputs)
    assert bits(output) == bits(expected)
    feedback = some_like(output, seed).astype(heard)
    assert bits(handle_feedback(feedback)) == bits(handle_expected(feedback))
    assert snapshot(first) == snapshot(other)


@given(tables())
def test_a_worker_that_has_nothing_to_add_leaves_the_inputs_and_the_feedback_as_they_are(inputs):
    columns = inputs.shape[1]
    output, handle_feedback = residual(Affine(np.zeros((columns, columns)), np.zeros(columns)))(inputs)
    assert (output == inputs).all()
    assert (handle_feedback(inputs + 1.0) == inputs + 1.0).all()


def test_the_feedback_goes_to_the_worker_and_down_beside_his_own():
    worker = Recorder(np.array([10.0, 20.0]), np.array([0.5, 0.25]))
    output, handle_feedback = residual(worker)(np.array([1.0, 2.0]))
    assert output.tolist() == [11.0, 22.0]
    assert handle_feedback(np.array([3.0, 4.0])).tolist() == [3.5, 4.25]
    assert [feedback.tolist() for feedback in worker.heard] == [[3.0, 4.0]]


def test_where_the_worker_has_nothing_to_say_about_the_inputs_the_feedback_still_goes_down():
    worker = Recorder(np.ones(2), NO_FEEDBACK)
    assert residual(worker)(np.ones(2))[1](np.array([3.0, 4.0])).tolist() == [3.0, 4.0]
    assert residual(worker)(np.ones(2))[1](NO_FEEDBACK) is NO_FEEDBACK
    assert len(worker.heard) == 1


def test_the_worker_cannot_write_into_the_inputs_that_are_yet_to_be_added():
    seen = []
    residual(lambda inputs: (seen.append(inputs) or inputs, None))(np.ones(2))
    assert not seen[0].flags.writeable


@pytest.mark.parametrize("worker", [Affine.drawn(3, 2), LinearTotal.drawn(3), lambda _: (np.ones((2, 1)), None)])
def test_an_answer_of_another_shape_is_refused_and_not_stretched(worker):
    with pytest.raises(WrongShape, match="added to inputs"):
        residual(worker)(np.ones((2, 3)))


def test_refused_feedback_changes_nothing_and_a_second_is_refused():
    worker = Affine.drawn(3, 3)
    _, handle_feedback = residual(worker)(np.ones((1, 3)))
    before = state_of(worker)
    with pytest.raises(WrongShape):
        handle_feedback(np.ones(3))
    assert state_of(worker) == before
    handle_feedback(np.ones((1, 3)))
    with pytest.raises(AlreadyAnswered):
        handle_feedback(np.ones((1, 3)))


def test_identity_passes_words_and_numbers_on_as_they_are_and_hears_once():
    for body in ("a proposal", np.ones(2), 3, None):
        output, handle_feedback = identity(body)
        feedback = ["bolder"]
        assert output is body
        assert handle_feedback(feedback) is feedback
        with pytest.raises(AlreadyAnswered):
            handle_feedback(feedback)
    assert identity(1.0)[1](NO_FEEDBACK) is NO_FEEDBACK
