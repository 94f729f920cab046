"""The law of windows: the journal is the same, byte for byte, when the window is forced to one instant."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from office import Client, Team, Worker, in_turn, simulate
from office.testing.recipes import COMBINATIONS
from tests.engines.building import all_of_it, among, client_of, estimator_of, nudge, office_of
from tests.engines.offices import ANY_MAIL, SLOW_MAIL, mails, offices
from tests.tiers import examples


def assert_same_without_lookahead(data):
    assert all_of_it(*office_of(data, lookahead=True)) == all_of_it(*office_of(data, lookahead=False))


@given(offices(conditions=SLOW_MAIL))
@settings(max_examples=examples(150))
def test_an_office_is_the_same_one_instant_at_a_time(data):
    assert_same_without_lookahead(data)


BUSY = {
    "client": {"tasks": 30, "in_flight": 5, "arrivals": ["every", "2ms"], "replies": ["random pick", 3]},
    "seed": 3,
}
PACE = {"answer_time": "5ms", "reply_time": "2ms 1ms", "learn_time": "1ms", "prefers": "feedback first"}


@pytest.mark.unwatched
@pytest.mark.sampled(7)
@pytest.mark.parametrize("combine", COMBINATIONS)
@pytest.mark.parametrize("mail", SLOW_MAIL)
@pytest.mark.parametrize("until", [None, "41ms"])
def test_a_busy_team_is_the_same_one_instant_at_a_time(combine, mail, until):
    members = [("worker", "total", number, PACE if number == 1 else {}) for number in range(3)]
    chart = "team", "everyone", combine, members, 4
    assert_same_without_lookahead({"chart": chart, "mail": (mail, ()), "until": until, **BUSY})


@given(offices(conditions=ANY_MAIL))
@settings(max_examples=examples(40))
def test_lookahead_changes_nothing_where_a_message_may_take_no_time(data):
    assert_same_without_lookahead(data)


@given(mails(SLOW_MAIL), st.integers(2, 20))
def test_lookahead_changes_nothing_where_two_desks_share_an_estimator(mail, tasks):
    def run(*, lookahead):
        shared = estimator_of("total", 0)
        chart = Team([Worker(shared, "alex"), Worker(shared, "bo")], "team", allocate=in_turn)
        client = client_of({"tasks": tasks, "arrivals": ["every", "1ms"]})
        links = simulate(chart, Client([], nudge)).journal.link_names
        run = simulate(chart, client, mail=among(links, *mail), lookahead=lookahead)
        return all_of_it(run, [shared])

    assert run(lookahead=True) == run(lookahead=False)
