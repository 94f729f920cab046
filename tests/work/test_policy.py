"""Which weights a callback differentiates when its feedback is late."""

import numpy as np
import pytest
from hypothesis import given

from office import Client, Worker, simulate, squared_error
from office.errors import RefusedMessage, StaleFeedback
from office.work import (
    NO_FEEDBACK,
    Accumulate,
    Affine,
    Linear,
    LinearTotal,
    Maxout,
    Momentum,
    Parameters,
    Rule,
    from_jax,
    from_thinc,
    from_torch,
    in_sequence,
    relu,
)
from tests.work.adapters.test_adapters import jax_function, jax_params, thinc_model, torch_model
from tests.work.oracles import arrays_of, bits, ones_like, state_of

ROWS = np.random.default_rng(0).normal(size=(4, 3))
OURS = {
    "Affine": lambda **options: Affine.drawn(3, 2, **options),
    "Linear": lambda **options: Linear.drawn(3, **options),
    "copies": lambda **options: Linear(np.arange(6.0).reshape(2, 3), np.ones(2), **options),
    "LinearTotal": lambda **options: LinearTotal.drawn(3, **options),
    "Maxout": lambda **options: Maxout.drawn(3, 2, **options),
}
OTHERS = {
    "torch": lambda **options: from_torch(torch_model(), **options),
    "thinc": lambda **options: from_thinc(thinc_model(), **options),
    "jax": lambda **options: from_jax(jax_function, jax_params(), **options),
}
every_worker = pytest.mark.parametrize("make", [*OURS.values(), *OTHERS.values()], ids=[*OURS, *OTHERS])


class Ahead(Rule):
    """Answers from a step further on than it is."""

    pace = 0.0

    def answer_with(self, weights):
        return weights + self.pace

    def step(self, gradient, weights, heard):
        self.pace = -0.01 * gradient
        return weights + self.pace


class Corrected(Momentum):
    """Says at which weights a late callback is to differentiate."""

    def differentiate_with(self, weights, staleness):
        return weights + 100.0 * staleness


@pytest.mark.unwatched
@every_worker
@pytest.mark.parametrize("rule", [0.1, Momentum(0.1), Ahead(), Corrected()], ids=lambda it: type(it).__name__)
def test_with_no_feedback_late_all_three_policies_are_the_same_to_the_bit(make, rule):
    results = []
    for policy in "stash", "live", "refuse":
        worker, reports = make(rule=rule, policy=policy), []
        for k in range(4):
            output, handle_feedback = worker(ROWS + k)
            reports += [bits(output), bits(handle_feedback(0.1 * ones_like(output)))]
        results.append((reports, state_of(worker)))
    assert results[0] == results[1] == results[2]


@every_worker
def test_live_differentiates_the_weights_of_now_and_stash_those_of_the_answer(make):
    for policy in "stash", "live":
        worker = make(policy=policy)
        output, late = worker(ROWS)
        then = worker(ROWS)[1](ones_like(output))
        before = worker.parameters.arrays
        with worker.parameters.instead(before) as gradients:
            now = worker(ROWS)[1](ones_like(output))
        re_inputs = late(ones_like(output))
        if policy == "stash":
            assert bits(re_inputs) == bits(then)
        elif type(worker) is not Maxout:  # who won is in the notes
            assert bits(re_inputs) == bits(now) != bits(then)
            for new, old, gradient in zip(worker.parameters.arrays, before, gradients[0], strict=True):
                assert new == pytest.approx(old - 0.1 * gradient, rel=1e-5, abs=1e-6)


def test_a_live_maxout_tells_each_winner_of_then_by_his_weights_of_now():
    worker = Maxout([[[1.0, -1.0]]], [[0.0, 0.0]], rule=1.0, policy="live")
    inputs = np.ones((1, 1))
    late, prompt = worker(inputs)[1], worker(inputs)[1]
    assert prompt(np.full((1, 1), 3.0)).tolist() == [[3.0]]
    assert worker.weights.tolist() == [[[-2.0, -1.0]]]  # the other would win now
    assert late(np.ones((1, 1))).tolist() == [[-2.0]]
    assert worker.weights.tolist() == [[[-3.0, -1.0]]]


@every_worker
def test_late_feedback_is_refused_by_name_and_nothing_has_changed(make):
    worker = make(policy="refuse")
    output, first = worker(ROWS)
    _, second = worker(ROWS)
    for _ in range(2):
        worker(ROWS)[1](ones_like(output))
    before = state_of(worker)
    with pytest.raises(StaleFeedback, match="feedback is 2 updates late") as caught:
        first(ones_like(output))
    assert caught.value.staleness == 2
    assert isinstance(caught.value, RefusedMessage)
    assert state_of(worker) == before
    assert second(NO_FEEDBACK) is NO_FEEDBACK  # which is never too late
    assert first(NO_FEEDBACK) is NO_FEEDBACK
    assert worker.parameters.updates == 2


def test_a_desk_says_who_had_late_feedback_on_which_task():
    client = Client([(ROWS, np.ones(4))] * 3, squared_error, in_flight=2)
    with pytest.raises(StaleFeedback, match="alex: feedback for task 1 is 1 update late, and late is refused"):
        simulate(Worker(Linear.drawn(3, policy="refuse"), "alex"), client, mail="delay 1ms")
    alone = Client([(ROWS, np.ones(4))] * 3, squared_error, in_flight=1)
    assert len(simulate(Worker(Linear.drawn(3, policy="refuse"), "alex"), alone, mail="delay 1ms").losses) == 3


def test_feedback_within_one_step_of_accumulation_is_not_late():
    worker = Linear.drawn(3, Accumulate(0.1, 2), policy="refuse")
    answers = [worker(ROWS) for _ in range(3)]
    for output, handle_feedback in answers[:2]:
        handle_feedback(ones_like(output))
    with pytest.raises(StaleFeedback, match="1 update late"):
        answers[2][1](np.ones(4))


def test_live_asks_the_rule_at_which_weights_and_says_how_many_updates_there_have_been():
    worker = Linear([1.0], 0.0, Corrected(0.0), policy="live")
    late, later = worker(np.ones((1, 1)))[1], worker(np.ones((1, 1)))[1]
    for _ in range(2):
        worker(np.ones((1, 1)))[1](np.ones(1))
    assert late(np.ones(1)).tolist() == [[201.0]]
    assert later(np.ones(1)).tolist() == [[301.0]]


def test_live_without_a_word_from_the_rule_is_what_an_answer_would_be_given_with():
    worker = Linear([1.0], 0.0, Ahead(), policy="live")
    late = worker(np.ones((1, 1)))[1]
    worker(np.ones((1, 1)))[1](np.ones(1))
    assert worker.parameters.answer().weights[0].tolist() == [0.98]
    assert late(np.ones(1)).tolist() == [[0.98]]


def test_while_looking_into_an_answer_live_means_the_weights_put_there_instead():
    worker = Linear([1.0], 0.0, Corrected(0.1), policy="live")
    late = worker(np.ones((1, 1)))[1]
    worker(np.ones((1, 1)))[1](np.ones(1))
    with worker.parameters.instead([np.array([5.0]), 0.0]):
        assert late(np.ones(1)).tolist() == [[5.0]]


@given(arrays_of(3, 3))
def test_a_chain_under_live_weights_hears_other_feedback_below_than_under_stashed_ones(inputs):
    def chain(policy):
        return in_sequence(Affine.drawn(3, 4, seed=1, policy=policy), relu, Affine.drawn(4, 1, seed=2, policy=policy))

    results = {}
    for policy in "stash", "live":
        worker = chain(policy)
        (output, late), (_, prompt) = worker(inputs), worker(inputs)
        prompt(output + 1.0)
        results[policy] = late(output + 1.0)
    first = chain("stash")
    assert bits(results["stash"]) == bits(first(inputs)[1](output + 1.0))
    assert results["live"].shape == inputs.shape


@pytest.mark.parametrize("policy", ["stale", "", None, 1])
def test_another_policy_is_refused(policy):
    with pytest.raises(ValueError, match="a policy is one of stash, live, refuse"):
        Parameters([1.0], policy=policy)
