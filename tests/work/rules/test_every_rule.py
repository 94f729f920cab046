"""What holds of every rule around another, and of every rule made for late feedback."""

import math

import numpy as np
import pytest
from hypothesis import given, settings

from office.work import (
    NO_FEEDBACK,
    SGD,
    Adam,
    Affine,
    AsyncNesterov,
    DelayCompensation,
    Discard,
    DiscrepancyCorrection,
    GapAware,
    Heard,
    Momentum,
    Muon,
    Parameters,
    RateDecay,
    RateRescheduling,
    Rule,
    StalenessHinge,
    StalenessPolynomial,
    WeightAverage,
    WeightPrediction,
)
from tests.tiers import examples
from tests.work.oracles import bits
from tests.work.rules.every_rule import AROUND, each_rule, gradients, learnt


@pytest.mark.parametrize("policy", ["stash", "live", "refuse"])
@pytest.mark.parametrize("within", [SGD(0.1), Momentum(0.1), Adam(0.1), Muon(0.1)], ids=lambda it: type(it).__name__)
@pytest.mark.parametrize("make", AROUND.values(), ids=AROUND)
@settings(max_examples=examples(10))
@given(gradients)
def test_with_nothing_late_a_rule_around_another_is_that_one_to_the_bit(make, within, policy, gradients):
    plain, around = learnt(within, gradients), learnt(make(within), gradients, policy=policy)
    assert list(map(bits, plain)) == list(map(bits, around))


@each_rule
def test_float32_weights_stay_float32_however_late_the_feedback(make):
    parameters = Parameters([np.ones((2, 2), np.float32), np.ones(2, np.float32)], make(), policy="live")
    for _ in range(3):
        late, now = parameters.answer(), parameters.answer()
        for notes in now, late:
            results = parameters.differentiated(notes)
            parameters.learn([np.ones_like(array) for array in results], notes)
    remembered = [it for it in vars(parameters.rules[0]).values() if isinstance(it, np.ndarray)]
    arrays = [*parameters.arrays, *parameters.averages, *parameters.answer().weights, *results, *remembered]
    assert {array.dtype for array in arrays} == {np.dtype(np.float32)}


@each_rule
def test_a_float_learns_as_an_array_of_one_does(make):
    parameters = Parameters([1.0, np.ones(1)], make())
    for gradient in (3.0, -1.0, 0.5):
        late, now = parameters.answer(), parameters.answer()
        for notes in now, late:
            parameters.learn([gradient, np.array([gradient])], notes)
    number, array = parameters.arrays
    assert type(number) is float
    assert array[0] == pytest.approx(number, rel=1e-12)


@each_rule
def test_a_rule_changes_none_of_its_arguments(make):
    rule, arguments = make(), [np.full((2, 2), it) for it in (1.0, 2.0, 3.0)]
    gradient, weights, weights_then = arguments
    before = list(map(bits, arguments))
    for staleness in 0, 2, 0:
        new = rule.step(gradient, weights, Heard(weights_then, staleness))
        rule.answer_with(weights)
        rule.differentiate_with(weights, 2)
        rule.average_of(weights)
        assert list(map(bits, arguments)) == before
        assert not np.may_share_memory(new, gradient)


class Fails(Rule):
    def step(self, gradient, weights, heard):
        raise ZeroDivisionError


@pytest.mark.parametrize("make", AROUND.values(), ids=AROUND)
def test_where_the_rule_within_fails_nothing_is_remembered(make):
    parameters = Parameters([np.ones(2)], make(Fails()))
    before = dict(vars(parameters.rules[0]))
    with pytest.raises(ZeroDivisionError):
        parameters.learn([np.ones(2)], parameters.answer())
    assert vars(parameters.rules[0]) == before


@each_rule
def test_word_that_there_is_no_feedback_moves_nothing(make):
    worker = Affine.drawn(2, 2, make())
    before = worker.parameters.arrays
    worker(np.ones((1, 2)))[1](NO_FEEDBACK)
    assert worker.parameters.arrays is before


@pytest.mark.parametrize(
    ("make", "complaint"),
    [
        (lambda: StalenessPolynomial(0.1, -1), "a power of the staleness"),
        (lambda: StalenessHinge(0.1, -1.0), "zero or more"),
        (lambda: StalenessHinge(0.1, 1.0, -1), "zero or more"),
        (lambda: Discard(0.1, -1), "a limit of staleness"),
        (lambda: RateRescheduling(0.1, 0), "a rate is rescheduled over"),
        (lambda: RateDecay(0.1, -0.5), "the factor of the rate is -0.5"),
        (lambda: DiscrepancyCorrection(0.1, 0), "a delay is positive"),
        (lambda: DiscrepancyCorrection(0.1, 1, 1.0), "a decay is from 0"),
        (lambda: DelayCompensation(0.1, -1.0), "the strength of a compensation"),
        (lambda: DelayCompensation(0.1, 1.0, 1.0), "a decay is from 0"),
        (lambda: GapAware(0.1, 1.0), "a decay is from 0"),
        (lambda: GapAware(0.1, 0.9, 0.0), "epsilon is positive"),
        (lambda: WeightAverage(0.1, 1.0), "a decay is from 0"),
        (lambda: WeightPrediction(0.1, -1), "a delay is zero or more"),
        (lambda: AsyncNesterov(0.1, 1.0), "momentum is from 0"),
        (lambda: AsyncNesterov(math.nan), "the learning rate is nan"),
        (lambda: Muon(0.1, 1.0), "momentum is from 0"),
        (lambda: Muon(-0.1), "the learning rate is -0.1"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_when_made(make, complaint):
    with pytest.raises(ValueError, match=complaint):
        make()
