"""What is asked for in astronomical numbers takes little, or is refused in one line."""

from itertools import count

import numpy as np
import pytest

from office import (
    Affine,
    Chain,
    Client,
    Team,
    Worker,
    all_at_once,
    compose,
    every,
    every_point,
    explore,
    grid,
    newest_first,
    simulate,
    squared_error,
)
from office.engines import client_desk
from office.errors import BadChart, BadClient, BadGrid, OfficeError, TimeStandsStill
from office.show import mermaid_diagram, svg_diagram, text_diagram
from tests.grids.small_grids import divides

HUGE = 10**12


def echo(inputs):
    return inputs, lambda feedback: feedback


def words(output, target):
    return float(target), np.ones(1)


def nested(depth, kind=Chain):
    chart = Worker(echo, "alex")
    for level in range(depth):
        chart = kind([chart], f"level-{level}")
    return chart


kinds = pytest.mark.parametrize("kind", [Chain, Team])


@kinds
@pytest.mark.parametrize("depth", [101, 500, 5000])
def test_a_chart_that_is_nested_too_deep_is_refused_when_it_is_made(kind, depth):
    with pytest.raises(BadChart, match="is the top of more than 100 charts, each within another") as caught:
        nested(depth, kind)
    assert "\n" not in str(caught.value)


@kinds
def test_one_that_is_nested_as_deep_as_may_be_can_be_run_in_every_way(kind):
    client = Client([(np.ones(1), 0.0)] * 2, words)
    output, callback = compose(nested(100, kind))(np.ones(1))
    assert (output, callback(np.ones(1))) == (np.ones(1), np.ones(1))
    run = simulate(nested(100, kind), client)
    assert run.outputs == {0: np.ones(1), 1: np.ones(1)}
    assert explore(lambda: nested(100, kind), Client([(np.ones(1), 0.0)], words), max_runs=2).holds
    for draw in (text_diagram, svg_diagram, mermaid_diagram):
        assert "alex" in draw(run.journal)


@kinds
def test_so_it_can_inside_a_model_of_pytorch(kind):
    torch = pytest.importorskip("torch")
    from office import to_torch

    inputs = torch.ones(1, requires_grad=True)
    to_torch(nested(100, kind))(inputs).sum().backward()
    assert inputs.grad.item() == 1


@pytest.mark.parametrize(
    "make", [lambda name: Worker(echo, name), lambda name: Team([echo], name), lambda name: Chain([echo], name)]
)
def test_a_name_as_long_as_a_book_is_refused_without_being_quoted_whole(make):
    with pytest.raises(
        BadChart, match=r"'xxxxxxxxxxxxxxxxxxxx…' has 1,000,000 letters, and the name of a desk has 200"
    ):
        make("x" * 1_000_000)
    make("x" * 200)


def test_snapshots_of_every_nanosecond_take_memory_for_what_changes_alone():
    layer = Affine(np.ones((1, 1)), np.zeros(1), rule=0.1)
    tasks = [(np.ones((1, 1)), np.zeros((1, 1)))] * 20
    run = simulate(layer, Client(tasks, squared_error, arrivals=every("1000s")), snapshots="1ns", mail="delay 1s")
    assert len(run.snapshots) == run.time + 2
    updates = [run.snapshots[second * 10**9].updates["affine"] for second in range(0, 19_001, 500)]
    assert updates == [number // 2 + number % 2 for number in range(39)]
    assert run.snapshots[-1].updates["affine"] == 20
    assert run.snapshots[3 * 10**9].updates["affine"] == 0
    assert run.snapshots[3 * 10**9 + 1].updates["affine"] == 1
    assert [snapshot.time for snapshot in run.snapshots[5:8]] == [5, 6, 7]


def test_tasks_without_end_are_no_more_than_come_by_the_end_that_is_set():
    tasks = ((np.ones(1), 0.0) for _ in count())
    client = Client(tasks, words, arrivals=every("1ms"), in_flight=HUGE, keep=False)
    assert simulate(echo, client, until="100ms", mail=f"delay 1ms limit {HUGE}").submitted == 101


@pytest.mark.parametrize(
    ("settings", "client"),
    [
        ({"capacity": HUGE}, {}),
        ({}, {"in_flight": HUGE}),
        ({}, {"in_flight": HUGE, "replies": newest_first(HUGE)}),
        ({}, {"in_flight": HUGE, "waits_for_all": True}),
        ({"mail": f"delay 1ms limit {HUGE}"}, {}),
        ({"mail": f"slot 1ms packets {HUGE} bytes {HUGE}"}, {}),
        ({"mail": f"delay 1ms reorder 50% gap {HUGE}"}, {}),
        ({"in_an_instant": HUGE}, {}),
    ],
)
def test_a_limit_may_be_larger_than_anything(settings, client):
    assert simulate(echo, Client([(np.ones(1), 0.0)] * 5, words, **client), **settings).submitted == 5


@pytest.mark.parametrize("mail", ["", "delay 1ms"])
def test_more_tasks_at_once_than_may_be_are_refused_before_the_first_where_it_is_known_how_many(mail):
    submitted = []

    def notes(inputs):
        submitted.append(inputs)
        return echo(inputs)

    client = Client([(np.ones(1), 0.0)] * 2, words, epochs=10**10)
    with pytest.raises(TimeStandsStill, match="more than 10,000,000 events at 0 s"):
        simulate(notes, client, mail=mail)
    assert not submitted


@pytest.mark.parametrize("made", [iter, list], ids=["unknown", "known"])
@pytest.mark.parametrize("mail", ["", "delay 1ms"])
def test_more_tasks_at_once_than_there_is_memory_for_are_refused(made, mail):
    class Tasks:
        def __iter__(self):
            return ((np.ones(1), 0.0) for _ in range(10**10))

    class Many(Tasks):
        def __len__(self):
            return 10**10

    with pytest.raises(OfficeError) as caught:
        simulate(echo, Client(Tasks() if made is iter else Many(), words), mail=mail, in_an_instant=1000)
    assert "\n" not in str(caught.value)


def test_tasks_without_end_are_not_shuffled(monkeypatch):
    monkeypatch.setattr("office.engines.client.MOST_SHUFFLED", 100)
    with pytest.raises(BadClient, match="to be shuffled, all tasks are kept in memory, and there are more than 100"):
        simulate(echo, Client(((np.ones(1), 0.0) for _ in count()), words, shuffle=True))


def test_no_search_goes_through_orders_of_tasks_without_end():
    with pytest.raises(BadClient, match="where every order is tried there are at most 10,000 tasks"):
        explore(lambda: Worker(echo), Client(((np.ones(1), 0.0) for _ in count()), words))


@pytest.mark.parametrize(
    ("axes", "words"),
    [
        ({"a": range(10**9)}, "axis a has more values than 1,000,000"),
        ({"a": count()}, "axis a has more values than 1,000,000"),
        (
            {"a": range(1000), "b": range(1000), "c": range(2)},
            "1,000 times 1,000 times 2 are more points than 1,000,000",
        ),
    ],
)
def test_a_grid_of_more_points_than_could_ever_be_run_is_refused(axes, words):
    with pytest.raises(BadGrid, match=words):
        every_point(**axes)


@pytest.mark.unwatched
def test_a_grid_of_more_seeds_or_cells_than_could_ever_be_run_is_refused():
    for seeds in (range(10**9), count()):
        with pytest.raises(BadGrid, match="seeds are more values than 1,000,000"):
            grid(divides, [{"by": 1}], seeds)
    with pytest.raises(BadGrid, match="2 points times 600,000 seeds are more cells than 1,000,000"):
        grid(divides, [{"by": 1}, {"by": 2}], range(600_000))
    with pytest.raises(BadGrid, match="there are 2,000,000 points, and 1,000,000 cells are the most"):
        grid(divides, [{"by": 1}] * 2_000_000, [0])


def generated(tasks):
    return ((np.ones(1), 0.0) for _ in (count() if tasks is None else range(tasks)))


@pytest.mark.parametrize("arrivals", [None, all_at_once(), every("1ns")])
def test_of_a_generator_without_end_no_more_tasks_are_in_flight_than_a_limit_that_is_told(arrivals, monkeypatch):
    monkeypatch.setattr(client_desk, "MOST_IN_FLIGHT", 1000)
    with pytest.raises(BadClient, match=r"^1,000 tasks are in flight, .*:\nsay in_flight=N"):
        simulate(echo, Client(generated(None), words, arrivals=arrivals), mail="delay 1s")
    for tasks in (999, 1000):
        client = Client(generated(tasks), words, arrivals=arrivals, replies=newest_first(tasks))
        assert simulate(echo, client, mail="delay 1s").submitted == tasks
    assert simulate(echo, Client(generated(1500), words, in_flight=1200), mail="delay 1s").submitted == 1500
    assert simulate(echo, Client([(np.ones(1), 0.0)] * 1500, words), mail="delay 1s").submitted == 1500
