"""The client without a clock does what the client under trio does, also in an office that is wrong."""

from functools import partial

import pytest

from office import Client, Team, Worker, replay, simulate
from office.orders import Orders
from office.testing.practice import ForgetsToPop, RoutesByArrival
from tests.orders.practising import WORDS, estimator, words


def alone(manager):
    return Team([Worker(estimator("alex"), "alex")], manager=manager)


@pytest.mark.unwatched
@pytest.mark.parametrize("manager", [RoutesByArrival, ForgetsToPop])
@pytest.mark.parametrize("make", [alone, words])
@pytest.mark.parametrize("losses", [0, 1])
def test_what_he_hears_and_says_is_the_same_whoever_manages(manager, make, losses):
    make_chart = partial(make, manager)
    client = Client(WORDS.tasks[:2], WORDS.feedback)
    compared = 0
    for number, outcome in enumerate(Orders(make_chart, client, losses=losses)):
        if number % 7 == 0 and outcome.error is None:
            wait_for_ever = not outcome.lost and any(outcome.pending.values())
            run = None if wait_for_ever else simulate(make_chart(), client, order=outcome.order)
            if run is not None:
                compared += 1
                assert run.journal.to_bytes() == outcome.journal.to_bytes()
                assert (run.outputs, run.feedback_below) == (outcome.outputs, outcome.feedback_below)
        if number == 400:
            break
    assert compared


def test_a_result_that_comes_after_the_feedback_to_below_is_told_that_there_is_none():
    """A manager takes the feedback of one task for that of the other, whose result is still under way."""
    make_chart, order = partial(alone, RoutesByArrival), "0.0.0.0.0.0.1.1.1.1.1"
    client = Client(WORDS.tasks[:2], WORDS.feedback)
    outcome, run = replay(make_chart, client, order), simulate(make_chart(), client, order=order)
    assert outcome.error is None
    assert run.given_up == outcome.client.given_up == {0}
    assert list(outcome.outputs) == list(run.outputs) == [1]
    assert outcome.journal.to_bytes() == run.journal.to_bytes()
