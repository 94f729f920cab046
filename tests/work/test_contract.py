import gc
import weakref

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from office.errors import AlreadyAnswered, NotANumber, WrongShape, WrongType
from office.work import NO_FEEDBACK, Once, give_feedback
from office.work.contract import as_feedback

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
    right = np.array([1.0, 3e38], dtype=np.float32)
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


@pytest.mark.parametrize("feedback", [2.0, NO_FEEDBACK])
def test_an_answered_callback_lets_go_of_the_notes_that_both_its_functions_hold(feedback):
    notes = np.ones(3)
    callback = Once(notes.dot, None, hear_nothing=notes.sum)
    alive = weakref.ref(notes)
    del notes
    assert alive() is not None
    callback(feedback)
    gc.collect()
    assert alive() is None


def test_no_feedback_is_heard_whatever_the_shape_and_counts_as_the_one_time():
    callback = Once(lambda feedback: feedback, (4,))
    assert callback(NO_FEEDBACK) is NO_FEEDBACK
    with pytest.raises(AlreadyAnswered):
        callback(np.ones(4))


def test_only_a_callback_that_knows_the_word_is_told_no_feedback():
    heard = []
    assert give_feedback(heard.append, NO_FEEDBACK) is NO_FEEDBACK
    assert heard == []
    assert give_feedback(Once(heard.append, ()), NO_FEEDBACK) is NO_FEEDBACK
    assert give_feedback(Once(heard.append, (), hear_nothing=lambda: heard.append("nothing")), NO_FEEDBACK) is None
    assert heard == ["nothing"]
    give_feedback(heard.append, "bolder")
    assert heard == ["nothing", "bolder"]


@given(st.floats())
def test_any_real_number_but_nan_is_feedback_on_a_number(number):
    if np.isnan(number):
        with pytest.raises(NotANumber):
            as_feedback(number, ())
    else:
        assert as_feedback(number, ()) == number
