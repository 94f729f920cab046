import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from office import (
    Affine,
    Chain,
    Client,
    Linear,
    LinearTotal,
    Momentum,
    Team,
    WeightPrediction,
    Worker,
    addition,
    at_random,
    average,
    everyone,
    in_turn,
    least_busy,
    maximum,
    squared_error,
)
from office.orders import Orders, as_composed, everything_came, replay
from office.orders.outcome import Outcome
from office.orders.untimed_office import UntimedOffice
from office.orders.untimed_run import run

RULES = {
    "descent": lambda: 0.05,
    "momentum": lambda: Momentum(0.05, 0.9),
    "ahead": lambda: WeightPrediction(Momentum(0.05, 0.9)),
}
ALLOCATIONS = {"everyone": everyone, "in turn": in_turn, "at random": at_random, "least busy": least_busy}
COMBINATIONS = {"addition": addition, "average": average, "maximum": maximum}

rng = np.random.default_rng(0)
TASKS = [(rng.normal(size=(3, 2)), rng.normal(size=3)) for _ in range(4)]
TOTALS = [(rng.normal(size=(3, 2)), float(rng.normal())) for _ in range(4)]


def maker(depth, total, rule, allocate, combine, policy="stash"):
    """Two who learn, in a team; below them a layer, as deep as wanted."""

    def chart():
        kind = LinearTotal if total else Linear
        members = [
            Worker(kind.drawn(2, scale=0.7, rule=RULES[rule](), seed=seed, policy=policy), name)
            for seed, name in enumerate(("alex", "bo"))
        ]
        team = Team(members, "top", allocate=ALLOCATIONS[allocate], combine=COMBINATIONS[combine])
        layers = [Worker(Affine.drawn(2, 2, RULES[rule](), seed=5 + k, policy=policy), f"low{k}") for k in range(depth)]
        return Chain([*layers, team]) if layers else team

    return chart


@given(
    st.integers(0, 2), st.booleans(), st.sampled_from(sorted(RULES)), st.sampled_from(sorted(ALLOCATIONS)),
    st.sampled_from(sorted(COMBINATIONS)), st.integers(0, 10**6),
)  # fmt: skip
def test_in_any_order_outputs_feedback_and_gradients_are_those_of_the_composed_chart(
    depth, total, rule, allocate, combine, seed
):
    dice = np.random.default_rng(seed)
    make_chart = maker(depth, total, rule, allocate, combine)
    client = Client(TOTALS if total else TASKS, squared_error)
    office = UntimedOffice(make_chart, client, seed=3)
    outcome = run(Outcome(office), lambda pending: (int(dice.integers(len(pending))), ""))
    assert outcome.error is None
    everything_came(outcome)
    as_composed(outcome)
    assert outcome.apart < 8
    weights = {desk.name: [learner.arrays for learner in desk.learners] for desk in outcome.learning}
    as_composed(outcome)  # and nothing is learnt from looking
    for desk in outcome.learning:
        assert all(
            a is b for a, b in zip(weights[desk.name], (learner.arrays for learner in desk.learners), strict=True)
        )


def test_what_a_careless_worker_says_is_not_that_of_the_composed_chart():
    make_chart = maker(depth=1, total=False, rule="descent", allocate="everyone", combine="addition", policy="live")
    with pytest.raises(AssertionError, match="by composition"):
        as_composed(replay(make_chart, Client(TASKS[:2], squared_error), "0"))


def test_the_composed_chart_has_those_do_the_task_who_did_it():
    orders = Orders(
        maker(depth=0, total=False, rule="descent", allocate="in turn", combine="addition"),
        Client(TASKS[:2], squared_error),
    )
    by_whom = set()
    for outcome in orders:
        as_composed(outcome)
        by_whom.add(outcome.members_of_tasks["top", 0])
    assert by_whom == {(0,), (1,)}  # whoever is given it, as the tasks arrive
