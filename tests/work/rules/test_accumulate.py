"""`Accumulate` around every rule, under every policy."""

import math
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from office import Client, Worker, simulate, squared_error
from office.errors import StaleFeedback, SumDropped
from office.work import (
    NO_FEEDBACK,
    SGD,
    Accumulate,
    Adam,
    Affine,
    Around,
    AsyncNesterov,
    DelayCompensation,
    Discard,
    GapAware,
    Heard,
    Linear,
    Momentum,
    Muon,
    Parameters,
    RateDecay,
    SpikeCompensation,
    StalenessAware,
    StalenessPolynomial,
    WeightAverage,
    WeightPrediction,
)
from tests.tiers import examples
from tests.work.oracles import Recording, arrays_of, bits, memory_of, state_of
from tests.work.rules.every_rule import AROUND

RULES = {
    "SGD": lambda: SGD(0.1),
    "Momentum": lambda: Momentum(0.1),
    "Adam": lambda: Adam(0.1),
    "Muon": Muon,
    "Muon for late feedback": lambda: StalenessAware(Muon(others=StalenessPolynomial(Momentum(0.1)))),
    "SpikeCompensation": lambda: SpikeCompensation(0.1),
    "AsyncNesterov": lambda: AsyncNesterov(0.1),
    **{name: lambda make=make: make(Momentum(0.1)) for name, make in AROUND.items()},
    "nested": lambda: Discard(
        StalenessPolynomial(WeightAverage(GapAware(WeightPrediction(SpikeCompensation(0.1))))), 2
    ),
}
every_rule = pytest.mark.parametrize("make", RULES.values(), ids=RULES)
every_policy = pytest.mark.parametrize("policy", ["stash", "live", "refuse"])
few_examples = settings(max_examples=examples(24))
SHAPES = [(2, 3), (3,), ()]


def parameters_with(rule, policy="stash"):
    return Parameters([np.ones(shape) if shape else 1.0 for shape in SHAPES], rule, policy=policy)


def gradients_of(seed):
    """Of very different sizes: added up in another order, they give another number."""
    generator = np.random.default_rng(seed)
    size = 10.0 ** generator.integers(-8, 8)
    return [generator.normal(size=shape) * size if shape else generator.normal() * size for shape in SHAPES]


def hear(parameters, notes, seed):
    """Feedback on an answer, or none where there is no seed; what the callback would have differentiated."""
    if seed is not None:
        try:
            weights = parameters.differentiated(notes)
        except StaleFeedback:
            seed = None
    if seed is None:
        parameters.hear_nothing()
        return None
    parameters.learn(gradients_of(seed), notes)
    return [bits(array) for array in weights]


def everything(parameters):
    """All that an answer, an average or a step may depend on."""
    arrays = [*parameters.arrays, *parameters.averages, *parameters.offered]
    return [bits(array) for array in arrays], parameters.updates, parameters.heard, parameters.kept


seeds = st.none() | st.integers(0, 99)


@every_rule
@every_policy
@few_examples
@given(st.lists(st.tuples(st.integers(0, 2), seeds), max_size=10))
def test_accumulation_over_one_task_is_the_rule_itself_to_the_bit(make, policy, script):
    runs = []
    for rule in make(), Accumulate(make(), 1):
        parameters, run = parameters_with(rule, policy), []
        pending = [parameters.answer() for _ in range(3)]
        for place, seed in script:
            run.append(hear(parameters, pending.pop(place), seed))
            run.append(everything(parameters))
            pending.append(parameters.answer())
        runs.append(run)
    assert runs[0] == runs[1]


@every_rule
@every_policy
@few_examples
@given(st.data())
def test_the_order_of_feedback_leaves_no_trace_in_any_bit(make, policy, data):
    this, other = (parameters_with(Accumulate(make(), 3), policy) for _ in range(2))
    rounds = [data.draw(st.lists(seeds, min_size=3, max_size=3)) for _ in range(3)]
    orders = [data.draw(st.permutations(range(3))) for _ in range(3)]
    some = data.draw(st.sets(st.integers(0, 5), min_size=3, max_size=3))
    for parameters, arrivals in (this, [range(3)] * 3), (other, orders):
        pending = [parameters.answer() for _ in range(3)]
        for group, order in zip(rounds, arrivals, strict=True):
            pending += [parameters.answer() for _ in range(3)]
            chosen = [pending[place] for place in sorted(some)]  # some of them late, from the second round on
            pending = [notes for place, notes in enumerate(pending) if place not in some]
            for place in order:
                hear(parameters, chosen[place], group[place])
        assert parameters.heard == 9
        assert parameters.kept == 0
    assert everything(this) == everything(other)
    assert [memory_of(rule) for rule in this.rules] == [memory_of(rule) for rule in other.rules]


@every_rule
@every_policy
@few_examples
@given(st.lists(st.integers(0, 99), min_size=1, max_size=4))
def test_where_all_come_in_time_it_is_one_step_on_the_sum_to_the_bit(make, policy, seeds):
    tasks = len(seeds)
    this, other = parameters_with(Accumulate(make(), tasks), policy), parameters_with(make(), policy)
    notes = [this.answer() for _ in seeds]
    for its, seed in zip(notes, seeds, strict=True):
        hear(this, its, seed)
    for _ in seeds[1:]:
        other.hear_nothing()
    of_each_array = zip(*map(gradients_of, seeds), strict=True)
    other.learn([sum(several[1:], several[0]) for several in of_each_array], other.answer())
    assert everything(this) == everything(other)


@every_rule
@few_examples
@given(st.lists(seeds, min_size=4, max_size=4))
def test_a_task_without_feedback_counts_and_leaves_the_others_as_they_are(make, several):
    this, other = parameters_with(Accumulate(make(), 4)), parameters_with(make())
    for its, seed in zip([this.answer() for _ in several], several, strict=True):
        hear(this, its, seed)
    those = [(gradients_of(seed), number) for number, seed in enumerate(several) if seed is not None]
    assert (this.updates, this.heard, this.kept) == (1 if those else 0, 4, 0)
    for k, (rule, weights) in enumerate(zip(other.rules, other.arrays, strict=True)):
        feedbacks = [(gradients[k], Heard(weights, 0, 3, number)) for gradients, number in those]
        assert bits(this.arrays[k]) == bits(rule.step_of_several(feedbacks, weights) if feedbacks else weights)


@pytest.mark.parametrize("accumulate", [0, -1, 1.5, True, "2", None])
def test_feedback_accumulates_over_a_whole_number_of_tasks_and_over_nothing_else(accumulate):
    with pytest.raises(ValueError, match="accumulates over a whole number of tasks"):
        Accumulate(0.1, accumulate)


@pytest.mark.parametrize("count", [2, 3, 5])
def test_so_many_feedbacks_make_one_step_down_the_sum_of_their_gradients(count):
    parameters = Parameters([np.zeros(2), 0.0], Accumulate(1.0, count))
    before = parameters.arrays
    for k in range(count):
        assert parameters.arrays is before
        assert (parameters.updates, parameters.heard) == (0, k)
        parameters.learn([np.array([1.0, k]), 10.0], parameters.answer())
    total = count * (count - 1) / 2
    assert [np.ravel(array).tolist() for array in parameters.arrays] == [[-count, -total], [-10.0 * count]]
    assert (parameters.updates, parameters.heard) == (1, count)


@given(st.lists(arrays_of(2, 3), min_size=3, max_size=3), st.permutations(range(3)))
def test_a_worker_that_accumulates_steps_once_down_the_sum_whatever_the_order(tables, order):
    this, other = (Affine.drawn(3, 2, Accumulate(Recording(), 3)) for _ in range(2))
    for worker, arrivals in ((this, range(3)), (other, order)):
        answers = [worker(table) for table in tables]
        for k in arrivals:
            output, handle_feedback = answers[k]
            handle_feedback(output - 1.0)
    assert state_of(this) == state_of(other)
    output, _ = Affine.drawn(3, 2)(np.concatenate(tables))
    expected = np.concatenate(tables).T @ (output - 1.0)
    assert this.parameters.rules[0].rule.steps_taken[0][0] == pytest.approx(expected, abs=1e-9)


def test_a_sum_without_any_feedback_makes_no_step_and_the_next_one_starts_afresh():
    parameters = Parameters([0.0], Accumulate(Recording(1.0), 2))
    for _ in range(2):
        parameters.hear_nothing()
    assert (parameters.updates, parameters.heard) == (0, 2)
    assert parameters.rules[0].rule.steps_taken == []
    parameters.learn([5.0], parameters.answer())
    assert parameters.arrays == (0.0,)
    parameters.hear_nothing()
    assert parameters.arrays == (-5.0,)
    assert (parameters.updates, parameters.heard) == (1, 4)


def test_the_rule_hears_of_the_oldest_answer_of_a_sum_that_has_feedback():
    parameters = Parameters([0.0], Accumulate(Recording(1.0), 2))
    _, second, third, fourth = (parameters.answer() for _ in range(4))
    parameters.learn([1.0], third)
    parameters.learn([1.0], second)
    fifth = parameters.answer()
    parameters.learn([1.0], fifth)
    parameters.hear_nothing()
    parameters.learn([1.0], parameters.answer())
    parameters.learn([1.0], fourth)
    assert [heard for _, _, heard in parameters.rules[0].rule.steps_taken] == [
        (0.0, 0, 1, 1),
        (-2.0, 0, 3, 4),
        (0.0, 2, 5, 3),
    ]


def late_pair(rule, gradients=(1.0, 1.0)):
    """The weight after a sum of two, the first of them an update late; its first update was to -1."""
    parameters = Parameters([0.0], Accumulate(rule, 2))
    late, *_ = (parameters.answer() for _ in range(3))
    for _ in range(2):
        parameters.learn([0.5], parameters.answer())
    before = parameters.arrays[0]
    parameters.learn([gradients[0]], late)
    parameters.learn([gradients[1]], parameters.answer())
    return before, parameters.arrays[0]


def test_rules_that_scale_a_step_weigh_each_feedback_by_its_own_factor():
    before, after = late_pair(StalenessPolynomial(0.1, 0.5))
    assert before - after == pytest.approx(0.1 + 0.1 / math.sqrt(2))  # 0.1707
    before, after = late_pair(StalenessPolynomial(0.1, 1.0), (3.0, 5.0))
    assert before - after == pytest.approx(0.1 * (3.0 / 2 + 5.0))


def test_arrays_that_are_no_tables_have_under_muon_what_its_rule_for_others_does():
    before, after = late_pair(Muon(others=StalenessPolynomial(0.1, 0.5)))
    assert before - after == pytest.approx(0.1 + 0.1 / math.sqrt(2))


def test_what_is_too_late_is_left_out_and_the_rest_makes_a_step():
    before, after = late_pair(Discard(0.1, 0))
    assert before - after == pytest.approx(0.1)
    before, after = late_pair(Discard(0.1, 0), (100.0, 3.0))
    assert before - after == pytest.approx(0.3)


def test_where_all_are_too_late_there_is_no_step_and_nothing_is_kept():
    parameters = Parameters([0.0], Accumulate(Discard(WeightAverage(1.0), 0), 2))
    late = [parameters.answer() for _ in range(2)]
    for _ in range(2):
        parameters.learn([1.0], parameters.answer())
    before = parameters.arrays
    for notes in late:
        parameters.learn([1.0], notes)
    assert parameters.arrays is before
    assert (parameters.updates, parameters.heard, parameters.kept) == (1, 4, 0)


def test_under_momentum_the_mean_factor_scales_the_step_and_the_velocity_hears_what_is_left():
    rule, weights, velocity = StalenessPolynomial(Momentum(0.5, 0.9), 1.0), 10.0, 0.0
    for gradients, delays in ((2.0, 3.0), (0, 1)), ((1.0, -4.0), (3, 0)), ((5.0, 1.0), (1, 1)):
        heards = [Heard(weights, late, number=number) for number, late in enumerate(delays)]
        new = rule.step_of_several(list(zip(gradients, heards, strict=True)), weights)
        factors = [1 / (1 + late) for late in delays]
        mean = sum(factors) / 2
        velocity = 0.9 * velocity + sum(f * g for f, g in zip(factors, gradients, strict=True)) / mean
        weights = weights - mean * 0.5 * velocity
        assert new == pytest.approx(weights)


def test_delay_compensation_makes_up_for_each_gradient_by_itself():
    constant, adaptive = DelayCompensation(1.0, 0.5), DelayCompensation(1.0, 2.0, 0.75)
    feedbacks = [(3.0, Heard(9.0, 2, 7, 0)), (-2.0, Heard(9.5, 1, 7, 1)), (4.0, Heard(10.0, 0, 7, 2))]
    expected = 3.0 + 0.5 * 9.0 * 1.0 + -2.0 + 0.5 * 4.0 * 0.5 + 4.0
    assert constant.step_of_several(feedbacks, 10.0) == pytest.approx(10.0 - expected)
    squares = [0.25 * 9.0]
    squares.append(0.75 * squares[-1] + 0.25 * 4.0)
    expected = 3.0 + 2.0 / math.sqrt(squares[0]) * 9.0 * 1.0 + -2.0 + 2.0 / math.sqrt(squares[1]) * 4.0 * 0.5 + 4.0
    assert adaptive.step_of_several(feedbacks, 10.0) == pytest.approx(10.0 - expected, rel=1e-6)
    assert adaptive.square == 0.75 * squares[1] + 0.25 * 16.0


def test_gap_aware_divides_each_gradient_by_its_own_gap_and_remembers_one_step():
    rule = GapAware(1.0)
    rule.step(2.0, 10.0, Heard(10.0))  # a usual step is 2 long
    new = rule.step_of_several([(6.0, Heard(12.0, 2)), (4.0, Heard(10.0, 1)), (1.0, Heard(8.0, 0))], 8.0)
    assert new == pytest.approx(8.0 - 6.0 / 3 - 4.0 / 2 - 1.0)
    assert rule.steps == 2


@given(st.lists(st.lists(st.tuples(st.floats(-9, 9), st.integers(0, 5)), min_size=1, max_size=4), max_size=4))
def test_spike_compensation_gives_each_gradient_what_it_has_missed(rounds):
    rule, weights, aged = SpikeCompensation(0.1, 0.5), 0.0, 0.0
    for reports in rounds:
        new = rule.step_of_several([(gradient, Heard(None, late)) for gradient, late in reports], weights)
        aged = 0.5 * aged + sum(0.5**late * gradient for gradient, late in reports)
        weights -= 0.1 * (aged + sum((1 - 0.5**late) / 0.5 * gradient for gradient, late in reports))
        assert new == pytest.approx(weights, abs=1e-12)
        weights = new


def test_a_prediction_reaches_as_far_as_the_feedback_on_the_oldest_answer_was_late():
    parameters = Parameters([0.0], Accumulate(WeightPrediction(Momentum(0.5, 0.0)), 2))
    late = parameters.answer()
    for _ in range(4):
        parameters.learn([1.0], parameters.answer())
    parameters.learn([1.0], parameters.answer())
    parameters.learn([1.0], late)
    assert (parameters.arrays, parameters.offered) == ((-3.0,), (-5.0,))  # two updates of -1 further on


def test_a_schedule_counts_tasks_and_every_feedback_of_a_sum_has_the_same_count():
    counts = []
    rule = RateDecay(SGD(lambda count: counts.append(count) or 0.1), lambda count: counts.append(count) or 0.5)
    parameters = Parameters([1.0], Accumulate(rule, 3))
    for seed in (1, 2, None, 3, None, 4):
        notes = parameters.answer()
        parameters.hear_nothing() if seed is None else parameters.learn([1.0], notes)
    assert counts == [2, 2, 2, 5, 5, 5]  # the factors of two feedbacks, and the rate of their step


class Doubling(Around):
    """One of your own, with a step and no more."""

    def step(self, gradient, weights, heard):
        return self.rule.step(2.0 * gradient, weights, heard)


def test_a_rule_of_your_own_around_another_takes_its_step_on_the_sum():
    recording = Recording(1.0)
    parameters = Parameters([0.0], Accumulate(WeightAverage(Doubling(recording)), 2))
    for gradient in 3.0, 4.0:
        parameters.learn([gradient], parameters.answer())
    assert parameters.arrays == (-14.0,)
    ((gradient, _, heard),) = parameters.rules[0].rule.rule.rule.steps_taken
    assert (gradient, heard) == (14.0, (0.0, 0, 1, 0))


@pytest.mark.parametrize("make", [*AROUND.values(), lambda rule: Muon(others=rule), lambda rule: Accumulate(rule, 2)])
def test_accumulate_within_another_rule_is_refused(make):
    with pytest.raises(ValueError, match="Accumulate goes outermost"):
        Parameters([1.0], make(Accumulate(0.1, 2)))


@pytest.mark.parametrize("feedback", [True, False])
def test_a_step_that_fails_is_as_if_its_last_feedback_had_not_come(feedback):
    rates = {1: -1.0}
    worker = Affine([[1.0]], [0.0], Accumulate(StalenessAware(Momentum(rates.__getitem__)), 2))
    first, second = (worker(np.ones((1, 1)))[1] for _ in range(2))
    first(np.ones((1, 1)))
    before = state_of(worker), list(map(memory_of, worker.parameters.rules)), worker.parameters.kept
    last = np.ones((1, 1)) if feedback else NO_FEEDBACK
    for _ in range(2):
        with pytest.raises(ValueError, match="the learning rate at count 1"):
            second(last)
        assert (state_of(worker), list(map(memory_of, worker.parameters.rules)), worker.parameters.kept) == before
    rates[1] = 0.25
    second(last)
    assert worker.weights.item() == (0.5 if feedback else 0.75)
    assert (worker.updates, worker.heard, worker.parameters.kept) == (1, 2, 0)


# What is left of an incomplete sum


def four_tasks(rule):
    parameters = Parameters([0.0], rule)
    for _ in range(4):
        parameters.learn([1.0], parameters.answer())
    return parameters


def test_four_tasks_by_three_are_a_step_and_a_task_that_waits_until_it_is_flushed():
    parameters = four_tasks(Accumulate(1.0, 3))
    assert (parameters.arrays, parameters.updates, parameters.kept) == ((-3.0,), 1, 1)
    assert repr(parameters) == "<Parameters (): 1 updates, 1 of 3 tasks kept for the next>"
    assert parameters.flush() == 1
    assert (parameters.arrays, parameters.updates, parameters.kept, parameters.heard) == ((-4.0,), 2, 0, 4)
    assert parameters.flush() == 0
    assert (parameters.arrays, parameters.updates) == ((-4.0,), 2)


def test_without_accumulation_there_is_nothing_to_flush():
    parameters = four_tasks(1.0)
    assert (parameters.flush(), parameters.kept, parameters.accumulate, parameters.updates) == (0, 0, 1, 4)


@every_rule
@few_examples
@given(st.lists(seeds, min_size=1, max_size=3), st.randoms())
def test_the_order_of_feedback_leaves_no_trace_in_what_is_flushed(make, several, random):
    this, other = (parameters_with(Accumulate(make(), 4)) for _ in range(2))
    for parameters in this, other:
        order = list(enumerate(several))
        if parameters is other:
            random.shuffle(order)
        notes = [parameters.answer() for _ in several]
        for place, seed in order:
            hear(parameters, notes[place], seed)
        assert parameters.flush() == len(several)
    assert everything(this) == everything(other)


def test_a_flush_that_fails_keeps_everything():
    rates = {0: -1.0}
    parameters = Parameters([1.0, np.ones(2)], Accumulate(rates.__getitem__, 2))
    parameters.learn([1.0, np.ones(2)], parameters.answer())
    before = everything(parameters)
    with pytest.raises(ValueError, match="the learning rate at count 0"):
        parameters.flush()
    assert everything(parameters) == before
    rates[0] = 0.5
    assert parameters.flush() == 1
    assert parameters.arrays[0] == 0.5


def run(worker, tasks):
    client = Client([(np.ones((1, 1)), np.zeros(1))] * tasks, squared_error, in_flight=1)
    return simulate(Worker(worker, "alex"), client)


def test_an_incomplete_sum_is_dropped_with_a_warning_when_the_next_run_begins():
    worker = Linear([1.0], 0.0, Accumulate(0.1, 3))
    run(worker, 4)
    before = worker.parameters.arrays
    assert worker.parameters.kept == 1
    with pytest.warns(SumDropped, match=r"1 of 3 tasks of an earlier run made no step, and are dropped: call"):
        run(worker, 2)
    assert worker.parameters.arrays is before
    assert worker.parameters.kept == 2
    worker.parameters.flush()
    assert worker.updates == 2
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        run(worker, 3)
    assert worker.updates == 3
