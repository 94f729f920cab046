import functools
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from office.desks import AT_ONCE, Chain, Pace, Team, Worker, everyone, in_turn, workers
from office.desks.chart import fold, walk
from office.errors import BadChart, OfficeError
from office.work import Linear, addition, average


def alex(inputs):
    return inputs, lambda feedback: feedback


def bo(inputs):
    return inputs, lambda feedback: feedback


def named(name):
    return Worker(alex, name)


groups = pytest.mark.parametrize("group", [Team, Chain])


@groups
def test_a_group_of_nobody_is_refused_when_made(group):
    for nobody in ([], (), iter(())):
        with pytest.raises(BadChart, match=r"has no members$"):
            group(nobody)


@pytest.mark.parametrize(
    ("make", "complaint"),
    [
        (lambda: Team([], "estimates"), "team estimates has no members"),
        (lambda: Team([]), "team team has no members"),
        (lambda: Chain([], "line"), "chain line has no members"),
        (lambda: Chain([]), "chain has no members"),
        (lambda: Team([alex, bo, named("alex")], "estimates"), "team estimates has two members named 'alex'"),
        (lambda: Chain([alex, alex], "line"), "chain line has two members named 'alex'"),
        (lambda: Team([Team([alex], "bo"), Chain([alex], "bo")]), "team team has two members named 'bo'"),
        (lambda: Worker("alex"), "a worker needs an estimator, inputs -> (output, handle_feedback), not 'alex'"),
        (lambda: Worker(None, "alex"), "a worker needs an estimator, inputs -> (output, handle_feedback), not None"),
        (
            lambda: Worker(alex, "big boss"),
            "'big boss' cannot name a desk: a name is text without spaces and without / . * ? [ ]",
        ),
    ],
)
def test_a_chart_that_cannot_be_drawn_is_refused_in_words(make, complaint):
    with pytest.raises(BadChart) as caught:
        make()
    assert str(caught.value) == complaint
    assert isinstance(caught.value, ValueError)
    assert isinstance(caught.value, OfficeError)


@groups
def test_members_who_are_no_estimators_are_refused(group):
    for stranger in ("alex", 3, None, [alex]):
        with pytest.raises(BadChart, match="needs an estimator"):
            group([alex, stranger])


@groups
def test_the_same_name_in_two_groups_is_two_desks(group):
    chart = group([Team([alex], "north"), Team([alex], "south")])
    assert [worker.name for worker in workers(chart)] == ["alex", "alex"]


@groups
def test_two_chains_without_a_name_are_not_two_of_one_name(group):
    chart = group([Chain([named("a")]), Chain([named("b")])])
    assert [member.name for member in chart.members] == ["", ""]


HOSTILE = [
    "",
    *["a b", " ", "a\tb", "a\n", "\n", "a\u2003b", "a\x1fb", "a/b", "/", ".", "a.inbox", "*", "a*", "a?", "[a", "a]"],
    *[b"alex", 3, 0, ("a",)],
]


@pytest.mark.parametrize("name", HOSTILE, ids=repr)
def test_a_name_that_no_link_can_be_made_of_is_refused(name):
    for make in (lambda: Worker(alex, name), lambda: Team([alex], name), lambda: Chain([alex], name)):
        with pytest.raises(BadChart, match="cannot name a desk"):
            make()


def test_a_team_must_have_a_name():
    with pytest.raises(BadChart, match="cannot name a desk"):
        Team([alex], None)


KEPT = ["<script>", "&amp;", "émile", "アレックス", "🦊", "-", "0", "a,b", "a:b", 'a"b', "a'b", "a\\b", "{0}", "%s"]


@pytest.mark.parametrize("name", KEPT)
def test_any_other_name_is_kept_as_it_is(name):
    for chart in (Worker(alex, name), Team([alex], name), Chain([alex], name)):
        assert chart.name == name


@given(st.text(min_size=1))
def test_a_name_is_kept_exactly_or_refused(name):
    hostile = any(letter in "/.*?[]" or letter.isspace() for letter in name)
    if hostile:
        with pytest.raises(BadChart) as caught:
            Worker(alex, name)
        assert " cannot name a desk: a name is text without spaces" in str(caught.value)
        assert len(name) > 20 or str(caught.value).startswith(repr(name))
    else:
        assert Worker(alex, name).name == name


def test_a_worker_without_a_name_takes_that_of_the_estimator_or_of_its_type():
    linear = Linear([1.0], 0.0)
    assert Worker(alex).name == "alex"
    assert Worker(linear).name == "linear"
    assert Worker(functools.partial(alex)).name == "alex"
    assert Worker(lambda inputs: (inputs, None)).name == "<lambda>"
    assert Worker(linear, "bo").name == "bo"


def test_an_estimator_whose_own_name_is_hostile_needs_another():
    def estimate(inputs):
        return alex(inputs)

    estimate.__name__ = "my estimate"
    with pytest.raises(BadChart, match=r"^'my estimate' cannot name a desk"):
        Team([estimate])
    assert Team([Worker(estimate, "mine")]).members[0].estimator is estimate


@groups
def test_bare_estimators_become_workers_under_their_own_name_who_act_at_once(group):
    third = Worker(bo, "third", answer_time="10ms")
    chart = group(member for member in [alex, bo, third])
    assert [type(member) for member in chart.members] == [Worker] * 3
    assert [member.name for member in chart.members] == ["alex", "bo", "third"]
    assert [member.estimator for member in chart.members] == [alex, bo, bo]
    assert chart.members[0].pace == chart.members[1].pace == AT_ONCE == Pace()
    assert chart.members[2] is third


@groups
def test_a_group_does_not_follow_the_list_it_was_made_of(group):
    members = [alex, bo]
    chart = group(members)
    members.pop()
    assert [member.name for member in chart.members] == ["alex", "bo"]


def test_a_team_has_everyone_add_up_unless_it_is_told_otherwise():
    team = Team([alex])
    assert (team.name, team.allocate, team.combine, team.pace) == ("team", everyone, addition, AT_ONCE)
    team = Team([alex], "estimates", allocate=in_turn, combine=average, max_pending=2)
    assert (team.name, team.allocate, team.combine) == ("estimates", in_turn, average)
    assert team.pace == Pace(max_pending=2)


def test_a_chain_has_no_name_unless_it_is_given_one():
    assert Chain([alex]).name == ""
    assert Chain([alex], "line").name == "line"


def test_a_worker_keeps_its_pace():
    worker = Worker(alex, answer_time="10ms", reply_time=5, learn_time="1s", prefers="feedback first", max_pending=1)
    assert worker.pace == Pace("10ms", 5, "1s", "feedback first", 1)
    with pytest.raises(AttributeError):
        worker.pace.max_pending = 2


@pytest.mark.parametrize("prefers", ["", "last come", "Feedback First", None, 1, ["tasks first"]])
def test_a_preference_that_is_none_is_refused_with_those_there_are(prefers):
    for make in (Pace, functools.partial(Worker, alex)):
        with pytest.raises(BadChart) as caught:
            make(prefers=prefers)
        assert str(caught.value) == (f"a desk prefers one of first come, feedback first, tasks first, not {prefers!r}")


@pytest.mark.parametrize("max_pending", [0, -1, 1.0, 2.5, "3", [], float("inf"), True, False])
def test_a_limit_that_is_none_is_refused(max_pending):
    for make in (Pace, functools.partial(Worker, alex), functools.partial(Team, [alex])):
        with pytest.raises(BadChart) as caught:
            make(max_pending=max_pending)
        assert str(caught.value) == f"max_pending is a whole number from 1, or None, not {max_pending!r}"


def charts(leaves):
    """Nested teams and chains with these workers at the ends, from left to right."""
    if len(leaves) < 2:
        return st.just(leaves[0])

    def split(cuts):
        bounds = [0, *sorted(cuts), len(leaves)]
        parts = [leaves[start:end] for start, end in pairwise(bounds)]
        group = st.sampled_from([Team, Chain])
        return st.tuples(group, st.tuples(*map(charts, parts))).map(grouped)

    return st.sets(st.integers(1, len(leaves) - 1), min_size=1).flatmap(split)


def grouped(group_and_members):
    group, members = group_and_members
    return group(members, "group-of-" + "-".join(worker.name for member in members for worker in workers(member)))


def contents(chart):
    return chart if isinstance(chart, Worker) else [contents(member) for member in chart.members]


def flat(nested):
    return [nested] if isinstance(nested, Worker) else [worker for each in nested for worker in flat(each)]


@given(st.integers(1, 7).flatmap(lambda count: charts([named(f"w{place}") for place in range(count)])))
def test_the_workers_of_a_chart_come_from_left_to_right_whatever_they_are_grouped_in(chart):
    leaves = list(workers(chart))
    assert leaves == flat(contents(chart))
    assert [worker.name for worker in leaves] == [f"w{place}" for place in range(len(leaves))]


def nested():
    inner = Chain([named("alex"), Team([named("bo"), named("casey")], "pair")])
    return Team([Chain([inner, named("dani")], "line"), named("ely")], "top")


PATHS = ["top", "top/line", "top/line/", "top/line/alex", "top/line/pair", "top/line/pair/bo", "top/line/pair/casey",
         "top/line/dani", "top/ely"]  # fmt: skip


def test_a_walk_comes_by_each_part_before_its_members_and_tells_its_path():
    assert [path for path, _ in walk(nested())] == PATHS
    assert [path for path, _ in walk(nested(), "under/")] == [f"under/{path}" for path in PATHS]
    assert [path for path, _ in walk(named("alex"))] == ["alex"]
    assert [path for path, _ in walk(Chain([named("alex"), named("bo")]))] == ["", "alex", "bo"]
    assert all(path.endswith(part.name) for path, part in walk(nested()))


@given(st.integers(1, 7).flatmap(lambda count: charts([named(f"w{place}") for place in range(count)])))
def test_a_fold_hands_each_part_its_path_and_what_its_members_have_become(chart):
    parts = []

    def group(path, part, members):
        parts.append((path, part))
        return [part, *members]

    def worker(path, part):
        parts.append((path, part))
        return part

    def as_lists(part):
        return part if isinstance(part, Worker) else [part, *map(as_lists, part.members)]

    assert fold(chart, worker, group, group) == as_lists(chart)
    assert set(parts) == set(walk(chart))


def test_a_fold_tells_teams_from_chains():
    shown = fold(
        nested(),
        worker=lambda path, worker: worker.name,
        team=lambda path, team, members: f"{'+'.join(members)}",
        chain=lambda path, chain, members: f"({' '.join(members)})",
    )
    assert shown == "((alex bo+casey) dani)+ely"


@given(st.integers(2, 5).flatmap(lambda count: charts([named(f"w{place}") for place in range(count)])))
def test_a_chart_shows_its_whole_shape_and_reads_back(chart):
    def Named(name):  # noqa: N802  it stands for Worker, which wants an estimator
        return named(name)

    shown = repr(chart)
    assert all(f"Worker('w{place}')" in shown for place in range(len(list(workers(chart)))))
    read_back = eval(shown, {"Worker": Named, "Team": Team, "Chain": Chain})  # noqa: S307  our own words
    assert repr(read_back) == shown
