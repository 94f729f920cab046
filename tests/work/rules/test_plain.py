import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from office.work import NO_FEEDBACK, SGD, Adam, Affine, Heard, Linear, Momentum, Parameters, Rule, linear_schedule
from office.work.rules import as_rule
from tests.work.oracles import arrays_of, bits

RULES = [SGD, Momentum, Adam]
gradients = st.lists(arrays_of(2, 3), min_size=1, max_size=6)


class SignDescent(Rule):
    """The rule of the docstring: ten lines that anyone may write."""

    def __init__(self, rate):
        self.rate = rate

    def step(self, gradient, weights, heard):
        return weights - self.rate * np.sign(gradient)


def learnt(rule, gradients, start=0.0):
    """The weights after each of these gradients, heard of at once."""
    parameters = Parameters([np.full(np.shape(gradients[0]), start)], rule)
    for gradient in gradients:
        parameters.learn([gradient], parameters.answer())
        yield parameters.arrays[0]


@given(gradients)
def test_sgd_is_a_rate_times_the_sum_of_the_gradients(gradients):
    *_, weights = learnt(SGD(0.25), gradients)
    assert weights == pytest.approx(-0.25 * sum(gradients), abs=1e-9)


@given(gradients, st.floats(0, 0.99))
def test_momentum_is_the_loop_of_its_formula(gradients, momentum):
    weights, velocity = np.zeros((2, 3)), np.zeros((2, 3))
    for gradient, learnt_by_rule in zip(gradients, learnt(Momentum(0.1, momentum), gradients), strict=True):
        velocity = momentum * velocity + gradient
        weights = weights - 0.1 * velocity
        assert learnt_by_rule == pytest.approx(weights, abs=1e-9)


@given(gradients, st.floats(0, 0.99), st.floats(0, 0.999))
def test_adam_is_algorithm_1_of_its_paper_entry_by_entry(gradients, beta1, beta2):
    *_, learnt_by_rule = learnt(Adam(0.1, (beta1, beta2), 1e-6), gradients)
    for place in np.ndindex(2, 3):
        weight = first = second = 0.0
        for t, gradient in enumerate(gradients, 1):
            first = beta1 * first + (1 - beta1) * gradient[place]
            second = beta2 * second + (1 - beta2) * gradient[place] ** 2
            weight -= 0.1 * (first / (1 - beta1**t)) / (math.sqrt(second / (1 - beta2**t)) + 1e-6)
        assert learnt_by_rule[place] == pytest.approx(weight, abs=1e-9)


@given(st.floats(0.01, 10), st.integers(1, 30))
def test_under_a_constant_gradient_each_rule_has_its_closed_form(gradient, steps):
    same = [np.array([gradient, -gradient])] * steps
    *_, plain = learnt(SGD(0.5), same)
    *_, heavy = learnt(Momentum(0.5, 0.75), same)
    *_, adam = learnt(Adam(0.5, epsilon=0.0), same)
    assert plain == pytest.approx(np.array([-1, 1]) * 0.5 * gradient * steps)
    velocities = sum((1 - 0.75**t) / 0.25 for t in range(1, steps + 1))
    assert heavy == pytest.approx(np.array([-1, 1]) * 0.5 * gradient * velocities)
    assert adam == pytest.approx(np.array([-1, 1]) * 0.5 * steps)  # whatever the size of the gradient


@given(gradients)
def test_momentum_without_any_is_plain_descent_to_the_bit(gradients):
    plain, heavy = learnt(SGD(0.1), gradients, 1.0), learnt(Momentum(0.1, momentum=0.0), gradients, 1.0)
    assert list(map(bits, plain)) == list(map(bits, heavy))


@pytest.mark.parametrize("rule", [SGD(0.1), Momentum(0.1), Adam(0.1), SignDescent(0.1)])
def test_a_float_learns_as_an_array_of_one_does(rule):
    parameters = Parameters([1.0, np.ones(1)], rule)
    for gradient in (3.0, -1.0, 0.5):
        parameters.learn([gradient, np.array([gradient])], parameters.answer())
        number, array = parameters.arrays
        assert type(number) is float
        assert array[0] == pytest.approx(number, rel=1e-15)


@pytest.mark.parametrize("rule", [0.1, Momentum(0.1), Adam(0.1)])
def test_float32_weights_stay_float32_and_so_does_what_the_rule_remembers(rule):
    parameters = Parameters([np.ones(2, np.float32)], rule)
    for _ in range(3):
        parameters.learn([np.ones(2, np.float32)], parameters.answer())
    remembered = [it for it in vars(parameters.rules[0]).values() if isinstance(it, np.ndarray)]
    assert {array.dtype for array in [*parameters.arrays, *remembered]} == {np.dtype(np.float32)}


@pytest.mark.parametrize("kind", [Momentum, Adam])
def test_every_array_of_every_worker_has_a_rule_of_its_own_and_the_one_given_learns_nothing(kind):
    rule = kind(0.1)
    untouched = vars(kind(0.1)).keys() - {"rate"}
    this, other = Affine.drawn(2, 2, rule), Affine.drawn(2, 2, rule)
    this(np.ones((1, 2)))[1](np.array([[1.0, 2.0]]))
    rules = this.parameters.rules + other.parameters.rules
    assert len({id(it) for it in [rule, *rules]}) == 5
    for name in untouched:
        assert getattr(rule, name) == getattr(kind(0.1), name)
        assert getattr(rules[2], name) == getattr(kind(0.1), name)
    memory = "velocity" if kind is Momentum else "mean"
    assert [getattr(it, memory).shape for it in rules[:2]] == [(2, 2), (2,)]


@pytest.mark.parametrize("kind", RULES)
def test_a_schedule_counts_every_task_heard_about_with_or_without_feedback(kind):
    counts = []
    worker = Linear([1.0], 0.0, kind(lambda count: counts.append(count) or 0.1))
    for feedback in (1.0, NO_FEEDBACK, NO_FEEDBACK, 1.0, 1.0):
        handle_feedback = worker(np.ones((1, 1)))[1]
        handle_feedback(feedback if feedback is NO_FEEDBACK else np.ones(1))
    assert counts == [0, 0, 3, 3, 4, 4]  # once for the weights and once for the bias


@pytest.mark.parametrize("kind", RULES)
def test_with_a_rate_of_zero_at_the_end_of_its_schedule_nothing_moves(kind):
    first, second, third = learnt(kind(linear_schedule(1.0, 0.0, 2)), [np.ones(2)] * 3)
    assert (first != 0.0).all()
    assert (second != first).all()
    assert bits(second) == bits(third)


@pytest.mark.parametrize("kind", RULES)
def test_a_rate_that_fails_leaves_what_a_rule_remembers_as_it_was(kind):
    rates = {0: -1.0}
    rule = kind(rates.__getitem__)
    before = dict(vars(rule))
    with pytest.raises(ValueError, match="the learning rate at count 0"):
        rule.step(np.ones(2), np.ones(2), Heard(np.ones(2)))
    assert vars(rule) == before


@given(gradients)
def test_a_rule_changes_none_of_its_arguments(gradients):
    weights = np.ones((2, 3))
    for rule in (SGD(0.1), Momentum(0.1), Adam(0.1)):
        for gradient in gradients:
            before = bits(gradient)
            new = rule.step(gradient, weights, Heard(weights))
            assert bits(gradient) == before
            assert not np.may_share_memory(new, gradient)
        assert (weights == 1.0).all()


@pytest.mark.parametrize("kind", RULES)
def test_how_late_the_feedback_is_makes_no_difference_to_these_rules(kind):
    steps = [kind(0.1).step(np.ones(2), np.zeros(2), heard) for heard in (Heard(np.zeros(2)), Heard(None, 9))]
    assert bits(steps[0]) == bits(steps[1])


def test_a_rule_of_ones_own_needs_ten_lines_and_teaches_any_worker():
    worker = Affine([[1.0, 1.0]], [0.0, 0.0], SignDescent(0.25))
    worker(np.array([[2.0]]))[1](np.array([[3.0, -0.5]]))
    assert worker.weights.tolist() == [[0.75, 1.25]]
    assert worker.bias.tolist() == [-0.25, 0.25]


def test_a_rule_without_a_step_says_so():
    with pytest.raises(NotImplementedError):
        Rule().step(1.0, 1.0, Heard(1.0))
    assert Rule().answer_with(2.5) == 2.5


def test_a_number_or_a_schedule_is_the_rate_of_plain_descent():
    for rate in (0.5, lambda _count: 0.5, SGD(0.5)):
        rule = as_rule(rate)
        assert type(rule) is SGD
        assert rule is not rate
        assert rule.step(2.0, 10.0, Heard(10.0)) == 9.0


@pytest.mark.parametrize(
    ("make", "complaint"),
    [
        *[(lambda kind=kind, rate=rate: kind(rate), "rate") for kind in RULES for rate in (-0.1, math.nan, -math.inf)],
        *[(lambda it=it: Momentum(0.1, it), "momentum is from 0") for it in (1.0, -0.1, math.nan, 2)],
        *[(lambda it=it: Adam(0.1, (it, 0.9)), "betas are two numbers from 0") for it in (1.0, -0.1, math.nan)],
        *[(lambda it=it: Adam(0.1, (0.9, it)), "betas are two numbers from 0") for it in (1.0, -0.1, math.nan)],
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_when_made(make, complaint):
    with pytest.raises(ValueError, match=complaint):
        make()
