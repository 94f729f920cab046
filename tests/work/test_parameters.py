import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from office.errors import WrongShape
from office.work import NO_FEEDBACK, Adam, Affine, Linear, Momentum, Parameters, Rule
from tests.work.oracles import Recording, arrays_of, bits, state_of

GRADIENTS = [1e16, 1.0, -1e16, 3.0, 0.1]  # added up in another order, they give another number


class Says(Rule):
    """Makes of any weights what it was told to make of them."""

    def __init__(self, new):
        self.new = new

    def step(self, gradient, weights, heard):
        return self.new


class Ahead(Rule):
    """Answers from where the weights would be after another step of the same length."""

    pace = 0.0

    def answer_with(self, weights):
        return weights + self.pace

    def step(self, gradient, weights, heard):
        self.pace = -gradient
        return weights - gradient


def test_weights_are_copies_that_cannot_be_written_to_and_floats_stay_floats():
    given_weights = np.ones(2, np.float32)
    parameters = Parameters([given_weights, 2, [3, 4]])
    given_weights[:] = 7.0
    weights, bias, others = parameters.arrays
    assert (weights.tolist(), weights.dtype) == ([1.0, 1.0], np.float32)
    assert (bias, type(bias)) == (2.0, float)
    assert (others.tolist(), others.dtype) == ([3.0, 4.0], np.float64)
    assert not weights.flags.writeable
    assert not others.flags.writeable


def test_a_step_makes_new_arrays_and_leaves_alone_those_that_were_answered_with():
    parameters = Parameters([np.ones(2), 1.0], rule=0.5)
    notes = parameters.answer()
    parameters.learn([np.array([2.0, 4.0]), 2.0], parameters.answer())
    assert [np.ravel(array).tolist() for array in parameters.arrays] == [[0.0, -1.0], [0.0]]
    assert [np.ravel(array).tolist() for array in notes.weights] == [[1.0, 1.0], [1.0]]
    assert not parameters.arrays[0].flags.writeable


def test_an_answer_notes_the_very_weights_their_version_and_which_answer_it_was():
    parameters = Parameters([np.ones(2)], rule=1.0)
    first = parameters.answer()
    parameters.learn([np.ones(2)], parameters.answer())
    third = parameters.answer()
    assert (first.version, first.number) == (0, 0)
    assert (third.version, third.number) == (1, 2)
    assert third.weights[0] is parameters.arrays[0]
    assert (parameters.updates, parameters.heard, parameters.answered) == (1, 1, 3)


def test_word_that_there_is_no_feedback_counts_as_heard_and_moves_nothing():
    parameters = Parameters([np.ones(2)])
    before = parameters.arrays
    parameters.hear_nothing(parameters.answer())
    assert parameters.arrays is before
    assert (parameters.updates, parameters.heard) == (0, 1)


@pytest.mark.parametrize("accumulate", [0, -1, 1.5, True, "2", None])
def test_feedback_accumulates_over_a_whole_number_of_tasks_and_over_nothing_else(accumulate):
    with pytest.raises(ValueError, match="accumulates over a whole number of tasks"):
        Parameters([1.0], accumulate=accumulate)


@pytest.mark.parametrize("count", [2, 3, 5])
def test_so_many_feedbacks_make_one_step_down_the_sum_of_their_gradients(count):
    parameters = Parameters([np.zeros(2), 0.0], rule=1.0, accumulate=count)
    before = parameters.arrays
    for k in range(count):
        assert parameters.arrays is before
        assert (parameters.updates, parameters.heard) == (0, k)
        parameters.learn([np.array([1.0, k]), 10.0], parameters.answer())
    total = count * (count - 1) / 2
    assert [np.ravel(array).tolist() for array in parameters.arrays] == [[-count, -total], [-10.0 * count]]
    assert (parameters.updates, parameters.heard) == (1, count)


@pytest.mark.parametrize("rule", [1.0, Momentum(0.1), Adam(0.1)])
@given(st.permutations(range(5)), st.sets(st.integers(0, 4)))
def test_the_order_of_feedback_leaves_no_trace_in_any_bit(rule, order, silent):
    one, other = (Parameters([np.ones(1), 1.0], rule, accumulate=5) for _ in range(2))
    for _ in range(2):  # a second time, with what the rule remembers of the first
        for parameters, arrivals in ((one, range(5)), (other, order)):
            notes = [parameters.answer() for _ in range(5)]
            for k in arrivals:
                if k in silent:
                    parameters.hear_nothing(notes[k])
                else:
                    parameters.learn([np.array([GRADIENTS[k]]), GRADIENTS[k]], notes[k])
    assert [bits(array) for array in one.arrays] == [bits(array) for array in other.arrays]
    assert (one.updates, one.heard) == (other.updates, other.heard) == (0 if len(silent) == 5 else 2, 10)


@given(st.lists(arrays_of(2, 3), min_size=3, max_size=3), st.permutations(range(3)))
def test_a_worker_that_accumulates_steps_once_down_the_sum_whatever_the_order(tables, order):
    one, other = (Affine.drawn(3, 2, Recording(), accumulate=3) for _ in range(2))
    for worker, arrivals in ((one, range(3)), (other, order)):
        answers = [worker(table) for table in tables]
        for k in arrivals:
            output, handle_feedback = answers[k]
            handle_feedback(output - 1.0)
    assert state_of(one) == state_of(other)
    output, _ = Affine.drawn(3, 2)(np.concatenate(tables))
    expected = np.concatenate(tables).T @ (output - 1.0)
    assert one.parameters.rules[0].told[0][0] == pytest.approx(expected, abs=1e-9)


def test_a_group_without_any_feedback_makes_no_step_and_the_next_group_starts_afresh():
    parameters = Parameters([0.0], Recording(1.0), accumulate=2)
    for _ in range(2):
        parameters.hear_nothing(parameters.answer())
    assert (parameters.updates, parameters.heard) == (0, 2)
    assert parameters.rules[0].told == []
    parameters.learn([5.0], parameters.answer())
    assert parameters.arrays == (0.0,)
    parameters.hear_nothing(parameters.answer())
    assert parameters.arrays == (-5.0,)
    assert (parameters.updates, parameters.heard) == (1, 4)


def test_the_rule_hears_of_the_first_task_of_a_group_what_it_was_answered_with():
    parameters = Parameters([0.0], Recording(1.0), accumulate=2)
    first, second, third, fourth = (parameters.answer() for _ in range(4))
    parameters.learn([1.0], third)
    parameters.learn([1.0], second)
    fifth = parameters.answer()
    parameters.learn([1.0], fifth)
    parameters.hear_nothing(first)
    parameters.learn([1.0], parameters.answer())
    parameters.learn([1.0], fourth)
    assert [heard for _, _, heard in parameters.rules[0].told] == [(0.0, 0, 1, 1), (0.0, 1, 3, 0), (0.0, 2, 5, 3)]


def test_late_feedback_tells_the_rule_the_weights_then_how_stale_it_is_and_how_many_were_heard():
    worker = Affine.drawn(3, 2, Recording())
    inputs, before = np.ones((1, 3)), worker.weights
    first, second, third = (worker(inputs)[1] for _ in range(3))
    third(np.ones((1, 2)))
    between = worker.weights
    second(NO_FEEDBACK)
    first(np.ones((1, 2)))
    (_, weights, third_heard), (_, weights_later, first_heard) = worker.parameters.rules[0].told
    assert (weights is before, third_heard.weights_then is before, third_heard[1:]) == (True, True, (0, 0, 2))
    assert (weights_later is between, first_heard.weights_then is before, first_heard[1:]) == (True, True, (1, 2, 0))


@pytest.mark.parametrize("accumulate", [1, 2])
def test_a_step_that_fails_leaves_everything_as_it_was_and_the_feedback_still_counts(accumulate):
    rates = {0: -1.0, 1: -1.0}
    worker = Linear([1.0], 1.0, rates.__getitem__, accumulate)
    answers = [worker(np.ones((1, 1)))[1] for _ in range(accumulate)]
    for handle_feedback in answers[:-1]:
        handle_feedback(np.ones(1))
    before = state_of(worker)
    for _ in range(2):
        with pytest.raises(ValueError, match="the learning rate at count"):
            answers[-1](np.ones(1))
        assert state_of(worker) == before
    rates.update({0: 0.25, 1: 0.25})
    answers[-1](np.ones(1))
    assert worker.weights.tolist() == [1.0 - 0.25 * accumulate]
    assert (worker.updates, worker.heard) == (1, accumulate)


def test_what_a_rule_makes_is_closed_to_writing_and_in_the_dtype_of_the_weights():
    parameters = Parameters([np.ones(2, np.float32), 1.0], Says(np.array([3.0, 4.0])))
    parameters.rules[1].new = np.float32(5)
    parameters.learn([np.ones(2), 1.0], parameters.answer())
    weights, bias = parameters.arrays
    assert (weights.tolist(), weights.dtype, weights.flags.writeable) == ([3.0, 4.0], np.float32, False)
    assert (bias, type(bias)) == (5.0, float)


@pytest.mark.parametrize(
    ("weights", "new"), [(np.ones(2), np.ones(3)), (np.ones(2), np.ones((2, 1))), (np.ones(2), 1.0), (1.0, np.ones(3))]
)
def test_a_rule_that_gives_weights_another_shape_is_refused_and_nothing_has_changed(weights, new):
    parameters = Parameters([weights], Says(new))
    before = parameters.arrays
    with pytest.raises(WrongShape, match="the rule's weights"):
        parameters.learn([weights], parameters.answer())
    assert parameters.arrays is before
    assert (parameters.updates, parameters.heard) == (0, 0)


def test_answers_are_given_with_what_a_rule_that_looks_ahead_says_and_todays_weights_take_the_step():
    worker = Linear([1.0], 0.0, Ahead())
    inputs = np.ones((1, 1))
    output, handle_feedback = worker(inputs)
    assert (output.tolist(), handle_feedback(np.array([0.25])).tolist()) == ([1.0], [[0.25]])
    assert (worker.weights.tolist(), worker.bias) == ([0.75], -0.25)
    output, handle_feedback = worker(inputs)  # with 0.5 and -0.5, a step further on
    assert (output.tolist(), handle_feedback(np.array([1.0])).tolist()) == ([0.0], [[0.5]])
    assert (worker.weights.tolist(), worker.bias) == ([-0.25], -1.25)


def test_a_rule_that_looks_ahead_in_float64_does_not_make_a_float32_worker_answer_so():
    rule = Ahead()
    rule.pace = np.float64(0.5)
    assert Affine.drawn(3, 2, rule, dtype=np.float32)(np.ones((1, 3)))[0].dtype == np.float32


def test_instead_answers_with_other_weights_and_keeps_the_gradients_without_learning_from_them():
    worker = Affine.drawn(3, 2)
    before, inputs = state_of(worker), np.ones((1, 3))
    other = Affine.drawn(3, 2, seed=1)
    with worker.parameters.instead(other.parameters.arrays) as gradients:
        output, handle_feedback = worker(inputs)
        handle_feedback(np.array([[1.0, 2.0]]))
        worker(inputs)[1](NO_FEEDBACK)
    assert bits(output) == bits(other(inputs)[0])
    assert [array.tolist() for array in gradients[0]] == [[[1.0, 2.0]] * 3, [1.0, 2.0]]
    assert len(gradients) == 1
    assert state_of(worker) == before
    assert bits(worker(inputs)[0]) == bits(Affine.drawn(3, 2)(inputs)[0])


def test_instead_puts_everything_back_though_it_ends_in_an_error_and_one_may_stand_in_another():
    parameters = Parameters([np.ones(2), 1.0], Ahead())
    parameters.rules[1].pace = 8.0
    before = parameters.arrays
    with parameters.instead([np.zeros(2), 0.0]) as outer:
        with parameters.instead([np.zeros(2), 3.0]) as within:
            assert parameters.answer().weights[1] == 3.0  # and no look ahead
            parameters.learn([np.ones(2), 1.0], parameters.answer())
        assert parameters.answer().weights[1] == 0.0
    assert (len(outer), len(within)) == (0, 1)
    with pytest.raises(ZeroDivisionError), parameters.instead([np.zeros(2), 0.0]):
        raise ZeroDivisionError
    assert parameters.arrays is before
    assert parameters.answer().weights[1] == 9.0
    parameters.learn([np.ones(2), 1.0], parameters.answer())
    assert parameters.updates == 1


def test_parameters_show_their_shapes_in_their_repr():
    assert repr(Parameters([np.ones((3, 2)), 0.0])) == "<Parameters (3, 2), (): 0 updates>"
