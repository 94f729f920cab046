import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from office.errors import NotANumber
from office.work import NO_FEEDBACK, Dropout
from tests.work.oracles import arrays_of, bits

MANY = np.ones(10_000)


def masks(dropout, count=3):
    return [bits(dropout(np.ones((4, 5)))[0]) for _ in range(count)]


def test_a_seed_draws_the_same_masks_again_and_each_task_has_its_own():
    assert masks(Dropout(0.5, seed=4)) == masks(Dropout(0.5, seed=4))
    assert masks(Dropout(0.5, seed=4)) != masks(Dropout(0.5, seed=5))
    assert len(set(masks(Dropout(0.5)))) == 3


def test_the_global_random_state_is_neither_asked_nor_changed():
    before = np.random.get_state()[1].tolist()  # noqa: NPY002  it is the one to leave alone
    masks(Dropout(0.5))
    assert np.random.get_state()[1].tolist() == before  # noqa: NPY002


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9])
def test_that_share_is_dropped_and_on_average_nothing_changes(share):
    output, _ = Dropout(share)(MANY)
    assert np.mean(output == 0) == pytest.approx(share, abs=0.02)
    assert set(output) <= {0.0, 1 / (1 - share)}
    assert output.mean() == pytest.approx(1.0, abs=0.15)


@given(arrays_of(4, 3), arrays_of(4, 3), st.floats(0, 0.95), st.integers(0, 9))
def test_what_stays_is_divided_by_the_share_that_stays_and_so_is_its_feedback(inputs, feedback, share, seed):
    stays = Dropout(share, seed)(np.ones((4, 3)))[0] > 0
    output, handle_feedback = Dropout(share, seed)(inputs)
    assert output == pytest.approx(np.where(stays, inputs, 0.0) / (1 - share))
    assert handle_feedback(feedback) == pytest.approx(np.where(stays, feedback, 0.0) / (1 - share))


def test_numbers_and_feedback_however_great_are_nothing_where_they_are_dropped():
    stays = Dropout(0.5)(np.ones(20))[0] > 0
    output, handle_feedback = Dropout(0.5)(np.full(20, np.inf))
    assert (output == np.where(stays, np.inf, 0.0)).all()
    assert (handle_feedback(np.full(20, 5e307)) == np.where(stays, 1e308, 0.0)).all()


def test_late_feedback_goes_where_its_own_answer_came_from():
    dropout = Dropout(0.5)
    answers = [dropout(np.ones(50)) for _ in range(3)]
    for output, handle_feedback in reversed(answers):
        assert bits(handle_feedback(np.ones(50))) == bits(output)


def test_at_rest_everybody_stays_and_nothing_is_drawn():
    dropout = Dropout(0.5, seed=4)
    expected = masks(Dropout(0.5, seed=4), 2)
    first = masks(dropout, 1)
    dropout.training = False
    output, handle_feedback = dropout(MANY)
    assert bits(output) == bits(MANY)
    assert bits(handle_feedback(2 * MANY)) == bits(2 * MANY)
    assert dropout(MANY)[1](NO_FEEDBACK) is NO_FEEDBACK
    with pytest.raises(NotANumber):
        dropout(MANY)[1](np.nan * MANY)
    dropout.training = True
    assert first + masks(dropout, 1) == expected


@pytest.mark.parametrize("training", [True, False])
def test_a_number_alone_is_answered_and_heard_about_too(training):
    output, handle_feedback = Dropout(0.0, training=training)(1.5)
    assert (output, handle_feedback(2.5)) == (1.5, 2.5)
    assert Dropout(0.0, training=training)(1.5)[1](NO_FEEDBACK) is NO_FEEDBACK


def test_with_a_share_of_nothing_nothing_is_dropped_to_the_bit():
    inputs = np.random.default_rng(0).normal(size=(4, 3))
    assert bits(Dropout(0.0)(inputs)[0]) == bits(inputs)


@pytest.mark.parametrize("share", [1.0, 1.5, -0.1, float("nan")])
def test_a_share_that_leaves_nobody_or_is_none_is_refused_when_made(share):
    with pytest.raises(ValueError, match="from 0 to less than 1"):
        Dropout(share)


def test_it_shows_its_share_in_its_repr():
    assert repr(Dropout(0.25)) == "Dropout(0.25)"
    assert repr(Dropout(0.25, training=False)) == "Dropout(0.25, training=False)"
