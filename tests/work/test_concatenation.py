import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from office.errors import AlreadyAnswered, BadChart, RefusedMessage, WrongShape, WrongType
from office.work import NO_FEEDBACK, Affine, Linear, combine_by_concatenation, concatenation, share_out
from tests.work.oracles import arrays_of, bits, snapshot, some


@st.composite
def side_by_side(draw):
    """Answers of several members, each a table or one number a row, all of the same rows."""
    count = draw(some)
    shapes = draw(st.lists(st.sampled_from([(), (0,), (1,), (3,)]), min_size=1, max_size=4))
    return [draw(arrays_of(count, *shape)) for shape in shapes]


@given(side_by_side())
def test_the_answers_stand_side_by_side_in_order_and_each_member_hears_of_his_own(outputs):
    joined, share_out = concatenation(outputs)
    feedback = np.arange(float(joined.size)).reshape(joined.shape)
    place = 0
    for output, share in zip(outputs, share_out(feedback), strict=True):
        width = output.shape[1] if output.ndim == 2 else 1
        assert bits(joined[:, place : place + width]) == bits(output)
        assert bits(share) == bits(feedback[:, place : place + width])
        assert share.shape == output.shape
        place += width
    assert joined.shape == (len(outputs[0]), place)


def test_members_learn_from_their_own_columns_as_they_would_alone():
    inputs, feedback = np.array([[1.0, 2.0], [3.0, 5.0]]), np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    first, other, alone, other_alone = Affine.drawn(2, 2), Linear.drawn(2), Affine.drawn(2, 2), Linear.drawn(2)
    output, handle_feedback = combine_by_concatenation([first, other])(inputs)
    (table, handle_table), (column, handle_column) = alone(inputs), other_alone(inputs)
    assert bits(output) == bits(np.column_stack([table, column]))
    results = handle_table(feedback[:, :2]) + handle_column(feedback[:, 2])
    assert handle_feedback(feedback) == pytest.approx(results)
    for learnt, expected in ((first, alone), (other, other_alone)):
        assert learnt.weights == pytest.approx(expected.weights)
        assert learnt.bias == pytest.approx(expected.bias)


def test_answers_without_rows_stand_side_by_side_too():
    joined, share_out = concatenation([np.empty((0, 2)), np.empty(0)])
    assert joined.shape == (0, 3)
    assert [share.shape for share in share_out(np.empty((0, 3)))] == [(0, 2), (0,)]


def test_answers_in_whole_numbers_hear_feedback_in_fractions():
    joined, share_out = concatenation([np.array([1, 2]), np.array([[3], [4]])])
    assert joined.tolist() == [[1.0, 3.0], [2.0, 4.0]]
    first, second = share_out(np.array([[0.5, 0.25], [0.125, 1.0]]))
    assert (first.tolist(), second.tolist()) == ([0.5, 0.125], [[0.25], [1.0]])


def test_float32_stays_float32_and_beside_float64_becomes_float64():
    narrow, wide = np.ones((2, 1), np.float32), np.ones(2)
    assert concatenation([narrow, narrow])[0].dtype == np.float32
    assert concatenation([narrow, wide])[0].dtype == np.float64
    assert {share.dtype for share in concatenation([narrow, narrow])[1](np.ones((2, 2)))} == {np.dtype(np.float32)}


def test_nothing_given_is_changed_and_no_share_can_be_written_to():
    outputs, feedback = [np.ones((2, 1)), np.zeros(2)], np.ones((2, 2))
    listed = list(outputs)
    joined, share_out = concatenation(outputs)
    assert not joined.flags.writeable
    assert not any(np.may_share_memory(joined, output) for output in outputs)
    assert not any(share.flags.writeable for share in share_out(feedback))
    assert all(mine is theirs for mine, theirs in zip(listed, outputs, strict=True))
    assert (feedback.flags.writeable, feedback.tolist()) == (True, [[1.0, 1.0]] * 2)


@pytest.mark.parametrize(
    ("outputs", "error"),
    [
        ([], BadChart),
        (["words"], WrongType),
        ([np.ones(2), "words"], WrongType),
        ([np.ones((2, 1)), [[1.0], [1.0]]], WrongType),
        ([1.0, 2.0], WrongShape),
        ([np.ones((2, 1, 1))], WrongShape),
        ([np.ones((2, 1)), np.ones((3, 1))], WrongShape),
        ([np.ones((1, 2)), np.ones(2)], WrongShape),
    ],
)
def test_answers_that_do_not_go_together_are_refused(outputs, error):
    with pytest.raises(error):
        concatenation(outputs)


def test_a_team_of_nobody_is_refused_when_made():
    with pytest.raises(BadChart):
        combine_by_concatenation([])


@pytest.mark.parametrize("feedback", [1.0, np.ones((2, 2)), np.full((2, 3), np.nan), np.ones((2, 3), int), "words"])
def test_refused_feedback_reaches_no_member_and_the_right_one_may_still_come(feedback):
    workers = [Affine.drawn(2, 2), Linear.drawn(2)]
    _, handle_feedback = combine_by_concatenation(workers)(np.ones((2, 2)))
    before = [snapshot(worker) for worker in workers]
    with pytest.raises(RefusedMessage):
        handle_feedback(feedback)
    assert [snapshot(worker) for worker in workers] == before
    handle_feedback(np.ones((2, 3)))
    with pytest.raises(AlreadyAnswered):
        handle_feedback(np.ones((2, 3)))


def test_no_feedback_is_none_for_any_member():
    share = concatenation([np.ones(2), np.ones((2, 3))])[1]
    assert share_out(share, NO_FEEDBACK, 2) == [NO_FEEDBACK] * 2
