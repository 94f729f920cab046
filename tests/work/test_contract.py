import gc
import weakref

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from office.errors import AlreadyAnswered, BadChart, NotANumber, RefusedMessage, WrongShape, WrongType
from office.work import NO_FEEDBACK, Once, give_feedback
from office.work.contract import (
    as_feedback,
    as_table,
    common_shape,
    has_nan,
    read_only,
    row_by_row,
    sealed,
    shape_of,
)

BAD_FOR_A_NUMBER = [
    (1, WrongType),
    (True, WrongType),
    (1j, WrongType),
    ("not ambitious enough", WrongType),
    (None, WrongType),
    ([1.0], WrongType),
    (np.int64(1), WrongType),
    (np.array(1), WrongType),
    (np.array([1.0]), WrongShape),
    (float("nan"), NotANumber),
    (np.float32("nan"), NotANumber),
    (np.array(np.nan), NotANumber),
]
BAD_FOR_TWO_ROWS = [
    (1.0, WrongShape),
    (np.ones(3), WrongShape),
    (np.ones((2, 1)), WrongShape),
    (np.ones(2, dtype=int), WrongType),
    (np.ones(2, dtype=bool), WrongType),
    (np.ones(2, dtype=complex), WrongType),
    (np.array([1.0, None]), WrongType),
    ([1.0, 1.0], WrongType),
    (np.array([1.0, np.nan]), NotANumber),
]


def test_a_second_feedback_is_refused_by_name():
    callback = Once(lambda feedback: feedback, ())
    assert callback(1.0) == 1.0
    with pytest.raises(AlreadyAnswered) as refusal:
        callback(1.0)
    assert str(refusal.value.at("bo", 4)) == "bo: second feedback for task 4"


@pytest.mark.parametrize(("feedback", "error"), BAD_FOR_A_NUMBER)
def test_bad_feedback_on_a_number_is_refused_and_the_right_one_may_still_come(feedback, error):
    heard = []
    callback = Once(heard.append, ())
    with pytest.raises(error):
        callback(feedback)
    assert heard == []
    callback(2.5)
    assert heard == [2.5]


@pytest.mark.parametrize(("feedback", "error"), BAD_FOR_TWO_ROWS)
def test_bad_feedback_on_an_array_is_refused_and_the_right_one_may_still_come(feedback, error):
    heard = []
    callback = Once(heard.append, (2,))
    with pytest.raises(error):
        callback(feedback)
    right = np.array([1.0, np.inf], dtype=np.float32)
    callback(right)
    assert heard[0] is right


def test_a_refusal_says_both_shapes():
    with pytest.raises(WrongShape) as refusal:
        as_feedback(1.0, (4,))
    assert str(refusal.value.at("alex", 3)) == ("alex: feedback for task 3 has shape (), but the output had shape (4,)")


@pytest.mark.parametrize("feedback", [0.5, np.float64(0.5), np.float32(0.5), np.array(0.5)])
def test_feedback_on_a_number_arrives_as_a_python_float(feedback):
    assert type(as_feedback(feedback, ())) is float


def test_a_callback_that_failed_may_be_called_again():
    replies = iter([ZeroDivisionError, "well"])

    def handle(_feedback):
        reply = next(replies)
        if isinstance(reply, type):
            raise reply
        return reply

    callback = Once(handle, None)
    with pytest.raises(ZeroDivisionError):
        callback("once")
    assert callback("again") == "well"


def test_an_answered_callback_lets_go_of_its_notes():
    notes = np.ones(3)
    callback = Once(notes.dot, None)
    alive = weakref.ref(notes)
    del notes
    assert alive() is not None
    callback(2.0)
    gc.collect()
    assert alive() is None


def test_no_feedback_is_heard_whatever_the_shape_and_counts_as_the_one_time():
    callback = Once(lambda feedback: feedback, (4,))
    assert callback(NO_FEEDBACK) is NO_FEEDBACK
    with pytest.raises(AlreadyAnswered):
        callback(np.ones(4))


def test_only_a_callback_that_knows_the_word_is_told_no_feedback():
    told = []
    assert give_feedback(told.append, NO_FEEDBACK) is NO_FEEDBACK
    assert told == []
    assert give_feedback(Once(told.append, ()), NO_FEEDBACK) is None
    assert told == [NO_FEEDBACK]
    give_feedback(told.append, "bolder")
    assert told == [NO_FEEDBACK, "bolder"]


@given(arrays(st.sampled_from([np.float16, np.float32, np.float64]), st.sampled_from([(), (0,), (5,), (2, 3)])))
@example(np.array([np.inf, -np.inf]))
@example(np.array([1e308, -1e308]))
def test_a_nan_is_found_wherever_it_is_and_nowhere_else(array):
    assert has_nan(array) == np.isnan(array).any()
    assert has_nan(array.T[::-1] if array.ndim else array) == np.isnan(array).any()


@given(st.floats())
def test_any_real_number_but_nan_is_feedback_on_a_number(number):
    if np.isnan(number):
        with pytest.raises(NotANumber):
            as_feedback(number, ())
    else:
        assert as_feedback(number, ()) == number


def test_a_table_of_floats_is_taken_as_it_is_and_others_are_turned_into_one():
    table = np.ones((2, 3))
    assert as_table(table, 3) is table
    for other in (table.astype(int), table.astype(bool), table.astype(np.float32), table.tolist()):
        assert as_table(other, 3).dtype == np.float64
        assert (as_table(other, 3) == table).all()


@pytest.mark.parametrize(
    ("inputs", "error"),
    [
        ("words", WrongType),
        ([[1.0], [1.0, 2.0]], WrongType),
        (np.ones((2, 3), dtype=complex), WrongType),
        (np.array([[None, 1.0, 2.0]]), WrongType),
        (np.ones(3), WrongShape),
        (np.ones((1, 2, 3)), WrongShape),
        (np.ones((2, 4)), WrongShape),
        (1.0, WrongShape),
    ],
)
def test_what_is_no_table_of_three_columns_is_refused(inputs, error):
    with pytest.raises(error):
        as_table(inputs, 3)


@pytest.mark.parametrize(
    ("body", "shape"),
    [(1.0, ()), (1, ()), (np.float32(1), ()), (np.ones((2, 3)), (2, 3)), (np.ones(2, dtype=int), (2,))],
)
def test_numbers_have_a_shape(body, shape):
    assert shape_of(body) == shape


@pytest.mark.parametrize("body", ["words", True, None, [1.0], 1j, np.array(["words"]), np.array([True])])
def test_what_is_no_number_has_no_shape(body):
    assert shape_of(body) is None


def test_bodies_that_do_not_go_together_have_no_common_shape():
    assert common_shape(["words"], "answers") is None
    assert common_shape([1.0, 2], "answers") == ()
    with pytest.raises(BadChart):
        common_shape([], "answers")
    for bodies, error in (
        (["bold", "meek"], WrongType),
        ([1.0, "meek"], WrongType),
        ([1.0, np.ones(1)], WrongShape),
        ([np.ones((2, 1)), np.ones(2)], WrongShape),
    ):
        with pytest.raises(error) as refusal:
            common_shape(bodies, "answers")
        assert isinstance(refusal.value, RefusedMessage)
        assert str(refusal.value.at("estimates", 3)).startswith("estimates: answers for task 3: ")


def test_a_read_only_view_closes_nothing_but_itself():
    theirs = np.ones(3)
    view = read_only(theirs)
    with pytest.raises(ValueError, match="read-only"):
        view[0] = 2.0
    theirs[0] = 2.0
    assert view[0] == 2.0
    assert read_only(view) is view
    assert not sealed(theirs).flags.writeable


def test_an_answer_row_by_row_has_as_many_rows():
    assert row_by_row(np.ones((2, 3)), 2).shape == (2, 3)
    for output in (1.0, np.ones(3), "words"):
        with pytest.raises(WrongShape):
            row_by_row(output, 2)
