"""The law of engines: with one task in flight, each gives the same outputs, feedback and weights, bit for bit."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from office import (
    NO_FEEDBACK,
    Chain,
    Client,
    LinearTotal,
    Team,
    Worker,
    addition,
    by,
    compose,
    in_turn,
    maximum,
    simulate,
)
from office.errors import AlreadyAnswered, BadChart
from office.testing.recipes import ALLOCATIONS, COMBINATIONS
from office.testing.strategies import chart_data, paces
from tests.engines.building import bits, by_name, fresh, nudge, tables
from tests.engines.offices import ANY_MAIL, mails
from tests.tiers import examples


def composed(chart, tasks, seed=0):
    """What the text's own loop gives: outputs, feedback below."""
    estimate = compose(chart, seed)
    outputs, below = {}, {}
    for task_id, (inputs, target) in enumerate(tasks):
        outputs[task_id], handle_feedback = estimate(inputs)
        below[task_id] = handle_feedback(nudge(outputs[task_id], target)[1])
    return outputs, below


def simulated(chart, tasks, **options):
    run = simulate(chart, Client(tasks, nudge, in_flight=1), **options)
    assert not any(run.pending.values())
    return run.outputs, run.feedback_below


def weights(estimators):
    return [[worker.weights, getattr(worker, "bias", 0.0), getattr(worker, "heard", 0)] for worker in estimators]


def assert_same(data, tasks, mail="", seed=0):
    """Both engines, each on a fresh chart; the chart has learnt something, or there was nothing to learn."""
    (first, firsts), (second, seconds) = fresh(data), fresh(data)
    by_call, by_mail = composed(first, tasks, seed), simulated(second, tasks, mail=mail, seed=seed)
    assert bits(by_call) == bits(by_mail)
    assert bits(weights(firsts)) == bits(weights(seconds))
    assert not tasks or bits(weights(firsts)) != bits(weights(fresh(data)[1]))


def worker(kind, number=0):
    return "worker", kind, number, {}


def team(*members, allocate="everyone", combine="addition"):
    return "team", allocate, combine, list(members), None


def chain(*members):
    return "chain", True, list(members)


JITTER = "delay 10ms 10ms distribution exponential"


@pytest.mark.parametrize("kind", ["table", "row", "total"])
@pytest.mark.parametrize("mail", ["", JITTER])
def test_one_worker_by_mail_is_the_worker(kind, mail):
    assert_same(worker(kind), tables(12), mail)


@pytest.mark.parametrize("kind", ["table", "row", "total"])
@pytest.mark.parametrize("combine", COMBINATIONS)
@pytest.mark.parametrize("mail", ["", JITTER])
def test_a_team_by_mail_is_the_combination_of_its_members(kind, combine, mail):
    assert_same(team(*[worker(kind, number) for number in range(5)], combine=combine), tables(12), mail)


@pytest.mark.parametrize("allocate", ALLOCATIONS)
@pytest.mark.parametrize("seed", [0, 7])
def test_an_allocated_team_by_mail_chooses_as_it_does_by_call(allocate, seed):
    assert_same(team(*[worker("total", number) for number in range(3)], allocate=allocate), tables(12), JITTER, seed)


@pytest.mark.parametrize("top", ["table", "row", "total"])
def test_a_chain_by_mail_is_its_departments_one_after_another(top):
    assert_same(chain(worker("table", 1), worker("table", 2), worker(top, 3)), tables(12), JITTER)


@pytest.mark.parametrize("combine", COMBINATIONS)
def test_offices_three_deep_are_what_their_parts_are(combine):
    front = chain(worker("table", 1), team(worker("row", 2), worker("row", 3), combine="maximum"))
    casey = team(front, worker("row", 4), allocate="in turn")
    deep = team(casey, chain(worker("table", 5), worker("row", 6)), worker("row", 7), combine=combine)
    assert_same(deep, tables(12), JITTER)


@given(chart_data() | chart_data(paces=paces()), mails(ANY_MAIL), st.integers(0, 9), st.integers(0, 5))
@settings(max_examples=examples(150))
def test_with_one_task_in_flight_mail_is_function_composition(data, mail, seed, count):
    assert_same(data, tables(count), by_name(data, *mail), seed)


@given(st.permutations(range(4)), st.sampled_from(["addition", "maximum"]), st.sampled_from(["", JITTER]))
def test_losers_three_teams_deep_hear_that_there_is_no_feedback_in_both_engines(order, inside, mail):
    pair = team(worker("total", order[0]), worker("total", order[1]), combine="maximum")
    triple = team(pair, worker("total", order[2]), combine=inside)
    assert_same(team(triple, worker("total", order[3]), combine="maximum"), tables(10), mail)


def telling(log, name, output):
    """A worker that keeps all feedback that it hears, `NO_FEEDBACK` too."""

    def estimator(inputs):
        def handle_feedback(feedback):
            log.append((name, feedback))
            return feedback

        handle_feedback.hears_no_feedback = True
        return output, Heard(handle_feedback)

    return Worker(estimator, name)


class Heard:
    hears_no_feedback = True

    def __init__(self, handle):
        self.handle = handle

    def __call__(self, feedback):
        return self.handle(feedback)


@pytest.mark.parametrize("engine", ["compose", "simulate"])
def test_every_worker_under_a_losing_manager_hears_that_there_is_no_feedback(engine):
    log = []
    losers = Team([telling(log, "alex", 1.0), Chain([telling(log, "bo", 5.0), telling(log, "casey", 2.0)])], "losers")
    chart = Team([losers, telling(log, "dani", 9.0)], "estimates", combine=maximum)
    task = [(0.0, 8.0)]
    _, below = composed(chart, task) if engine == "compose" else simulated(chart, task)
    told_what = {name: feedback for name, feedback in log if feedback is not NO_FEEDBACK}
    assert sorted(name for name, _ in log) == ["alex", "bo", "casey", "dani"]
    assert list(told_what) == ["dani"]
    assert below == {0: told_what["dani"]}


def words_side_by_side(outputs):
    """A combination as users write it: its callback does not know the word for no feedback."""
    return sum(outputs), lambda feedback: [feedback * 1.0 for _ in outputs]


@pytest.mark.parametrize("engine", [composed, simulated])
def test_a_combination_that_knows_no_word_for_no_feedback_is_not_told_it(engine):
    losers = Team([Worker(LinearTotal([0.0, 0.0], 0.0), "alex")], "losers", combine=words_side_by_side)
    chart = Team([losers, Worker(LinearTotal([0.0, 0.0], 9.0), "bo")], "team", combine=maximum)
    outputs, below = engine(chart, tables(2))
    assert list(outputs) == list(below) == [0, 1]


def test_a_composed_chart_learns_in_the_chart_s_own_estimators():
    alex = LinearTotal([1.0, 2.0], 0.0)
    _, handle_feedback = compose(Team([Worker(alex, "alex")]))(np.ones((1, 2)))
    handle_feedback(1.0)
    assert alex.updates == 1


@pytest.mark.parametrize("shape", [lambda alex: Team([alex]), lambda alex: Chain([alex])])
def test_a_composed_callback_is_heard_once(shape):
    _, handle_feedback = compose(shape(Worker(LinearTotal([1.0], 0.0), "alex")))(np.ones((1, 1)))
    handle_feedback(1.0)
    with pytest.raises(AlreadyAnswered):
        handle_feedback(1.0)


def test_an_estimator_may_be_called_again_before_its_feedback_comes():
    estimate = compose(Team([LinearTotal([1.0], 0.0), Worker(LinearTotal([2.0], 0.0), "bo")], allocate=in_turn))
    (first, about_first), (second, about_second) = estimate(np.ones((1, 1))), estimate(np.ones((1, 1)))
    assert (first, second) == (1.0, 2.0)
    assert about_second(1.0).tolist() == [[2.0]]
    assert about_first(1.0).tolist() == [[1.0]]


@pytest.mark.parametrize("make", [lambda: Team([]), lambda: Chain([]), lambda: Team([Chain([])])])
def test_an_empty_chart_is_refused_when_it_is_made(make):
    with pytest.raises(BadChart, match="has no members"):
        make()


def test_a_combination_of_words_passes_through_both_engines():
    def chorus(outputs):
        return " and ".join(outputs), lambda feedback: [f"{feedback}, {output}" for output in outputs]

    def says(word):
        return Worker(lambda inputs: (f"{word} {inputs}", lambda feedback: f"{word}: {feedback}"), word)

    def chart():
        front = Team([says("bo")], "front", combine=addition)
        return Chain([says("draft"), Team([says("alex")], "team", combine=chorus), front])

    output, handle_feedback = compose(chart())("plan")
    below = handle_feedback("more")
    run = simulate(chart(), Client([("plan", None)], lambda output, target: (0.0, "more")))
    assert run.outputs == {0: output}
    assert run.feedback_below == {0: below}
    assert output == "bo alex draft plan"


def test_a_nested_team_allocated_by_task_id_chooses_as_it_does_by_mail():
    def chart():
        pair = [Worker(LinearTotal([1.0, 1.0], 0.0), "a"), Worker(LinearTotal([2.0, 2.0], 0.0), "b")]
        inner = Team(pair, "inner", allocate=by(lambda task_id, inputs: task_id % 2))
        return Team([inner, Worker(LinearTotal([3.0, 3.0], 0.0), "c")], "outer", allocate=in_turn)

    assert bits(composed(chart(), tables(6))) == bits(simulated(chart(), tables(6)))
