"""The law of windows: the journal is the same, byte for byte, when the window is forced to one instant."""

import pytest
from hypothesis import given, settings

from office import Team, Worker, simulate
from office.mail import windows
from tests.engines.building import COMBINATIONS, all_of_it, client_of, estimator_of, office_of
from tests.engines.offices import SLOW_MAIL, offices


def assert_same_without_lookahead(data):
    assert all_of_it(*office_of(data, lookahead=True)) == all_of_it(*office_of(data, lookahead=False))


@given(offices(conditions=SLOW_MAIL))
@settings(max_examples=400)
def test_an_office_is_the_same_one_instant_at_a_time(data):
    assert_same_without_lookahead(data)


BUSY = {
    "client": {"tasks": 30, "in_flight": 5, "arrivals": ["every", "2ms"], "replies": ["random pick", 3]},
    "seed": 3,
}
PACE = {"answer_time": "5ms", "reply_time": "2ms 1ms", "learn_time": "1ms", "prefers": "feedback first"}


@pytest.mark.parametrize("combine", COMBINATIONS)
@pytest.mark.parametrize("mail", SLOW_MAIL)
@pytest.mark.parametrize("until", [None, "41ms"])
def test_a_busy_team_is_the_same_one_instant_at_a_time(combine, mail, until):
    members = [("worker", "total", number, PACE if number == 1 else {}) for number in range(3)]
    chart = "team", "everyone", combine, members, 4
    assert_same_without_lookahead({"chart": chart, "mail": (mail, ()), "until": until, **BUSY})


def passings_of_the_baton(monkeypatch, chart, mail):
    """How often somebody was given the baton by an agenda of windows."""
    turns = []
    passed_on = windows.Windows.next_turn
    monkeypatch.setattr(windows.Windows, "next_turn", lambda self: turns.append(1) or passed_on(self))
    simulate(chart, client_of({"tasks": 50}), mail=mail)
    return len(turns)


def test_a_window_hands_over_a_whole_tray_of_letters_at_once(monkeypatch):
    turns = passings_of_the_baton(monkeypatch, Worker(estimator_of("total", 0), "alex"), "delay 10ms 1ms")
    assert 0 < turns < 20  # for 200 messages


@pytest.mark.parametrize("mail", ["", "delay 5ms 5ms", "delay 5ms 6ms", {"*": "delay 5ms", "*.outbox": ""}])
def test_there_are_no_windows_where_a_message_may_take_no_time(monkeypatch, mail):
    assert not passings_of_the_baton(monkeypatch, Worker(estimator_of("total", 0), "alex"), mail)


def test_there_are_no_windows_where_two_desks_share_an_estimator(monkeypatch):
    shared = estimator_of("total", 0)
    chart = Team([Worker(shared, "alex"), Worker(shared, "bo")])
    assert not passings_of_the_baton(monkeypatch, chart, "delay 5ms")
