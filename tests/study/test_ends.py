import pytest
from hypothesis import given

from office import Chain, Journal, Team, simulate
from office.engines.floor_plan import FloorPlan
from office.ids import CLIENT
from office.journal import LinkEnds
from office.study import check, in_tray, staleness
from office.study.ends import OUTSIDE, channels, desks, ends, managers
from office.testing.strategies import chart_data
from tests.engines.building import client_of, fresh
from tests.study.checks.doctoring import Doctored
from tests.study.journals import clerk, made_up, run


@given(chart_data())
def test_the_ends_of_every_link_are_those_of_the_floor_plan(data):
    plan = FloorPlan(fresh(data)[0], seed=0)
    journal = simulate(fresh(data)[0], client_of({"tasks": 0})).journal
    names = {number: name for number, name in enumerate(journal.desks) if name != CLIENT} | {OUTSIDE: CLIENT}
    columns = ends(journal)
    assert [names[place] for place in columns.sender] == [way.sender for way in plan.ways]
    assert [names[place] for place in columns.reader] == [way.receiver for way in plan.ways]
    for kind in ("inbox", "outbox", "feedback_from_above", "feedback_to_below"):
        owners = {getattr(post.own, kind).name: post.desk.name for post in plan.posts}
        places = zip(journal.link_names, getattr(columns, kind).tolist(), strict=True)
        assert {link: names[place] for link, place in places if place != OUTSIDE} == owners
    assert desks(journal) == [post.desk.name for post in plan.posts]
    for post in plan.posts:
        assert channels(journal, post.desk.name) == tuple(way.name for way in post.own)


def test_a_journal_without_desks_has_no_ends():
    assert [len(column) for column in ends(Journal())] == [0] * 6
    assert desks(Journal()) == []


def test_a_link_between_two_departments_is_named_after_the_upper_one():
    journal = run(Chain([clerk("low"), clerk("top")])).journal
    assert channels(journal, "low") == ("low.inbox", "top.inbox", "top.feedback_to_below", "low.feedback_to_below")


def test_managers_are_the_desks_that_have_a_team():
    inner = Team([clerk("a"), clerk("b")], "inner")
    journal = run(Chain([Team([inner, clerk("c")], "outer"), clerk("d")])).journal
    assert managers(journal) == {"outer", "outer/inner"}


def test_a_path_that_begins_with_another_desk_s_name_makes_no_member_of_it():
    """Links say themselves who is at their ends; paths are only names."""
    journal = run(Chain([clerk("a", answer_time="2ms"), Team([clerk("b")], "c")])).journal
    renamed = Doctored(journal)
    renamed.desks = ["client", "a", "a/c", "d/b"]
    links = [[text.replace("c/b", "d/b").replace("c.", "a/c.") for text in link] for link in journal.links]
    renamed.links = [LinkEnds(*("a/c" if text == "c" else text for text in link)) for link in links]
    renamed.work = {"a": journal.work["a"]}
    assert managers(renamed.journal) == {"a/c"}
    assert check(renamed.journal) == []
    for desk, now in (("a", "a"), ("c", "a/c"), ("c/b", "d/b")):
        assert staleness(renamed.journal, now).tolist() == staleness(journal, desk).tolist()
        assert in_tray(renamed.journal, now).end.tolist() == in_tray(journal, desk).end.tolist()


@pytest.mark.parametrize("desk", ["client", "nobody", "alex.inbox"])
def test_the_client_and_a_desk_that_is_not_there_have_no_channels(desk):
    with pytest.raises(ValueError, match=rf'no desk is named "{desk}" in this journal \(desks: alex\)'):
        channels(run(clerk("alex")).journal, desk)


def test_a_desk_without_all_its_links_has_no_channels():
    with pytest.raises(ValueError, match='no desk is named "alex"'):
        channels(made_up([], links=["alex.inbox"]), "alex")
    with pytest.raises(ValueError, match="desks: none"):
        channels(Journal(), "alex")
