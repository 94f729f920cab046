"""Rules around others: nesting, what comes too late, averages."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from office.work import (
    Affine,
    Discard,
    DiscrepancyCorrection,
    GapAware,
    Momentum,
    Parameters,
    Rule,
    StalenessAware,
    WeightAverage,
    WeightPrediction,
)
from tests.work.oracles import Recording
from tests.work.rules.every_rule import gradients


def test_rules_nest_and_what_looks_ahead_or_averages_within_is_found_from_without():
    rule = StalenessAware(WeightAverage(DiscrepancyCorrection(WeightPrediction(Momentum(1.0)), 2)))
    parameters = Parameters([1.0], rule)
    first = parameters.answer()
    parameters.learn([1.0], parameters.answer())
    assert parameters.arrays == (0.0,)
    parameters.learn([0.0], first)
    assert parameters.arrays == (pytest.approx(-0.9),)
    assert parameters.answer().weights == (pytest.approx(-1.8),)  # one update ahead
    assert parameters.averages == (pytest.approx(-0.45),)
    drift = parameters.rules[0].rule.rule.drift
    assert parameters.rules[0].differentiate_with(-0.9, 3) == pytest.approx(-1.8 - 3 * drift)


@given(st.lists(st.tuples(st.integers(0, 9), st.floats(-1, 1)), max_size=20))
def test_what_is_discarded_leaves_no_trace_and_makes_nothing_else_later(arrivals):
    this, other = Parameters([1.0], Discard(Recording(), 2)), Parameters([1.0], Recording())
    for parameters in this, other:
        pending = [parameters.answer() for _ in range(4)]
        for place, gradient in arrivals:
            notes = pending.pop(place % len(pending))
            if parameters is other and other.updates - notes.version > 2:
                parameters.hear_nothing()
            else:
                parameters.learn([gradient], notes)
            pending.append(parameters.answer())
    assert (this.arrays, this.updates, this.heard) == (other.arrays, other.updates, other.heard)
    reports = this.rules[0].rule.steps_taken
    assert reports == other.rules[0].steps_taken
    assert max([heard.staleness for *_, heard in reports], default=0) <= 2


class OnlyFloats(Rule):
    def step(self, gradient, weights, heard):
        return weights - gradient if isinstance(weights, float) else weights


@pytest.mark.parametrize("arrays", [(1.0, np.ones(2)), (np.ones(2), 1.0)])
def test_where_any_array_has_moved_it_is_an_update(arrays):
    parameters = Parameters(arrays, OnlyFloats())
    parameters.learn([np.ones(2) if np.ndim(array) else 1.0 for array in arrays], parameters.answer())
    assert parameters.updates == 1
    assert 0.0 in [array for array in parameters.arrays if isinstance(array, float)]


def test_a_worker_that_discards_feedback_has_not_updated_but_has_heard():
    worker = Affine.drawn(2, 1, Discard(0.1, 0))
    answers = [worker(np.ones((1, 2)))[1] for _ in range(2)]
    answers[0](np.ones((1, 1)))
    before = worker.parameters.arrays
    assert answers[1](np.ones((1, 1))).shape == (1, 2)
    assert worker.parameters.arrays is before
    assert (worker.updates, worker.heard) == (1, 2)


@given(gradients)
def test_the_average_is_the_mean_of_the_weights_after_each_step(gradients):
    parameters = Parameters([np.ones((2, 3))], WeightAverage(Momentum(0.1)))
    assert parameters.averages[0] is parameters.arrays[0]
    seen = []
    for gradient in gradients:
        parameters.learn([gradient], parameters.answer())
        seen.append(parameters.arrays[0])
        assert parameters.averages[0] == pytest.approx(np.mean(seen, axis=0), abs=1e-12)
        assert not parameters.averages[0].flags.writeable


@given(gradients)
def test_the_moving_average_starts_from_the_first_weights_and_forgets(gradients):
    parameters, average = Parameters([np.ones((2, 3))], WeightAverage(0.1, 0.75)), np.ones((2, 3))
    for gradient in gradients:
        parameters.learn([gradient], parameters.answer())
        average = 0.75 * average + 0.25 * parameters.arrays[0]
        assert parameters.averages[0] == pytest.approx(average, abs=1e-12)


def test_a_worker_answers_with_his_average_when_it_is_put_there_instead():
    worker = Affine([[1.0]], [0.0], WeightAverage(1.0))
    for feedback in 1.0, 3.0:
        worker(np.ones((1, 1)))[1](np.full((1, 1), feedback))
    assert worker.weights.item() == -3.0
    with worker.parameters.instead(worker.parameters.averages):
        assert worker(np.zeros((1, 1)))[0].item() == -2.5
        assert worker.weights.item() == -1.5
    assert Affine([[1.0]], [0.0]).parameters.averages[0].item() == 1.0


def test_what_is_discarded_counts_for_no_average():
    parameters = Parameters([1.0], WeightAverage(GapAware(DiscrepancyCorrection(Discard(1.0, 0), 1))))
    first = parameters.answer()
    parameters.learn([1.0], parameters.answer())
    before = parameters.averages, parameters.rules[0].rule.square, parameters.rules[0].rule.rule.drift
    parameters.learn([1.0], first)
    after = parameters.averages, parameters.rules[0].rule.square, parameters.rules[0].rule.rule.drift
    assert (before, parameters.updates) == (after, 1)
