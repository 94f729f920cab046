import pytest
from hypothesis import given

from office import Journal, simulate
from office.engines.floor_plan import FloorPlan
from office.ids import CLIENT
from office.study.ends import OUTSIDE, ends
from office.testing.strategies import chart_data
from tests.engines.building import client_of, fresh
from tests.study.journals import made_up


@given(chart_data())
def test_the_ends_of_every_link_are_those_of_the_floor_plan(data):
    plan = FloorPlan(fresh(data)[0], seed=0)
    journal = simulate(fresh(data)[0], client_of({"tasks": 0})).journal
    names = {number: name for number, name in enumerate(journal.desks) if name != CLIENT} | {OUTSIDE: CLIENT}
    found = ends(journal)
    assert [names[place] for place in found.sender] == [way.sender for way in plan.ways]
    assert [names[place] for place in found.reader] == [way.receiver for way in plan.ways]
    for kind in ("inbox", "outbox", "feedback_from_above", "feedback_to_below"):
        owners = {getattr(post.own, kind).name: post.desk.name for post in plan.posts}
        places = zip(journal.link_names, getattr(found, kind).tolist(), strict=True)
        assert {link: names[place] for link, place in places if place != OUTSIDE} == owners


def test_a_desk_that_lacks_a_link_is_named():
    with pytest.raises(ValueError, match=r'no link is named "alex\.feedback_from_above"'):
        ends(made_up([], links=["alex.inbox", "alex.outbox", "alex.feedback_to_below"]))
    with pytest.raises(ValueError, match=r'no link is named "\.inbox"'):
        ends(made_up([], links=["alex.inbox", "alex.feedback_to_below"]))


def test_a_journal_of_nobody_has_no_ends():
    assert [len(column) for column in ends(Journal())] == [0] * 6
