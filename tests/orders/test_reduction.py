from itertools import islice, permutations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from office import Team, Worker, in_turn
from office.orders import Orders
from office.orders.reduction import linear_extensions
from tests.orders.small_offices import Diary, small_offices, words, worker

MOST = 3000
"""So many orders are run by brute force."""


def all_of(small, **more):
    """Every outcome by brute force, if there are not too many."""
    outcomes = list(islice(Orders(small.make_chart, small.client, late=small.late, reduce=False, **more), MOST + 1))
    assume(len(outcomes) <= MOST)
    return outcomes


@pytest.mark.unwatched
@given(small_offices)
def test_it_reaches_every_final_state_that_brute_force_reaches_and_stands_for_as_many_orders(small):
    outcomes = all_of(small)
    orders = Orders(small.make_chart, small.client, late=small.late)
    states, stands_for = set(), 0
    for outcome in orders:
        states.add(outcome.state())
        stands_for += orders.same_as_this()
    assert states == {outcome.state() for outcome in outcomes}
    assert stands_for == len(outcomes)
    assert orders.runs <= len(outcomes)


limits = st.fixed_dictionaries(
    {}, optional={"losses": st.integers(0, 2), "repeats": st.integers(0, 1), "overtakings": st.integers(0, 3)}
)


@pytest.mark.unwatched
@given(small_offices, limits)
def test_with_losses_repeats_and_few_overtakings_it_reaches_the_same_states_too(small, limits):
    outcomes = all_of(small, **limits)
    reduced = Orders(small.make_chart, small.client, late=small.late, **limits)
    assert {outcome.state() for outcome in reduced} == {outcome.state() for outcome in outcomes}


@given(small_offices, st.integers(0, 3))
def test_no_order_has_more_overtakings_than_there_may_be(small, limit):
    for outcome in islice(Orders(small.make_chart, small.client, late=small.late, overtakings=limit), 300):
        came = [entry[1:3] for entry in outcome.trail]
        overtakings = sum(
            first[0] == then[0] and first[1] > then[1] for place, first in enumerate(came) for then in came[place + 1 :]
        )
        assert overtakings <= limit


WORKERS_MAIL = ("team/*.inbox", "team/*.feedback_from_above")


def two_in_turn():
    return Team([worker("alex"), worker("bo")], "team", allocate=in_turn)


@pytest.mark.unwatched
def test_two_workers_in_turn_need_36_of_2520_orders():
    brute = Orders(two_in_turn, words(4), late=WORKERS_MAIL, reduce=False)
    states = {outcome.state() for outcome in brute}
    reduced = Orders(two_in_turn, words(4), late=WORKERS_MAIL)
    assert {outcome.state() for outcome in reduced} == states
    assert (brute.runs, reduced.runs, reduced.broken_off, len(states)) == (2520, 36, 0, 36)


def test_one_worker_admits_no_reduction():
    mail = ("*.inbox", "*.feedback_from_above")
    orders = Orders(lambda: worker("alex"), words(3), late=mail)
    assert sum(1 for _ in orders) == 90


def test_workers_who_share_an_estimator_are_as_one():
    def shared():
        diary = Diary()
        return Team([Worker(diary, "alex"), Worker(diary, "bo")], "team", allocate=in_turn)

    brute = Orders(shared, words(2), late=WORKERS_MAIL, reduce=False)
    states = {outcome.state() for outcome in brute}
    reduced = Orders(shared, words(2), late=WORKERS_MAIL)
    assert {outcome.state() for outcome in reduced} == states
    assert reduced.runs == brute.runs == 6


@st.composite
def pasts(draw):
    """For each of a few steps some of those before it, and all that come before those."""
    drawn = []
    for step in range(draw(st.integers(0, 6))):
        past = 0
        for earlier in range(step):
            if draw(st.booleans()):
                past |= 1 << earlier | drawn[earlier]
        drawn.append(past)
    return drawn


@given(pasts())
def test_it_is_the_number_of_permutations_that_keep_what_comes_before(pasts):
    def keeps(order):
        return all(not past >> later & 1 for place, step in enumerate(order) for later in order[place + 1 :]
                   for past in [pasts[step]])  # fmt: skip

    assert linear_extensions(pasts) == sum(map(keeps, permutations(range(len(pasts)))))


def test_two_chains_of_four_can_be_mixed_in_seventy_ways():
    assert linear_extensions([0, 1, 3, 7, 0, 16, 48, 112]) == 70


def test_where_sets_of_steps_are_too_many_nothing_is_counted():
    assert linear_extensions([0] * 10) == 3_628_800
    assert linear_extensions([0] * 10, max_sets=251) is None  # 252 sets of five
    assert linear_extensions([0] * 10, max_sets=252) == 3_628_800
