"""Rules made for late feedback, and rules around rules: each against the loop of its formula."""

import math
from collections import deque
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from office.work import (
    NO_FEEDBACK,
    SGD,
    Adam,
    Affine,
    Around,
    AsyncNesterov,
    DelayCompensation,
    Discard,
    DiscrepancyCorrection,
    GapAware,
    Heard,
    Linear,
    Momentum,
    Muon,
    Notes,
    Parameters,
    RateDecay,
    RateRescheduling,
    Rule,
    Scaled,
    SpikeCompensation,
    StalenessAware,
    StalenessHinge,
    StalenessPolynomial,
    WeightAverage,
    WeightPrediction,
    cosine_schedule,
)
from office.work.rules.muon import orthogonalised
from tests.work.oracles import Recording, arrays_of, bits

AROUND = {
    "RateDecay": lambda rule: RateDecay(rule, lambda _count: 1.0),
    "StalenessAware": StalenessAware,
    "StalenessPolynomial": StalenessPolynomial,
    "StalenessHinge": StalenessHinge,
    "RateRescheduling": lambda rule: RateRescheduling(rule, 10),
    "Discard": lambda rule: Discard(rule, 0),
    "DelayCompensation": DelayCompensation,
    "adaptive DelayCompensation": lambda rule: DelayCompensation(rule, 2.0, 0.95),
    "GapAware": GapAware,
    "WeightPrediction": WeightPrediction,
    "DiscrepancyCorrection": lambda rule: DiscrepancyCorrection(rule, 4),
    "WeightAverage": WeightAverage,
}
gradients = st.lists(arrays_of(2, 3), min_size=1, max_size=6)
delays = st.lists(st.integers(0, 4), min_size=1, max_size=8)


def learnt(rule, gradients, start=1.0, policy="stash"):
    """The weights after each of these gradients, none of them late."""
    parameters = Parameters([np.full(np.shape(gradients[0]), start)], rule, policy=policy)
    for gradient in gradients:
        notes = parameters.answer()
        parameters.differentiated(notes)
        parameters.learn([gradient], notes)
        yield parameters.arrays[0]


def late(rule, staleness, updates, gradient_at, start=1.0):
    """The weights after each update on feedback so many updates late; nothing is said until there is some."""
    parameters, pending = Parameters([start], rule), deque()
    for _ in range(updates):
        pending.append(parameters.answer())
        if len(pending) > staleness:
            notes = pending.popleft()
            parameters.learn([gradient_at(notes.weights[0])], notes)
        else:
            parameters.learn([0.0 * parameters.arrays[0]], parameters.answer())
        assert parameters.updates == parameters.heard
        yield parameters.arrays[0]


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


def limit_on_a_parabola(rule, staleness, high):
    """The largest rate times curvature, for an array of weights with a curvature each, at a rate of 1."""

    def sizes(curvatures):
        return map(abs, late(rule, staleness, 6_000, curvatures.__mul__, np.ones(20)))

    return limit(sizes, high)


# With nothing late


@pytest.mark.parametrize("policy", ["stash", "live", "refuse"])
@pytest.mark.parametrize("within", [SGD(0.1), Momentum(0.1), Adam(0.1), Muon(0.1)], ids=lambda it: type(it).__name__)
@pytest.mark.parametrize("make", AROUND.values(), ids=AROUND)
@settings(max_examples=10)
@given(gradients)
def test_with_nothing_late_a_rule_around_another_is_that_one_to_the_bit(make, within, policy, gradients):
    plain, around = learnt(within, gradients), learnt(make(within), gradients, policy=policy)
    assert list(map(bits, plain)) == list(map(bits, around))


@given(gradients, st.floats(0, 0.99))
def test_with_nothing_late_spike_compensation_is_momentum_to_the_bit(gradients, momentum):
    plain, rule = learnt(Momentum(0.1, momentum), gradients), learnt(SpikeCompensation(0.1, momentum), gradients)
    assert list(map(bits, plain)) == list(map(bits, rule))
    both = learnt(WeightPrediction(SpikeCompensation(0.1, momentum)), gradients)
    assert list(map(bits, learnt(Momentum(0.1, momentum), gradients))) == list(map(bits, both))


@given(gradients, st.floats(0, 0.99))
def test_nesterov_is_the_loop_of_its_formula(gradients, momentum):
    weights = before = np.ones((2, 3))
    for gradient, learnt_by_rule in zip(gradients, learnt(AsyncNesterov(0.1, momentum), gradients), strict=True):
        ahead = weights + momentum * (weights - before)
        weights, before = ahead - 0.1 * (1 - momentum) * gradient, weights
        assert learnt_by_rule == pytest.approx(weights, abs=1e-12)


def test_nesterov_answers_from_where_its_momentum_takes_it():
    parameters = Parameters([1.0], AsyncNesterov(1.0, 0.5))
    parameters.learn([1.0], parameters.answer())
    assert parameters.arrays == (0.5,)
    assert parameters.answer().weights == (0.25,)


# Scaled by how late the feedback is


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (StalenessAware(1.0), {0: 1, 1: 1, 2: 1 / 2, 5: 1 / 5}),
        (StalenessPolynomial(1.0), {0: 1, 1: 2**-0.5, 3: 1 / 2}),
        (StalenessPolynomial(1.0, 2), {0: 1, 1: 1 / 4, 3: 1 / 16}),
        (StalenessHinge(1.0, slope=10, free=4), {0: 1, 3: 1, 4: 1, 5: 1 / 11, 6: 1 / 21}),
        (RateRescheduling(1.0, 100), {1: 1, 5: 1 / 5, (5, 50): 5**-0.5, (5, 100): 1, (5, 1000): 1, (0, 0): 1}),
        (RateDecay(1.0, cosine_schedule(1.0, 0.0, 10)), {(3, 0): 1, (3, 5): 1 / 2, (0, 10): 0}),
    ],
    ids=lambda it: type(it).__name__,
)
def test_a_step_is_scaled_as_the_formula_says(rule, expected):
    assert isinstance(rule, Scaled)
    for when, factor in expected.items():
        staleness, tasks = when if isinstance(when, tuple) else (when, 0)
        weights = rule.step(np.array([3.0]), np.array([10.0]), Heard(np.array([9.0]), staleness, tasks))
        assert weights.tolist() == pytest.approx([10.0 - 3.0 * factor], rel=1e-15)


@pytest.mark.parametrize("within", [SGD, Momentum, Adam, lambda rate: Muon(rate, others=Adam(rate))])
@given(gradients, delays)
def test_to_scale_a_step_is_to_scale_the_rate(within, gradients, delays):
    scaled = StalenessAware(within(0.5))
    plain = within(lambda count: 0.5 / max(delays[count % len(delays)], 1))
    weights = other = np.ones((2, 3))
    for count, gradient in enumerate(gradients):
        staleness = delays[count % len(delays)]
        weights = scaled.step(gradient, weights, Heard(weights, staleness, count))
        other = plain.step(gradient, other, Heard(other, staleness, count))
        assert weights == pytest.approx(other, rel=1e-9, abs=1e-9)


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


# Too late


@given(st.lists(st.tuples(st.integers(0, 9), st.floats(-1, 1)), max_size=20))
def test_what_is_discarded_leaves_no_trace_and_makes_nothing_else_later(arrivals):
    one, other = Parameters([1.0], Discard(Recording(), 2)), Parameters([1.0], Recording())
    for parameters in one, other:
        pending = [parameters.answer() for _ in range(4)]
        for place, gradient in arrivals:
            notes = pending.pop(place % len(pending))
            if parameters is other and other.updates - notes.version > 2:
                parameters.hear_nothing(notes)
            else:
                parameters.learn([gradient], notes)
            pending.append(parameters.answer())
    assert (one.arrays, one.updates, one.heard) == (other.arrays, other.updates, other.heard)
    told = one.rules[0].rule.told
    assert told == other.rules[0].told
    assert max([heard.staleness for *_, heard in told], default=0) <= 2


class OnlyFloats(Rule):
    def step(self, gradient, weights, heard):
        return weights - gradient if isinstance(weights, float) else weights


@pytest.mark.parametrize("arrays", [(1.0, np.ones(2)), (np.ones(2), 1.0)])
def test_where_any_array_has_moved_it_is_an_update(arrays):
    parameters = Parameters(arrays, OnlyFloats())
    parameters.learn([np.ones(2) if np.ndim(array) else 1.0 for array in arrays], parameters.answer())
    assert parameters.updates == 1
    assert 0.0 in [array for array in parameters.arrays if isinstance(array, float)]


def test_a_worker_who_discards_feedback_has_not_updated_but_has_heard():
    worker = Affine.drawn(2, 1, Discard(0.1, 0))
    answers = [worker(np.ones((1, 2)))[1] for _ in range(2)]
    answers[0](np.ones((1, 1)))
    before = worker.parameters.arrays
    assert answers[1](np.ones((1, 1))).shape == (1, 2)
    assert worker.parameters.arrays is before
    assert (worker.updates, worker.heard) == (1, 2)


# Compensation


@given(arrays_of(3), st.integers(0, 5))
def test_delay_compensation_with_the_true_hessian_is_undelayed_descent(start, staleness):
    curvatures = np.array([0.5, 1.0, 3.0])

    class Knowing(DelayCompensation):
        def hessian(self, gradient, square):
            return curvatures

    now = list(late(SGD(0.1), 0, 30, curvatures.__mul__, start))
    then = list(late(Knowing(SGD(0.1)), staleness, 30 + staleness, curvatures.__mul__, start))
    assert np.array(then[staleness:]) == pytest.approx(np.array(now), abs=1e-12)


@given(st.lists(st.tuples(arrays_of(3), arrays_of(3), st.integers(0, 3)), min_size=1, max_size=6))
def test_delay_compensation_is_the_loop_of_its_formula_constant_and_adaptive(told):
    weights, square = np.zeros(3), np.zeros(3)
    constant, adaptive = DelayCompensation(1.0, 0.04), DelayCompensation(1.0, 2.0, 0.95)
    for gradient, then, staleness in told:
        square = 0.95 * square + 0.05 * gradient**2
        apart = (weights - then) if staleness else 0.0
        for rule, strength in (constant, 0.04), (adaptive, 2.0 / np.sqrt(square + 1e-7)):
            expected = weights - (gradient + strength * gradient**2 * apart)
            assert rule.step(gradient, weights, Heard(then, staleness)) == pytest.approx(expected, rel=1e-12, abs=1e-12)


@given(st.lists(st.tuples(arrays_of(3), arrays_of(3), st.integers(0, 3)), min_size=1, max_size=6))
def test_gap_aware_is_the_loop_of_its_formula(told):
    rule, weights, velocity, square = GapAware(Momentum(0.5), 0.9), np.zeros(3), np.zeros(3), np.zeros(3)
    for t, (gradient, then, staleness) in enumerate(told):
        gap = abs(weights - then) / (0.5 * np.sqrt(square / (1 - 0.9**t)) + 1e-8) if t and staleness else 0.0
        velocity = 0.9 * velocity + gradient / (1 + gap)
        square = 0.9 * square + 0.1 * velocity**2
        new = rule.step(gradient, weights, Heard(then, staleness))
        weights = weights - 0.5 * velocity
        assert new == pytest.approx(weights, rel=1e-6, abs=1e-9)


def test_a_weight_that_is_as_far_away_as_one_usual_step_has_half_its_gradient_counted():
    rule = GapAware(1.0)
    assert rule.step(2.0, 10.0, Heard(10.0)) == 8.0
    assert rule.step(4.0, 8.0, Heard(10.0, 1, 1)) == pytest.approx(6.0)


# Momentum when gradients are late


@given(st.lists(st.floats(-1, 1), min_size=1, max_size=20), st.integers(0, 6), st.sampled_from([0.0, 0.5, 0.9]))
def test_spike_compensation_is_undelayed_momentum_less_the_gradients_not_yet_arrived(gradients, staleness, momentum):
    rule, weights = SpikeCompensation(0.1, momentum), 0.0
    velocity = printed = 0.0
    for now in range(len(gradients)):
        late_one = gradients[now - staleness] if now >= staleness else 0.0
        weights = rule.step(late_one, weights, Heard(None, staleness, now))
        undelayed = 0.0  # each gradient's effect until now, had it come at once; those not yet arrived have none
        for then in range(now - staleness + 1):
            undelayed -= 0.1 * gradients[then] * sum(momentum**k for k in range(now - then + 1))
        assert weights == pytest.approx(undelayed, abs=1e-14)
        velocity = momentum * velocity + late_one  # and the formula as it is printed
        left = momentum**staleness
        printed -= 0.1 * (left * velocity + (1 - left) / (1 - momentum) * late_one)
        assert weights == pytest.approx(printed, abs=1e-14)


@given(st.permutations(range(8)), st.lists(st.floats(-1, 1), min_size=8, max_size=8))
def test_spike_compensation_leaves_no_trace_of_the_order_in_which_gradients_came(order, gradients):
    """Eight gradients, one for each of the first eight versions, in any order; then silence."""
    rule, weights = SpikeCompensation(0.1, 0.9), 0.0
    for update in range(8, 16):
        version = order[update - 8]
        weights = rule.step(gradients[version], weights, Heard(None, update - version))
    effects = (sum(0.9**k for k in range(16 - version)) for version in range(8))
    assert weights == pytest.approx(-0.1 * sum(map(float.__mul__, gradients, effects)), abs=1e-13)


def test_prediction_answers_as_far_ahead_along_the_velocity_as_feedback_is_late():
    for delay, staleness in (None, 3), (3.0, 1):
        rule = WeightPrediction(Momentum(0.1, 0.5), delay)
        parameters = Parameters([1.0], rule)
        assert parameters.answer().weights == (1.0,)
        parameters._step([2.0], Notes((1.0,), -staleness, 0))
        assert parameters.arrays == (pytest.approx(0.8),)
        assert parameters.answer().weights == (pytest.approx(0.8 - 3 * 0.1 * 2.0),)


def test_the_velocity_form_and_the_weight_difference_form_differ_where_the_velocity_is_not_the_step():
    spike, heavy = WeightPrediction(SpikeCompensation(0.1, 0.5), 1), WeightPrediction(Momentum(0.1, 0.5), 1)
    other = WeightPrediction(Around(SpikeCompensation(0.1, 0.5)), 1)  # which shows no velocity
    new = [rule.step(1.0, 0.0, Heard(0.0, 1)) for rule in (spike, heavy, other)]
    assert new == [pytest.approx(-0.15), pytest.approx(-0.1), pytest.approx(-0.15)]
    ahead = [rule.answer_with(0.0) for rule in (spike, heavy, other)]
    assert ahead == [pytest.approx(-0.1), pytest.approx(-0.1), pytest.approx(-0.15)]


# How large a step they bear


@pytest.mark.parametrize("staleness", [1, 2, 5])
def test_plain_descent_bears_what_is_known(staleness):
    assert limit_on_a_parabola(SGD(1.0), staleness, 3.0) == pytest.approx(
        2 * math.sin(math.pi / (4 * staleness + 2)), rel=2e-3
    )


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
def test_each_rule_bears_as_large_a_step_as_its_polynomial_says(rule, limits):
    for staleness, known in limits.items():
        assert limit_on_a_parabola(rule, staleness, 2.5 * known) == pytest.approx(known, rel=3e-3)


@pytest.mark.unwatched
def test_discrepancy_correction_nearly_triples_what_live_weights_bear():
    """PipeMare's own example: forward 10 updates late, backward 6, λ = 1, Δ = 5: (λ + Δ) w(t − 10) − Δ w(t − 6)."""

    def sizes(rule, steps):
        parameters = Parameters([np.ones(20)], rule)
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
    inputs, one = np.ones((1, 1)), np.ones(1)
    for _ in range(30):
        worker(inputs)[1](one)
    then = worker.weights[0]
    answers = [worker(inputs)[1] for _ in range(4)]
    told = [handle_feedback(one).item() for handle_feedback in answers]
    assert told == pytest.approx([then] * 4, abs=1e-12)
    assert worker.weights[0] < then - 0.03


# Muon


@given(arrays_of(3, 5), st.booleans())
def test_orthogonalised_has_the_same_directions_and_singular_values_near_one(table, tall):
    left, sizes, right = np.linalg.svd(table, full_matrices=False)
    if sizes[-1] < 0.05 * max(sizes[0], 1e-3):
        return  # smaller ones are still on their way after five iterations
    found = orthogonalised(table.T if tall else table)
    found = found.T if tall else found
    inner = left.T @ found @ right.T
    assert (abs(np.diag(inner) - 0.95) < 0.3).all()
    assert inner - np.diag(np.diag(inner)) == pytest.approx(np.zeros((3, 3)), abs=1e-6)


@given(st.lists(arrays_of(2, 4), min_size=1, max_size=5))
def test_muon_is_the_loop_of_its_formula(gradients):
    weights, memory = np.ones((2, 4)), np.zeros((2, 4))
    for gradient, learnt_by_rule in zip(gradients, learnt(Muon(0.02), gradients), strict=True):
        memory = 0.95 * memory + gradient
        table = gradient + 0.95 * memory
        x = table / (np.sqrt((table**2).sum()) + 1e-7)
        for _ in range(5):
            x = 3.4445 * x - 4.7750 * x @ x.T @ x + 2.0315 * x @ x.T @ x @ x.T @ x
        weights = weights - 0.02 * math.sqrt(2) * x
        assert learnt_by_rule == pytest.approx(weights, abs=1e-9)


def test_whatever_is_no_table_learns_by_the_other_rule():
    one, other = (
        Parameters([1.0, np.ones(3), np.ones((2, 2, 2))], Muon(others=0.5)),
        [1.0, np.ones(3), np.ones((2, 2, 2))],
    )
    one.learn([2.0 * it for it in other], one.answer())
    assert all(np.all(array == 0.0) for array in one.arrays)
    plain, adam = Parameters([1.0], Muon()), Parameters([1.0], Adam(0.0003, (0.9, 0.95), 1e-10))
    for parameters in plain, adam:
        parameters.learn([2.0], parameters.answer())
    assert plain.arrays == adam.arrays


# Averages


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


# What holds of them all

MADE = {
    **{name: lambda make=make: make(Momentum(0.1)) for name, make in AROUND.items()},
    "SpikeCompensation": lambda: SpikeCompensation(0.1),
    "AsyncNesterov": lambda: AsyncNesterov(0.1),
    "Muon": Muon,
}
each_rule = pytest.mark.parametrize("make", MADE.values(), ids=MADE)


@each_rule
def test_float32_weights_stay_float32_however_late_the_feedback(make):
    parameters = Parameters([np.ones((2, 2), np.float32), np.ones(2, np.float32)], make(), policy="live")
    for _ in range(3):
        late, now = parameters.answer(), parameters.answer()
        for notes in now, late:
            said = parameters.differentiated(notes)
            parameters.learn([np.ones_like(array) for array in said], notes)
    remembered = [it for it in vars(parameters.rules[0]).values() if isinstance(it, np.ndarray)]
    arrays = [*parameters.arrays, *parameters.averages, *parameters.answer().weights, *said, *remembered]
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
    rule = make(Fails())
    before = dict(vars(rule))
    with pytest.raises(ZeroDivisionError):
        rule.step(np.ones(2), np.ones(2), Heard(np.ones(2)))
    assert vars(rule) == before


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
        (lambda: StalenessHinge(0.1, -1.0), "slope and free updates"),
        (lambda: StalenessHinge(0.1, 1.0, -1), "slope and free updates"),
        (lambda: Discard(0.1, -1), "a limit of staleness"),
        (lambda: RateRescheduling(0.1, 0), "a rate is rescheduled over"),
        (lambda: RateDecay(0.1, -0.5), "the factor of the rate is -0.5"),
        (lambda: DiscrepancyCorrection(0.1, 0), "a delay positive"),
        (lambda: DiscrepancyCorrection(0.1, 1, 1.0), "a decay is from 0"),
        (lambda: DelayCompensation(0.1, -1.0), "the strength of a compensation"),
        (lambda: DelayCompensation(0.1, 1.0, 1.0), "a decay is from 0"),
        (lambda: GapAware(0.1, 1.0), "a decay is from 0"),
        (lambda: GapAware(0.1, 0.9, 0.0), "epsilon positive"),
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
