import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from office.errors import AlreadyAnswered, RefusedMessage, WrongShape, WrongType
from office.work import NO_FEEDBACK, Affine, Linear, LinearTotal, reshape, softmax, with_rows
from tests.work.oracles import arrays_of, bits, snapshot

leading = st.lists(st.integers(0, 3), max_size=3).map(tuple)


@given(st.integers(0, 3), st.sampled_from([(6,), (2, 3), (1, 6, 1), (-1,), (3, -1), (-1, 2)]), st.data())
def test_each_row_gets_the_shape_and_the_feedback_gets_the_old_one_back(rows, shape, data):
    inputs = data.draw(arrays_of(rows, 3, 2))
    output, handle_feedback = reshape(*shape)(inputs)
    assert output.shape == (rows, *np.empty(6).reshape(shape).shape)
    assert bits(output) == bits(inputs)
    re_inputs = handle_feedback(output + 1.0)
    assert re_inputs.shape == inputs.shape
    assert bits(re_inputs) == bits(inputs + 1.0)
    assert not output.flags.writeable
    assert not re_inputs.flags.writeable


def test_one_number_a_row_needs_no_shape_and_rows_without_numbers_keep_their_place():
    assert reshape()(np.ones((3, 1)))[0].shape == (3,)
    assert reshape(1)(np.ones(3))[0].shape == (3, 1)
    assert reshape(-1)(np.empty((2, 0, 3)))[0].shape == (2, 0)
    assert reshape(4)([[1, 2, 3, 4]])[0].dtype == np.float64


@pytest.mark.parametrize("rows", [0, 2])
@pytest.mark.parametrize("shape", [(5,), (4, -1), (-1, -1), (6, 2), ()])
def test_rows_that_do_not_fit_are_refused_be_there_some_or_none(rows, shape):
    with pytest.raises(WrongShape, match="numbers a row"):
        reshape(*shape)(np.ones((rows, 6)))


def test_what_has_no_rows_or_is_no_number_is_refused():
    with pytest.raises(WrongShape, match="no rows"):
        reshape(1)(1.0)
    with pytest.raises(WrongType):
        reshape(1)("words")


def test_feedback_on_other_numbers_of_the_same_size_is_refused():
    _, handle_feedback = reshape(2, 3)(np.ones((4, 6)))
    with pytest.raises(WrongShape):
        handle_feedback(np.ones((4, 6)))
    assert handle_feedback(np.ones((4, 2, 3))).shape == (4, 6)
    with pytest.raises(AlreadyAnswered):
        handle_feedback(np.ones((4, 2, 3)))
    assert reshape(6)(np.ones((1, 2, 3)))[1](NO_FEEDBACK) is NO_FEEDBACK


@pytest.mark.parametrize(
    ("make", "answer"), [(lambda: Affine.drawn(2, 3), (3,)), (lambda: Linear.drawn(2), ()), (lambda: softmax, (2,))]
)
@given(leading=leading, seed=st.integers(0, 99))
def test_whatever_stands_before_the_columns_comes_back_around_the_answers(make, answer, leading, seed):
    worker = make()
    inputs = np.random.default_rng(seed).normal(size=(*leading, 2))
    output, handle_feedback = with_rows(worker)(inputs)
    assert np.shape(output) == (*leading, *answer)
    for index in np.ndindex(leading):
        assert output[index] == pytest.approx(worker(inputs[index][None])[0][0])
    feedback = np.ones(np.shape(output)) if np.shape(output) else 1.0
    assert handle_feedback(feedback).shape == inputs.shape


def test_a_batch_is_answered_and_learnt_from_like_the_giant_table_it_makes_and_the_worker_called_once():
    first, other, calls = Affine.drawn(2, 3), Affine.drawn(2, 3), []

    def witness(inputs):
        calls.append(inputs.flags.writeable)
        return first(inputs)

    inputs = np.random.default_rng(0).normal(size=(4, 5, 2))
    output, handle_feedback = with_rows(witness)(inputs)
    giant, handle_giant = other(inputs.reshape(20, 2))
    assert bits(output) == bits(giant)
    assert bits(handle_feedback(output - 1.0)) == bits(handle_giant(giant - 1.0))
    assert snapshot(first) == snapshot(other)
    assert calls == [False]


def test_answers_in_whole_numbers_hear_feedback_in_fractions():
    heard = []
    counting = with_rows(lambda inputs: (np.arange(len(inputs)), lambda re: heard.append(re.tolist()) or inputs))
    counting(np.ones((2, 1)))[1](np.array([0.5, 0.25]))
    assert heard == [[0.5, 0.25]]


def test_what_has_no_columns_is_refused_and_so_is_a_worker_that_does_not_answer_row_by_row():
    with pytest.raises(WrongShape, match="no columns"):
        with_rows(Affine.drawn(2, 3))(1.0)
    with pytest.raises(WrongShape, match="not one entry for each"):
        with_rows(LinearTotal.drawn(2))(np.ones((4, 5, 2)))
    with pytest.raises(WrongShape, match="columns"):
        with_rows(Affine.drawn(2, 3))(np.ones((4, 5, 3)))


@pytest.mark.parametrize("feedback", [1.0, np.ones((20, 3)), np.full((4, 5, 3), np.nan), np.ones((4, 5, 3), int)])
def test_refused_feedback_changes_nothing_and_the_right_one_may_still_come(feedback):
    worker = Affine.drawn(2, 3)
    _, handle_feedback = with_rows(worker)(np.ones((4, 5, 2)))
    before = snapshot(worker)
    with pytest.raises(RefusedMessage):
        handle_feedback(feedback)
    assert snapshot(worker) == before
    handle_feedback(np.ones((4, 5, 3)))
    with pytest.raises(AlreadyAnswered):
        handle_feedback(np.ones((4, 5, 3)))


def test_no_feedback_is_passed_on_both_ways():
    worker = Affine.drawn(2, 3)
    assert with_rows(worker)(np.ones((4, 5, 2)))[1](NO_FEEDBACK) is NO_FEEDBACK
    assert (worker.heard, worker.updates) == (1, 0)
    silent = with_rows(lambda inputs: (inputs, lambda _feedback: NO_FEEDBACK))
    assert silent(np.ones((4, 5, 2)))[1](np.ones((4, 5, 2))) is NO_FEEDBACK
