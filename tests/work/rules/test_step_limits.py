"""How large a step each rule bears, against its polynomial."""

import math
from collections import deque
from functools import partial

import numpy as np
import pytest

from office.work import (
    SGD,
    Around,
    AsyncNesterov,
    DelayCompensation,
    DiscrepancyCorrection,
    Linear,
    Momentum,
    Parameters,
    SpikeCompensation,
    StalenessAware,
    StalenessHinge,
    StalenessPolynomial,
    WeightPrediction,
)
from tests.work.rules.every_rule import late


def limit(weights_at, high):
    """The largest step up to which weights stay small. `weights_at(steps)`: how large they are, update by update.

    It tries twenty steps at once, and then twenty between the last that is calm and the first that is not.
    """
    low = 0.0
    for _ in range(3):
        steps = np.linspace(low, high, 22)[1:-1]
        with np.errstate(all="ignore"):
            before, after = (np.sum(third, axis=0) for third in np.array_split(list(weights_at(steps)), 3)[1:])
        calm = [*((after < before) | (before < 1e-100)).tolist(), False]
        first = calm.index(False)
        low, high = ([low, *steps, high][place] for place in (first, first + 1))
    return (low + high) / 2


class Bounded(Around):
    """Weights that have gone far off stay where they are: no number becomes too large to be one."""

    def step(self, gradient, weights, heard):
        return np.where(abs(weights) < 1e100, self.rule.step(gradient, weights, heard), weights)


def limit_on_a_parabola(rule, staleness, high):
    """The largest rate times curvature, for an array of weights with a curvature each, at a rate of 1."""

    def sizes(curvatures):
        return map(abs, late(Bounded(rule), staleness, 6_000, curvatures.__mul__, np.ones(20)))

    return limit(sizes, high)


@pytest.mark.unwatched
@pytest.mark.parametrize("staleness", [1, 2, 5])
def test_plain_descent_bears_what_is_known(staleness):
    assert limit_on_a_parabola(SGD(1.0), staleness, 3.0) == pytest.approx(
        2 * math.sin(math.pi / (4 * staleness + 2)), rel=2e-3
    )


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    ("rule", "limits"),
    [
        (StalenessAware(1.0), {1: 1, 2: 1.2361, 8: 8 * 2 * math.sin(math.pi / 34)}),
        (StalenessPolynomial(1.0, 0.5), {0: 2, 1: 1.4142, 2: 1.0705}),
        (SpikeCompensation(1.0, 0.9), {1: 0.2531, 32: 0.00482}),
        (WeightPrediction(Momentum(1.0, 0.9)), {1: 0.2702, 32: 0.00329}),
        (WeightPrediction(SpikeCompensation(1.0, 0.9)), {1: 0.2917, 32: 0.00273}),
        (AsyncNesterov(1.0, 0.99), {1: 9.14, 2: 0.972, 32: 0.0338}),
        (SGD(1.0), {32: 0.0483}),
        (Momentum(1.0, 0.9), {1: 0.1, 2: 0.051249, 32: 0.00406}),
        (StalenessHinge(1.0, 1.0, 1), {1: 1, 2: 2 * 0.618034}),
        (DelayCompensation(1.0, 0.0), {1: 1}),
    ],
    ids=["staleness-aware", "polynomial", "spike", "prediction", "both", "nesterov", "plain", "heavy", "hinge", "none"],
)
@pytest.mark.unwatched
@pytest.mark.sampled(3)
def test_each_rule_bears_as_large_a_step_as_its_polynomial_says(rule, limits):
    for staleness, known in limits.items():
        assert limit_on_a_parabola(rule, staleness, 2.5 * known) == pytest.approx(known, rel=3e-3)


@pytest.mark.thorough
@pytest.mark.unwatched
def test_discrepancy_correction_nearly_triples_what_live_weights_bear():
    """PipeMare's own example: forward 10 updates late, backward 6, λ = 1, Δ = 5: (λ + Δ) w(t − 10) − Δ w(t − 6)."""

    def sizes(rule, steps):
        parameters = Parameters([np.ones(20)], Bounded(rule))
        seen = deque([parameters.arrays[0]] * 11, maxlen=11)
        for _ in range(6_000):
            back = parameters.rules[0].differentiate_with(seen[-7], 10 - 6)
            parameters.learn([steps * (6 * seen[-11] - 5 * back)], parameters.answer())
            seen.append(parameters.arrays[0])
            yield abs(seen[-1])

    for rule, known in (SGD(1.0), 0.03807), (DiscrepancyCorrection(1.0, 4, 0.135), 0.10587):
        assert limit(partial(sizes, rule), 2.5 * known) == pytest.approx(known, rel=1e-3)


def test_discrepancy_correction_finds_the_weights_of_the_answer_where_they_move_steadily():
    worker = Linear([1.0], 0.0, DiscrepancyCorrection(0.01, 1), policy="live")
    inputs, feedback = np.ones((1, 1)), np.ones(1)
    for _ in range(30):
        worker(inputs)[1](feedback)
    then = worker.weights[0]
    answers = [worker(inputs)[1] for _ in range(4)]
    reports = [handle_feedback(feedback).item() for handle_feedback in answers]
    assert reports == pytest.approx([then] * 4, abs=1e-12)
    assert worker.weights[0] < then - 0.03
