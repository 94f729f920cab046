"""Whole numbers as arguments: those of numpy are taken wherever Python's are, and True nowhere."""

import json

import numpy as np
import pytest

from office import (
    Accumulate,
    Client,
    Journal,
    Muon,
    Team,
    Worker,
    at_random,
    by,
    compose,
    every,
    explore,
    late_by,
    linear_schedule,
    newest_first,
    open_office,
    random_pick,
    recorded,
    reshape,
    simulate,
)
from office.counts import is_count, plain
from office.errors import BadGrid, BadTaskID
from office.grids.kept_cells import kept_cells
from office.grids.points import checked_points, checked_seeds
from office.mail import stream
from office.theory import order_limit, random_pick_limit, stability_limit
from office.times import nanoseconds
from office.work import Affine, Dropout, Linear, Maxout, with_shuffled


@pytest.mark.parametrize(("number", "least"), [(1, 1), (2, 1), (10**30, 1), (0, 0), (3, 3), (np.int64(1), 1)])
def test_whole_numbers_from_the_least_are_counts(number, least):
    assert is_count(number, least)
    assert type(plain(number)) is int


@pytest.mark.parametrize("number", [0, -1, True, False, np.True_, 1.0, 2.5, "1", None, np.float64(1), np.int64(0), [1]])
def test_anything_else_is_no_count(number):
    assert not is_count(number)


@pytest.mark.parametrize("setting", [True, 1.0, "1", None, [1], np.float64(1)])
def test_what_is_no_whole_number_stays_as_it_is(setting):
    assert plain(setting) is setting


def echo(inputs):
    return inputs, lambda feedback: feedback


def says(output, target):
    return 0.0, output


def client(**settings):
    return Client([("plan", None)] * 4, says, **settings)


def journal_of(**settings):
    mine = {name: settings.pop(name) for name in ("epochs", "in_flight", "patience", "replies") if name in settings}
    return simulate(Worker(echo, "alex", max_pending=settings.pop("max_pending", None)), client(**mine), **settings)


def head_of(**settings):
    return journal_of(**settings).journal.settings


PLACES = {
    "seed": lambda number: head_of(seed=number),
    "capacity": lambda number: head_of(capacity=number, in_flight=1),
    "capacity of a link": lambda number: head_of(capacity={"*.inbox": number}, in_flight=1),
    "in_an_instant": lambda number: head_of(in_an_instant=number, mail="delay 1ms", in_flight=1),
    "until": lambda number: head_of(until=number),
    "snapshots": lambda number: head_of(snapshots=number, until="5ns"),
    "expire": lambda number: head_of(expire=number),
    "epochs": lambda number: client(epochs=number).epochs,
    "in_flight": lambda number: client(in_flight=number).in_flight,
    "patience": lambda number: client(patience=number).patience,
    "max_pending": lambda number: Worker(echo, max_pending=number).pace.max_pending,
    "newest_first": lambda number: newest_first(number).size,
    "random_pick": lambda number: random_pick(number).size,
    "late_by": lambda number: late_by([number], 4)["arrivals"],
    "tasks of late_by": lambda number: late_by([1], number)["arrivals"],
    "recorded": lambda number: recorded([number]) and None,
    "every": lambda number: every(number) and None,
    "a time": nanoseconds,
    "stream": lambda number: stream(number, "alex").random(),
    "seed of compose": lambda number: compose(Team([Worker(echo)], "team", allocate=at_random), number)("plan")[0],
    "max_runs": lambda number: explore(lambda: Worker(echo, "alex"), client(), max_runs=number).runs,
    "losses": lambda number: explore(lambda: Worker(echo, "alex"), client(), max_runs=3, losses=number).runs,
    "repeats": lambda number: explore(lambda: Worker(echo, "alex"), client(), max_runs=3, repeats=number).runs,
    "overtakings": lambda number: explore(lambda: Worker(echo, "alex"), client(), max_runs=3, overtakings=number).runs,
    "seeds of a grid": lambda number: checked_seeds([number]),
    "Accumulate": lambda number: Accumulate(0.1, number).tasks,
    "iterations": lambda number: Muon(iterations=number).iterations,
    "steps": lambda number: linear_schedule(1.0, 0.0, number)(0),
    "reshape": lambda number: reshape(number)(np.ones((2, 1)))[0].tolist(),
    "seed of Linear": lambda number: Linear.drawn(2, seed=number).weights.tolist(),
    "seed of Affine": lambda number: Affine.drawn(2, 1, seed=number).weights.tolist(),
    "seed of Maxout": lambda number: Maxout.drawn(2, 1, seed=number).weights.tolist(),
    "seed of Dropout": lambda number: Dropout(seed=number)(np.ones(5))[0].tolist(),
    "seed of with_shuffled": lambda number: with_shuffled(Linear([1.0], 0.0), number)(np.ones((3, 1)))[0].tolist(),
    "stability_limit": stability_limit,
    "order_limit": lambda number: order_limit([number]),
    "random_pick_limit": random_pick_limit,
    "allocation": lambda number: simulate(
        Team([Worker(echo, "alex"), Worker(echo, "bo")], "team", allocate=by(lambda task_id, inputs: number)), client()
    ).outputs,
}  # fmt: skip


@pytest.mark.parametrize("kind", [np.int64, np.uint8])
@pytest.mark.parametrize("place", PLACES)
def test_numpys_whole_numbers_are_as_good_as_pythons_and_are_kept_as_pythons(place, kind):
    expected, result = PLACES[place](1), PLACES[place](kind(1))
    assert json.dumps(result) == json.dumps(expected)


@pytest.mark.parametrize("number", [True, np.True_])
@pytest.mark.parametrize("place", PLACES)
def test_true_is_no_whole_number_anywhere(place, number):
    with pytest.raises((ValueError, TypeError)):
        PLACES[place](number)


@pytest.mark.parametrize("arrange", [np.arange, lambda n: list(np.arange(n)), range])
def test_a_range_of_numpys_is_a_list_of_whole_numbers(arrange):
    numbers = arrange(4)
    assert checked_seeds(numbers) == [0, 1, 2, 3]
    assert late_by(numbers, 4) is not None
    assert order_limit(numbers) == order_limit(range(4))
    times = simulate(Worker(echo, "alex"), client(arrivals=numbers, replies=recorded(numbers))).journal.losses
    assert [(loss.time, type(loss.time)) for loss in times] == [(0, int), (2, int), (4, int), (6, int)]


async def test_a_task_id_of_numpys_is_one_of_pythons_in_the_office():
    async with open_office(Worker(echo, "alex"), leave_pending=True) as office:
        await office.inbox.send((np.int64(3), "plan"))
        task_id, _ = await office.outbox.receive()
        assert (task_id, type(task_id)) == (3, int)
        for none in (True, np.True_, 1.0):
            with pytest.raises(BadTaskID):
                await office.inbox.send((none, "plan"))


def test_the_journal_of_numpys_numbers_is_saved_and_comes_back(tmp_path):
    run = journal_of(
        seed=np.int64(2), capacity=np.int32(3), until=np.int64(50), epochs=np.int8(2), in_flight=np.uint8(2)
    )
    run.journal.save(tmp_path / "run.jsonl")
    assert Journal.load(tmp_path / "run.jsonl").settings == run.journal.settings


def test_points_keep_their_types_and_those_that_are_equal_are_one_point_twice():
    values = [1, 2.5, "1", np.int64(7), np.float32(0.5), np.True_, False, "True"]
    kept = [point["rate"] for point in checked_points([{"rate": value} for value in values[:6] + values[7:]][1:])]
    assert [(value, type(value)) for value in kept] == [
        (2.5, float), ("1", str), (7, int), (0.5, float), (True, bool), ("True", str)
    ]  # fmt: skip
    for other in (1.0, True, np.int64(1), np.True_):
        with pytest.raises(BadGrid, match="point 1 is point 0 again"):
            checked_points([{"rate": 1}, {"rate": other}])


def test_cells_are_kept_in_a_file_with_a_name(tmp_path):
    with pytest.raises(BadGrid, match="its name is empty"), kept_cells("", "source"):
        pass
    for name in (bytes(tmp_path / "cells"), tmp_path / "cells", str(tmp_path / "cells")):
        with kept_cells(name, "source") as cells:
            if cells.get("cell") is None:
                cells.put("cell", "values")
            assert cells.get("cell") == "values"
    assert [path.name for path in tmp_path.iterdir()] == ["cells"]
