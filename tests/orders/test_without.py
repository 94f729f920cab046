import pytest
from hypothesis import given
from hypothesis import strategies as st

from office import Chain, Team, Worker, in_turn, maximum
from office.desks import ManagerDesk
from office.engines.floor_plan import FloorPlan
from office.errors import BadChart
from office.orders import without
from office.orders.without import members_of
from office.testing.practice import ForgetsToPop


def worker(name):
    return Worker(lambda task: (task, lambda feedback: feedback), name)


def deep():
    """A named chain and one without a name, in a team, in a chain."""
    nameless = Chain([worker("alex"), worker("bo")])
    named = Chain([worker("casey"), Team([worker("dani"), worker("ely")], "inner")], "line")
    return Chain([worker("low"), Team([nameless, named, worker("fay")], "top")])


DEEP = ["low", "top", "top/alex", "top/bo", "top/line", "top/line/casey", "top/line/inner"]
DEEP += ["top/line/inner/dani", "top/line/inner/ely", "top/fay"]


def desks(chart):
    """The desks of a chart, by path."""
    return [post.desk.name for post in FloorPlan(chart, 0).posts]


def is_under(path, desk):
    return path == desk or path.startswith(f"{desk}/")


def test_the_members_of_a_chart_are_all_that_have_a_name_but_its_own():
    assert list(members_of(deep())) == DEEP
    assert list(members_of(Team([worker("alex")], "team"))) == ["team/alex"]
    assert not list(members_of(worker("alex")))


@given(st.lists(st.sampled_from(DEEP), unique=True))
def test_what_is_left_are_all_desks_that_are_not_under_any_left_out(left_out):
    chart = deep()
    kept = [path for path in desks(chart) if not any(is_under(path, desk) for desk in left_out)]
    # A manager without anybody to manage goes, too.
    for manager in ("top/line/inner", "top"):
        if manager in kept and not any(is_under(path, manager) and path != manager for path in kept):
            kept.remove(manager)
    if kept:
        assert desks(without(chart, *left_out)) == kept
    else:
        with pytest.raises(BadChart, match="no member is left in the chart"):
            without(chart, *left_out)


def test_everything_else_about_a_team_stays_as_it_was():
    alex, bo = worker("alex"), worker("bo")
    chart = Team([alex, bo], "us", allocate=in_turn, combine=maximum, max_pending=3, manager=ForgetsToPop)
    left = without(chart, "us/bo")
    assert (left.name, left.allocate, left.combine, left.manager) == ("us", in_turn, maximum, ForgetsToPop)
    assert left.pace == chart.pace
    assert left.members == (alex,)
    assert chart.members == (alex, bo)


def test_where_nobody_is_left_out_all_is_as_it_was():
    assert desks(without(deep())) == desks(deep())
    assert without(Team([worker("alex")])).manager is ManagerDesk
    alex = worker("alex")
    assert without(alex) is alex


@pytest.mark.parametrize("desk", ["alex", "top/", "", "low/alex", "top/line/inner/"])
def test_who_is_not_there_cannot_be_left_out(desk):
    with pytest.raises(BadChart, match=f"there is no member '{desk}' to leave out"):
        without(deep(), "low", desk)


def test_the_top_of_a_chart_cannot_be_left_out():
    with pytest.raises(BadChart, match="there is no member 'team'"):
        without(Team([Chain([worker("alex")])], "team"), "team")
