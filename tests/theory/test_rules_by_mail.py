"""What update rules promise of late feedback, and of feedback in time, kept in offices where mail takes as it likes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from office import Client, Worker, compose, every, simulate, squared_error
from office.study import staleness
from office.work import (
    SGD,
    Adam,
    Affine,
    Around,
    AsyncNesterov,
    DelayCompensation,
    Linear,
    Momentum,
    Muon,
    SpikeCompensation,
    WeightPrediction,
    rules,
)
from tests.work.oracles import bits
from tests.work.rules.every_rule import AROUND

pytestmark = pytest.mark.unwatched

PROJECT = np.zeros((1, 1))  # nothing is known of it, so that a bias is all there is to an answer
AS_IT_LIKES = {
    "mail": {"alex.feedback_from_above": "delay 6ms 6ms distribution exponential"},
    "arrivals": every("1ms"),
}
few_numbers = st.lists(st.floats(-1, 1), min_size=1, max_size=20)
seeds = st.integers(0, 2**32)


def learnt(worker, targets, feedback, seed=0, mail="", **client):
    """A run, and its answers to the tasks with these targets, in order of the tasks: `(tasks, …)`."""
    client = Client([(PROJECT, target) for target in targets], feedback, **client)
    run = simulate(Worker(worker, "alex"), client, mail=mail, seed=seed)
    return run, np.array([run.outputs[task] for task in range(len(targets))])[..., 0]


def heard(run):
    """The tasks in the order in which their feedback came, and the version of the weights that gave each its answer."""
    mail = run.journal.mail
    tasks = mail.task[mail.link == run.journal.place_of("alex.feedback_from_above")]
    return tasks, np.arange(len(tasks)) - staleness(run.journal, "alex")


# However late


@given(few_numbers, st.sampled_from([0.0, 0.5, 0.9]), seeds)
def test_spike_compensation_is_at_any_time_undelayed_momentum_less_the_gradients_that_have_not_arrived(
    gradients, momentum, seed
):
    spike = Linear([0.0], 0.0, SpikeCompensation(0.1, momentum))
    late, answers = learnt(spike, gradients, lambda _, gradient: (0.0, np.array([gradient])), seed, **AS_IT_LIKES)
    tasks, versions = heard(late)

    moments = len(gradients) + 1  # a copy for each: it is feedback at once what has arrived in the late office by then
    feedback = np.zeros((moments, moments))
    for place, (task, version) in enumerate(zip(tasks, versions, strict=True)):
        feedback[version, place + 1 :] += gradients[task]
    copies = Linear(np.zeros((moments, 1)), np.zeros(moments), Momentum(0.1, momentum))
    _, undelayed = learnt(copies, feedback, lambda _, gradients: (0.0, gradients[:, None]), in_flight=1)
    assert answers[tasks] == pytest.approx(undelayed[versions, versions], abs=1e-12)
    assert spike.bias == pytest.approx(undelayed[-1, -1], abs=1e-12)


class Knowing(DelayCompensation):
    """Compensates with the curvatures of parabolas that it knows, one for each copy."""

    def __init__(self, rule, curvatures):
        super().__init__(rule)
        self.curvatures = curvatures

    def hessian(self, gradient, square):
        return self.curvatures.reshape(gradient.shape)


CURVATURES = np.linspace(0.1, 5.0, 7)


@pytest.mark.parametrize("rule", [SGD(0.1), Momentum(0.1, 0.5)], ids=["plain descent", "momentum"])
@given(few_numbers, seeds)
def test_delay_compensation_that_knows_the_curvature_is_undelayed_descent_by_the_tasks_as_they_were_heard(
    rule, bottoms, seed
):
    def descended(rule, bottoms, *options, **client):
        copies = Linear(np.zeros((7, 1)), np.ones(7), rule)
        slope = lambda answer, bottom: (0.0, CURVATURES[:, None] * (answer - bottom))  # noqa: E731
        return copies, *learnt(copies, bottoms, slope, *options, **client)

    late, run, answers = descended(Knowing(rule, CURVATURES), bottoms, seed, **AS_IT_LIKES)
    tasks, versions = heard(run)
    in_time, _, undelayed = descended(rule, np.array(bottoms)[tasks], in_flight=1)
    assert answers[tasks] == pytest.approx(undelayed[versions], abs=1e-12)
    assert late.bias == pytest.approx(in_time.bias, abs=1e-12)


def test_mail_that_takes_as_it_likes_is_late_and_out_of_order():
    run, _ = learnt(Linear([0.0], 0.0), [0.0] * 20, lambda answer, _: (0.0, answer), **AS_IT_LIKES)
    tasks, versions = heard(run)
    assert (np.diff(tasks) < 0).any()
    assert (np.arange(20) - versions).max() >= 5


# In time


def everything(rule):
    """A rule in all the others that go around one."""
    for make in AROUND.values():
        rule = make(rule)
    return rule


WITHIN = {
    "SGD": SGD(0.1),
    "Momentum": Momentum(0.1),
    "Adam": Adam(0.1),
    "Muon": Muon(0.1),
    "Nesterov": AsyncNesterov(0.1, 0.5),
}
FORMS = {name: (rule, rule) for name, rule in WITHIN.items()}
FORMS |= {f"{name} of {within}": (make(rule), rule) for name, make in AROUND.items() for within, rule in WITHIN.items()}
FORMS |= {f"all of {name}": (everything(rule), rule) for name, rule in WITHIN.items()}
FORMS |= {
    "spike": (SpikeCompensation(0.1), Momentum(0.1)),
    "both": (WeightPrediction(SpikeCompensation(0.1)), Momentum(0.1)),
    "all of spike": (everything(SpikeCompensation(0.1)), Momentum(0.1)),
}
BY_ANY_MAIL = [
    ("stash", {"mail": "delay 20ms 20ms distribution exponential"}),
    ("live", {"mail": "delay 5ms"}),
    ("refuse", {"mail": {"*": "rate 1mbit", "alex.inbox": "delay 10ms reorder 50%"}}),
    ("live", {"mail": "delay 10ms 5ms loss 20% duplicate 30%", "delivery": "at least once"}),
]
TASKS = [(rows, rows @ [[1.0, -1.0], [2.0, 0.5]]) for rows in np.random.default_rng(0).normal(size=(8, 4, 2))]


@pytest.mark.sampled(3)
@pytest.mark.parametrize(("policy", "office"), BY_ANY_MAIL, ids=["late", "steady", "narrow", "lossy"])
@pytest.mark.parametrize(("rule", "form"), FORMS.values(), ids=FORMS)
def test_one_task_at_a_time_a_rule_is_its_undelayed_form_to_the_bit_by_any_mail(rule, form, policy, office):
    by_mail, undelayed = Affine.drawn(2, 2, rule, seed=1, policy=policy), Affine.drawn(2, 2, form, seed=1)
    client = Client(TASKS, squared_error, in_flight=1, epochs=2)
    run = simulate(Worker(by_mail, "alex"), client, **office)
    estimator = compose(Worker(undelayed))
    for task, (rows, target) in enumerate(2 * TASKS):
        output, handle_feedback = estimator(rows)
        assert bits(run.outputs[task]) == bits(output)
        assert bits(run.feedback_below[task]) == bits(handle_feedback(squared_error(output, target)[1]))
    assert list(map(bits, by_mail.parameters.arrays)) == list(map(bits, undelayed.parameters.arrays))
    assert by_mail.updates == undelayed.updates == 2 * len(TASKS)


def test_no_rule_that_goes_around_another_is_left_out():
    classes = {name: getattr(rules, name) for name in rules.__all__ if isinstance(getattr(rules, name), type)}
    around = {name for name, each in classes.items() if issubclass(each, Around)} - {"Accumulate", "Around", "Scaled"}
    assert around == {type(rule).__name__ for rule, _ in FORMS.values() if isinstance(rule, Around)}
