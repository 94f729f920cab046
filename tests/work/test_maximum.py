import numpy as np
import pytest
from hypothesis import given

from office.errors import NotANumber
from office.work import NO_FEEDBACK, Linear, combine_by_maximum, maximum
from tests.work.california import DANI, ELY, ROWS, TARGETS, copies, train
from tests.work.oracles import answers, bits, ones_like


@given(answers())
def test_the_loudest_wins_and_on_a_tie_the_first(outputs):
    loudest, share_out = maximum(outputs)
    assert bits(loudest) == bits(np.max(outputs, axis=0))
    shares = share_out(ones_like(loudest))
    heard = np.array([np.zeros(np.shape(loudest)) if share is NO_FEEDBACK else share for share in shares])
    winners = np.argmax(outputs, axis=0)
    assert (heard == (np.arange(len(outputs)).reshape(-1, *[1] * winners.ndim) == winners)).all()


@given(answers())
def test_nobody_hears_a_zero_for_every_entry(outputs):
    loudest, share_out = maximum(outputs)
    for share in share_out(ones_like(loudest)):
        assert share is NO_FEEDBACK or np.any(share)


def test_on_a_tie_the_first_hears_it_all():
    assert maximum([2.0, 3.0, 3.0])[1](1.5) == [NO_FEEDBACK, 1.5, NO_FEEDBACK]


def test_every_row_has_a_winner_of_its_own():
    loudest, share_out = maximum([np.array([1.0, 5.0, 2.0]), np.array([1.0, 2.0, 8.0]), np.zeros(3)])
    assert loudest.tolist() == [1.0, 5.0, 8.0]
    first, second, third = share_out(np.array([0.1, 0.2, 1e308]))
    assert first.tolist() == [0.1, 0.2, 0.0]
    assert second.tolist() == [0.0, 0.0, 1e308]
    assert third is NO_FEEDBACK


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_nan_is_refused_wherever_it_stands(place):
    numbers = [1.0, 2.0, 3.0]
    numbers[place] = float("nan")
    with pytest.raises(NotANumber):
        maximum(numbers)
    with pytest.raises(NotANumber):
        maximum([np.array([0.0, number]) for number in numbers])
    with pytest.raises(NotANumber):
        maximum(numbers[place : place + 1])


def test_where_there_are_no_rows_nobody_has_lost():
    loudest, share_out = maximum([np.empty(0), np.empty(0)])
    assert loudest.shape == (0,)
    assert [share.shape for share in share_out(np.empty(0))] == [(0,), (0,)]


def test_the_answers_and_the_feedback_are_left_alone():
    outputs, feedback = [np.array([1.0, 5.0]), np.array([2.0, 2.0])], np.ones(2)
    loudest, share_out = maximum(outputs)
    for array in [loudest, *share_out(feedback), *maximum([feedback])[1](feedback)]:
        assert not array.flags.writeable
    assert [output.tolist() for output in outputs] == [[1.0, 5.0], [2.0, 2.0]]
    assert feedback.flags.writeable


def test_a_worker_that_was_not_heard_learns_nothing():
    loud, quiet = Linear([0.0], 5.0), Linear([0.0], 1.0)
    output, handle_feedback = combine_by_maximum([quiet, loud])(np.ones((2, 1)))
    assert output.tolist() == [5.0, 5.0]
    handle_feedback(np.ones(2))
    assert (quiet.updates, quiet.heard, loud.updates) == (0, 1, 1)


def test_dani_and_ely_answer_the_targets_exactly_and_each_covers_what_the_other_does_not():
    dani, ely = Linear(*DANI), Linear(*ELY)
    assert dani(ROWS)[0].tolist() == [1.0, 5.0, 1.0, 5.0]
    assert ely(ROWS)[0].tolist() == [1.0, 3.0, 8.0, 10.0]
    assert combine_by_maximum([dani, ely])(ROWS)[0].tolist() == TARGETS.tolist()


def test_most_maximum_teams_of_two_stay_at_the_best_linear_fit():
    team = combine_by_maximum([copies(300, 1.0, 0.1, seed=1), copies(300, 1.0, 0.1, seed=2)])
    errors = train(team, 1500)
    assert 0.04 < np.mean(errors < 1e-3) < 0.14
    stuck = errors[errors >= 1e-3]
    assert np.median(stuck) == pytest.approx(0.25, abs=1e-3)
