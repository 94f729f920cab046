import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from office.errors import AlreadyAnswered, BadChart, RefusedMessage, WrongShape, WrongType
from office.work import (
    NO_FEEDBACK,
    Linear,
    LinearTotal,
    add_up,
    addition,
    average,
    combine,
    combine_by_addition,
    combine_by_average,
    combine_by_maximum,
    combine_by_soft_maximum,
    give_feedback,
    maximum,
    share_out,
    soft_maximum,
)
from tests.work.oracles import Recorder, arrays_of, bits, gradient, ones_like, snapshot, tables

WARM = 2.0
MAKERS = {
    "addition": combine_by_addition,
    "average": combine_by_average,
    "maximum": combine_by_maximum,
    "soft maximum": lambda team: combine_by_soft_maximum(team, WARM),
}
COMBINATIONS = {
    "addition": addition,
    "average": average,
    "maximum": maximum,
    "soft maximum": soft_maximum(WARM),
}
every_team = pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS.keys())
every_combination = pytest.mark.parametrize("combination", COMBINATIONS.values(), ids=COMBINATIONS.keys())
either_kind = pytest.mark.parametrize("kind", [Linear, LinearTotal])


def team_of(kind, count, columns, rate=0.1):
    return [kind.drawn(columns, rule=rate, seed=seed) for seed in range(count)]


@every_team
def test_a_team_of_nobody_is_refused_when_made(make):
    with pytest.raises(BadChart):
        make([])


@every_team
@either_kind
@given(inputs=tables(), count=st.integers(1, 4))
def test_what_a_team_says_about_the_inputs_is_the_gradient_by_finite_differences(make, kind, inputs, count):
    team = make(team_of(kind, count, inputs.shape[1]))
    output, handle_feedback = team(inputs)
    re_output = np.arange(1.0, 1.0 + output.size) if isinstance(output, np.ndarray) else 1.5
    expected = gradient(lambda table: float(np.sum(team(table)[0] * re_output)), inputs)
    assert handle_feedback(re_output) == pytest.approx(expected, abs=1e-5)


@every_team
@either_kind
@given(inputs=tables(), count=st.integers(1, 4))
def test_a_team_in_a_team_changes_nothing_given_to_it_and_shares_no_memory(make, kind, inputs, count):
    workers = team_of(kind, count, inputs.shape[1])
    team = make([make(workers), kind.drawn(inputs.shape[1], seed=9)])
    held = [worker.weights for worker in workers]
    output, handle_feedback = team(inputs)
    re_output = ones_like(output)
    before = bits(inputs), bits(re_output), bits(output), bits(held)
    re_inputs = handle_feedback(re_output)
    assert (bits(inputs), bits(re_output), bits(output), bits(held)) == before
    for returned in (output, re_inputs):
        if isinstance(returned, np.ndarray):
            assert not returned.flags.writeable
            assert not any(np.may_share_memory(returned, array) for array in [*held, inputs, re_output])


@every_team
@either_kind
@pytest.mark.parametrize("feedback", [1, "bolder", np.ones(7), float("nan"), np.full(3, np.nan), None])
def test_refused_feedback_reaches_no_member_and_the_right_one_may_still_come(make, kind, feedback):
    workers = team_of(kind, 3, 2)
    output, handle_feedback = make(workers)(np.ones((3, 2)))
    before = [snapshot(worker) for worker in workers]
    with pytest.raises(RefusedMessage):
        handle_feedback(feedback)
    assert [snapshot(worker) for worker in workers] == before
    assert handle_feedback(ones_like(output)).shape == (3, 2)
    with pytest.raises(AlreadyAnswered):
        handle_feedback(ones_like(output))


@every_team
@either_kind
def test_a_team_told_no_feedback_tells_every_member_and_passes_the_word_down(make, kind):
    workers = team_of(kind, 3, 2)
    _, handle_feedback = make(workers)(np.ones((3, 2)))
    assert give_feedback(handle_feedback, NO_FEEDBACK) is NO_FEEDBACK
    assert [(worker.heard, worker.updates) for worker in workers] == [(1, 0)] * 3
    with pytest.raises(AlreadyAnswered):
        handle_feedback(NO_FEEDBACK)


@every_combination
def test_no_feedback_on_the_one_output_is_none_for_any_member(combination):
    for outputs in ([1.0, 2.0, 3.0], [np.ones(2)] * 3, ["a word alone"]):
        assert share_out(combination(outputs)[1], NO_FEEDBACK, len(outputs)) == [NO_FEEDBACK] * len(outputs)


@every_combination
def test_words_pass_through_a_combination_of_one_and_no_more(combination):
    output, share_out = combination(["a proposal"])
    assert (output, share_out("not ambitious enough")) == ("a proposal", ["not ambitious enough"])
    with pytest.raises(WrongType):
        combination(["a proposal", "another"])
    with pytest.raises(BadChart):
        combination([])


@every_combination
def test_answers_of_different_shapes_are_refused_and_not_stretched(combination):
    for outputs in ([1.0, np.ones(2)], [np.ones(2), np.ones((2, 1))]):
        with pytest.raises(WrongShape):
            combination(outputs)


@every_combination
def test_a_combination_hears_feedback_once_and_only_of_its_shape(combination):
    for outputs, bad in (([1.0, 2.0], np.ones(2)), ([np.zeros(2), np.ones(2)], 1.0)):
        output, share_out = combination(outputs)
        with pytest.raises(WrongShape):
            share_out(bad)
        assert len(share_out(ones_like(output))) == 2
        with pytest.raises(AlreadyAnswered):
            share_out(ones_like(output))


@every_combination
def test_no_combined_answer_and_no_share_of_feedback_can_be_written_to(combination):
    outputs, feedback = [np.array([1.0, 5.0]), np.array([2.0, 2.0])], np.ones(2)
    output, share_out = combination(outputs)
    assert not output.flags.writeable
    assert not any(share.flags.writeable for share in share_out(feedback))
    assert [given.tolist() for given in (*outputs, feedback)] == [[1.0, 5.0], [2.0, 2.0], [1.0, 1.0]]
    assert feedback.flags.writeable


@every_combination
def test_numbers_stay_python_floats(combination):
    output, share_out = combination([1.0, 2.5, 2.0])
    assert type(output) is float
    assert {type(feedback) for feedback in share_out(1.0)} <= {float, type(NO_FEEDBACK)}


@every_combination
@given(data=st.data(), rows=st.integers(0, 3), members=st.integers(1, 9))
def test_an_entry_is_combined_to_the_bit_alike_alone_and_among_others(combination, data, rows, members):
    copies = 5
    outputs = list(data.draw(arrays_of(members, copies, rows)))
    re_output = data.draw(arrays_of(copies, rows))
    together, share_out = combination(outputs)
    shares = share_out(re_output)
    for i in range(copies):
        alone, share_out_alone = combination([output[i : i + 1] for output in outputs])
        assert bits(alone) == bits(together[i])
        for share, share_alone in zip(shares, share_out_alone(re_output[i : i + 1]), strict=True):
            if share_alone is NO_FEEDBACK:
                assert share is NO_FEEDBACK or not share[i].any()
            else:
                assert bits(share[i]) == bits(share_alone)


@every_team
@given(inputs=tables(rows=st.integers(1, 4)))
def test_doing_by_hand_what_a_manager_does_gives_the_same_bits(make, inputs):
    combination = {
        combine_by_addition: addition,
        combine_by_average: average,
        combine_by_maximum: maximum,
    }.get(make, soft_maximum(WARM))
    composed, by_hand = team_of(Linear, 3, inputs.shape[1]), team_of(Linear, 3, inputs.shape[1])
    output, handle_feedback = make(composed)(inputs)
    answers = [worker(inputs) for worker in by_hand]
    first, share_out = combination([answer for answer, _ in answers])
    shares = share_out(first - 1.0)
    replies = [give_feedback(callback, share) for (_, callback), share in zip(answers, shares, strict=True)]
    assert bits(handle_feedback(output - 1.0)) == bits(add_up(replies))
    assert [snapshot(worker) for worker in composed] == [snapshot(worker) for worker in by_hand]


def test_members_are_called_in_order_and_called_once():
    calls = []

    def member(name):
        return lambda inputs: (
            calls.append((name, inputs)) or 1.0,
            lambda feedback: calls.append((name, feedback)),
        )

    team = combine([member("alex"), member("bo")], lambda outputs: (sum(outputs), lambda re: [re, re]))
    output, handle_feedback = team("task")
    assert (output, calls) == (2.0, [("alex", "task"), ("bo", "task")])
    calls.clear()
    with pytest.raises(WrongType):  # they have None to say about the inputs
        handle_feedback("re task")
    assert calls == [("alex", "re task"), ("bo", "re task")]


def test_feedback_goes_to_the_member_whose_it_is():
    alex, bo = Recorder("from alex", "of alex"), Recorder("from bo", "of bo")
    team = combine([alex, bo], lambda outputs: (outputs[1], lambda re: [NO_FEEDBACK, re]))
    output, handle_feedback = team("task")
    assert (output, handle_feedback("bolder")) == ("from bo", "of bo")
    assert (alex.heard, bo.heard) == ([], ["bolder"])


@given(st.lists(arrays_of(2, 3), min_size=1, max_size=4))
def test_adding_up_goes_from_left_to_right_and_changes_nothing(feedbacks):
    before = bits(feedbacks)
    expected = feedbacks[0]
    for feedback in feedbacks[1:]:
        expected = expected + feedback
    total = add_up([NO_FEEDBACK, *feedbacks, NO_FEEDBACK])
    assert bits(total) == bits(expected)
    assert bits(feedbacks) == before
    assert len(feedbacks) == 1 or not any(np.may_share_memory(total, feedback) for feedback in feedbacks)


def test_one_voice_alone_is_passed_on_as_it_is():
    words = ["be clearer"]
    assert add_up([NO_FEEDBACK, words]) is words
    assert add_up([NO_FEEDBACK, NO_FEEDBACK]) is NO_FEEDBACK
    with pytest.raises(WrongType):
        add_up([words, words])
    with pytest.raises(WrongShape):
        add_up([np.ones((2, 3)), np.ones((1, 3))])
