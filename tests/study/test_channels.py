import pytest
from hypothesis import given

from office import Chain, Journal, simulate
from office.engines.floor_plan import FloorPlan
from office.study import channels, desks
from office.testing.strategies import chart_data
from tests.engines.building import client_of, fresh
from tests.study.journals import clerk, made_up, run


@given(chart_data())
def test_the_channels_of_every_desk_are_those_of_the_floor_plan(data):
    plan = FloorPlan(fresh(data)[0], seed=0)
    journal = simulate(fresh(data)[0], client_of({"tasks": 0})).journal
    assert desks(journal) == [post.desk.name for post in plan.posts]
    for post in plan.posts:
        assert channels(journal, post.desk.name) == tuple(way.name for way in post.own)


def test_a_link_between_two_departments_is_named_after_the_upper_one():
    journal = run(Chain([clerk("low"), clerk("top")])).journal
    assert channels(journal, "low") == ("low.inbox", "top.inbox", "top.feedback_to_below", "low.feedback_to_below")


@pytest.mark.parametrize("desk", ["client", "nobody", "alex.inbox"])
def test_who_is_no_desk_of_the_chart_has_no_channels(desk):
    with pytest.raises(ValueError, match=rf'no link is named "{desk}\.inbox"'):
        channels(run(clerk("alex")).journal, desk)


def test_links_that_are_missing_are_an_error():
    with pytest.raises(ValueError, match=r'no link is named "\.inbox"'):
        channels(made_up([], links=["alex.inbox"]), "alex")
    with pytest.raises(ValueError, match="links: none"):
        channels(Journal(), "alex")
