import pickle

import numpy as np
import pytest

from office.errors import NotANumber, WrongShape
from office.work import (
    NO_FEEDBACK,
    Accumulate,
    Adam,
    Affine,
    AsyncNesterov,
    GapAware,
    Linear,
    Momentum,
    Parameters,
    Rule,
    SpikeCompensation,
    StalenessAware,
    WeightAverage,
)
from tests.work.oracles import Recording, bits, memory_of, state_of


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
    parameters.answer()
    parameters.hear_nothing()
    assert parameters.arrays is before
    assert (parameters.updates, parameters.heard) == (0, 1)


def test_late_feedback_tells_the_rule_the_weights_then_how_stale_it_is_and_how_many_were_heard():
    worker = Affine.drawn(3, 2, Recording())
    inputs, before = np.ones((1, 3)), worker.weights
    first, second, third = (worker(inputs)[1] for _ in range(3))
    third(np.ones((1, 2)))
    between = worker.weights
    second(NO_FEEDBACK)
    first(np.ones((1, 2)))
    (_, weights, third_heard), (_, weights_later, first_heard) = worker.parameters.rules[0].steps_taken
    assert (weights is before, third_heard.weights_then is before, third_heard[1:]) == (True, True, (0, 0, 2))
    assert (weights_later is between, first_heard.weights_then is before, first_heard[1:]) == (True, True, (1, 2, 0))


def test_a_step_that_fails_leaves_everything_as_it_was_and_the_feedback_still_counts():
    rates = {0: -1.0}
    worker = Linear([1.0], 1.0, rates.__getitem__)
    _, handle_feedback = worker(np.ones((1, 1)))
    before = state_of(worker)
    for _ in range(2):
        with pytest.raises(ValueError, match="the learning rate at count"):
            handle_feedback(np.ones(1))
        assert state_of(worker) == before
    rates[0] = 0.25
    handle_feedback(np.ones(1))
    assert worker.weights.tolist() == [0.75]
    assert (worker.updates, worker.heard) == (1, 1)


class OnlyArrays(Momentum):
    """Refuses to step on a float, once its momentum has been counted."""

    def step(self, gradient, weights, heard):
        new = super().step(gradient, weights, heard)
        if isinstance(weights, float):
            raise ZeroDivisionError
        return new


@pytest.mark.parametrize("make", [OnlyArrays, lambda: StalenessAware(WeightAverage(OnlyArrays()))])
def test_where_the_rule_of_one_array_fails_no_array_has_changed_and_no_rule_remembers_the_step(make):
    parameters = Parameters([np.ones(2), 1.0], make())
    before = parameters.arrays, list(map(memory_of, parameters.rules))
    with pytest.raises(ZeroDivisionError):
        parameters.learn([np.ones(2), 1.0], parameters.answer())
    assert parameters.arrays is before[0]
    assert list(map(memory_of, parameters.rules)) == before[1]
    assert (parameters.updates, parameters.heard, parameters.last_heard) == (0, 0, None)


class InPlace(Rule):
    """Writes into what it remembers, wherever it keeps it, and fails at numbers when it is told to."""

    def __init__(self):
        self.velocity = np.zeros(2)
        self.steps = []
        self.within = {"rules": [Momentum(0.1)]}
        self.fails = True

    def step(self, gradient, weights, heard):
        self.velocity += gradient
        self.steps.append(heard.number)
        self.within["rules"][0].step(gradient, weights, heard)
        if self.fails and isinstance(weights, float):
            raise ZeroDivisionError
        return weights - 0.5 * gradient


class OwnMomentum(Momentum):
    """A momentum that is written into in place."""

    def __init__(self):
        super().__init__()
        self.velocity = np.zeros(2)

    def step(self, gradient, weights, heard):
        self.velocity *= 0.5
        self.velocity += gradient
        if isinstance(weights, float):
            raise ZeroDivisionError
        return weights - self.velocity


@pytest.mark.parametrize(
    "make", [InPlace, lambda: StalenessAware(InPlace()), lambda: Accumulate(InPlace(), 1), OwnMomentum]
)
def test_a_rule_that_writes_into_what_it_remembers_is_as_it_was_after_a_step_that_failed(make):
    parameters = Parameters([np.ones(2), 1.0], make())
    before = parameters.arrays, [pickle.dumps(rule) for rule in parameters.rules]
    notes = parameters.answer()
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            parameters.learn([np.ones(2), np.ones(2)], notes)
        assert (parameters.arrays, [pickle.dumps(rule) for rule in parameters.rules]) == before
    assert (parameters.updates, parameters.heard, parameters.kept, parameters.last_heard) == (0, 0, 0, None)


def test_a_step_to_what_is_no_finite_number_is_refused_and_nothing_remembers_it():
    for make in (
        Momentum,
        Adam,
        AsyncNesterov,
        SpikeCompensation,
        lambda: Accumulate(GapAware(WeightAverage(Adam())), 1),
    ):
        for bad in (np.nan, np.inf, 1e308):
            parameters = Parameters([np.ones(2), np.ones(2)], make())
            parameters.learn([np.ones(2), np.ones(2)], parameters.answer())
            before = parameters.arrays, list(map(memory_of, parameters.rules))
            parameters.rules = [parameters.rules[0], Says(np.array([1.0, bad * 10]))]
            with np.errstate(over="ignore"), pytest.raises(NotANumber, match="a NaN or an infinity"):
                parameters.learn([np.ones(2), np.ones(2)], parameters.answer())
            assert parameters.arrays is before[0]
            assert memory_of(parameters.rules[0]) == before[1][0]
            assert (parameters.updates, parameters.heard) == (1, 1)


class Kept(Parameters):
    """Weights that are kept elsewhere too, where there is no room."""

    def replace(self, arrays):
        super().replace(arrays)
        raise OSError


def test_where_weights_cannot_be_put_elsewhere_the_step_is_not_taken():
    parameters = Kept([np.ones(2)], Accumulate(Momentum(0.5), 1))
    before = parameters.arrays, memory_of(parameters.rules[0])
    for step in (lambda: parameters.learn([np.ones(2)], parameters.answer()), lambda: parameters.put([np.zeros(2)])):
        with pytest.raises(OSError):
            step()
        assert (parameters.arrays, memory_of(parameters.rules[0])) == before
        assert (parameters.updates, parameters.heard) == (0, 0)


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


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_an_array_without_axes_learns_and_stays_one(dtype):
    parameters = Parameters([np.array(1.0, dtype)], 0.25)
    parameters.learn([np.array(2.0, dtype)], parameters.answer())
    (weights,) = parameters.arrays
    assert (weights.tolist(), weights.shape, weights.dtype, weights.flags.writeable) == (0.5, (), dtype, False)


def test_parameters_show_their_shapes_in_their_repr():
    assert repr(Parameters([np.ones((3, 2)), 0.0])) == "<Parameters (3, 2), (): 0 updates>"
