import numpy as np
import pytest
from hypothesis import given

from office.errors import AlreadyAnswered, BadChart, WrongShape
from office.work import NO_FEEDBACK, Affine, LinearTotal, in_sequence, relu
from tests.work.oracles import Recorder, bits, few, snapshot, state_of, tables


@given(tables(rows=few))
def test_it_is_doing_one_after_another_by_hand_to_the_bit(inputs):
    first, second, this, other = (
        Affine.drawn(inputs.shape[1], 3), Affine.drawn(3, 2, seed=1),
        Affine.drawn(inputs.shape[1], 3), Affine.drawn(3, 2, seed=1),
    )  # fmt: skip
    output, handle_feedback = in_sequence(first, relu, second)(inputs)
    hidden, handle_hidden = this(inputs)
    positive, handle_positive = relu(hidden)
    expected, handle_expected = other(positive)
    assert bits(output) == bits(expected)
    re_inputs = handle_hidden(handle_positive(handle_expected(expected - 1.0)))
    assert bits(handle_feedback(output - 1.0)) == bits(re_inputs)
    assert [snapshot(first), snapshot(second)] == [snapshot(this), snapshot(other)]


def test_work_goes_up_in_order_and_feedback_comes_down_again():
    log = []

    def member(name):
        return lambda body: (
            log.append((name, body)) or f"{body} {name}",
            lambda re: log.append((name, re)) or f"{re} {name}",
        )

    output, handle_feedback = in_sequence(member("alex"), member("bo"))("task")
    assert output == "task alex bo"
    assert handle_feedback("re") == "re bo alex"
    assert log == [("alex", "task"), ("bo", "task alex"), ("bo", "re"), ("alex", "re bo")]


@given(tables())
def test_a_sequence_in_a_sequence_is_one_sequence(inputs):
    columns = inputs.shape[1]
    results = []
    for nested in (False, True):
        first, second = Affine.drawn(columns, 3), Affine.drawn(3, 2, seed=1)
        whole = (
            in_sequence(in_sequence(first, relu), in_sequence(second)) if nested else in_sequence(first, relu, second)
        )
        output, handle_feedback = whole(inputs)
        results.append((bits(output), bits(handle_feedback(output)), state_of(whole)))
    assert results[0] == results[1]


def test_a_sequence_of_one_is_that_one():
    worker = Recorder("an answer", "re inputs")
    output, handle_feedback = in_sequence(worker)("a task")
    assert (output, handle_feedback("bolder"), worker.heard) == ("an answer", "re inputs", ["bolder"])


def test_a_sequence_of_nobody_is_refused_when_made():
    with pytest.raises(BadChart):
        in_sequence()


def test_no_feedback_goes_all_the_way_down_and_is_told_only_to_those_who_know_the_word():
    first, stranger, last = Affine.drawn(2, 2), Recorder(np.ones((1, 2)), "never said"), LinearTotal.drawn(2)
    assert in_sequence(first, stranger, last)(np.ones((1, 2)))[1](NO_FEEDBACK) is NO_FEEDBACK
    assert (first.heard, first.updates, last.heard, last.updates, stranger.heard) == (1, 0, 1, 0, [])


def test_where_one_has_nothing_to_say_those_before_him_hear_that_there_is_nothing():
    first, silent = Affine.drawn(2, 2), Recorder(1.0, NO_FEEDBACK)
    assert in_sequence(first, silent)(np.ones((1, 2)))[1](0.5) is NO_FEEDBACK
    assert (silent.heard, first.heard, first.updates) == ([0.5], 1, 0)


def test_what_the_last_one_refuses_nobody_hears_and_a_second_feedback_is_refused():
    whole = in_sequence(Affine.drawn(2, 2), relu, Affine.drawn(2, 2))
    _, handle_feedback = whole(np.ones((1, 2)))
    before = state_of(whole)
    with pytest.raises(WrongShape):
        handle_feedback(np.ones(2))
    assert state_of(whole) == before
    handle_feedback(np.ones((1, 2)))
    with pytest.raises(AlreadyAnswered):
        handle_feedback(np.ones((1, 2)))
