import multiprocessing
import os
import sqlite3
import time
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from itertools import product
from math import inf

import pytest

from office import every_point, grid
from office.errors import BadGrid
from office.grids import Cell, summaries
from tests.grids import small_grids
from tests.grids.small_grids import POINTS

SEEDS = [7, 3]


def no_process_is_left():
    return multiprocessing.active_children() == []


def test_a_grid_is_what_calling_the_cell_gives_in_order_and_each_is_watched_once():
    watched = []
    cells = grid(small_grids.late, POINTS, SEEDS, processes=2, watch=lambda *seen: watched.append(seen))
    called = [
        Cell(point, seed, small_grids.late(seed=seed, **point)) for point, seed in product(POINTS, SEEDS)
    ]  # fmt: skip
    assert cells == called
    assert sorted((cell.point["rate"], cell.seed) for cell, _, _ in watched) == sorted(
        (cell.point["rate"], cell.seed) for cell in called
    )
    assert [(done, of) for _, done, of in watched] == [(done, 8) for done in range(1, 9)]
    assert no_process_is_left()


def test_processes_have_surroundings_of_their_own_and_ours_are_as_before(monkeypatch, capfd):
    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    monkeypatch.delenv("MKL_NUM_THREADS", raising=False)
    before = dict(os.environ)
    cells = grid(small_grids.surroundings, [{}], [0], processes=1)
    assert cells[0].values == {
        "OPENBLAS_NUM_THREADS": 1,
        "OMP_NUM_THREADS": 1,
        "MKL_NUM_THREADS": 1,
        "PYTHONHASHSEED": 0,
    }
    assert os.environ == before
    printed = capfd.readouterr()
    assert (printed.out, printed.err) == ("", "said aloud\n")


def test_the_exception_of_a_cell_names_it_and_finished_cells_are_kept(tmp_path):
    keep = tmp_path / "kept.sqlite"
    with pytest.raises(ZeroDivisionError) as failed:
        grid(small_grids.divides, every_point(by=[2, 0, 1]), [5], keep=keep, processes=1)
    where, trace = failed.value.__notes__
    assert where == "cell by=0, seed=5"
    assert 'return {"quotient": seed / by}' in trace
    assert no_process_is_left()
    assert grid(small_grids.divides, [{"by": 2}], [5], keep=keep) == [Cell({"by": 2}, 5, {"quotient": 2.5})]


def test_an_exception_that_cannot_be_sent_comes_out_all_the_same():
    with pytest.raises(Exception, match="Nameless: 1 and 2") as failed:
        grid(small_grids.breaks, [{}], [0], processes=1)
    assert failed.value.__notes__[0] == "cell seed=0"


def test_cells_that_return_different_names_are_refused():
    with pytest.raises(BadGrid, match=r"cell seed=3 returned {'odd': 3.0}, cell seed=2 {'even': 2.0}"):
        grid(small_grids.fickle, [{}], [2, 3], processes=1)


def test_an_interrupt_gives_up_what_is_being_run_at_once_and_the_last_cell_is_kept(tmp_path):
    def interrupt(cell, done, of):
        raise KeyboardInterrupt

    begin = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        grid(small_grids.stays, [{"seconds": 60}], range(3), processes=1, keep=tmp_path / "kept", watch=interrupt)
    assert time.monotonic() - begin < 30
    assert no_process_is_left()
    with closing(sqlite3.connect(tmp_path / "kept")) as database:
        assert database.execute("SELECT count(*) FROM cells").fetchall() == [(1,)]


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("how", "end"),
    [("exit", "ended with exit status 3"), ("SIGKILL", "was killed by SIGKILL"), ("SIGSEGV", "was killed by SIGSEGV")],
)
@pytest.mark.parametrize("processes", [1, 2])
def test_a_process_that_ends_is_told_of_with_its_cell_and_what_is_finished_is_kept(tmp_path, how, end, processes):
    keep = tmp_path / "kept.sqlite"
    with pytest.raises(BrokenProcessPool) as failed:
        grid(small_grids.ends, [{"how": how}], [0, 1, 2, 3], processes=processes, keep=keep)
    assert failed.value.__notes__ == [f"cell how={how!r}, seed=1: its process {end}"]
    assert no_process_is_left()
    if processes == 1:  # of two the other may still be at its first cell
        with closing(sqlite3.connect(keep)) as database:
            assert database.execute("SELECT found FROM cells").fetchall() == [('{"number": 0.0}',)]


def test_a_process_that_is_asked_to_end_is_told_of_where_there_is_no_other():
    with pytest.raises(BrokenProcessPool) as failed:
        grid(small_grids.ends, [{"how": "SIGTERM"}], [1], processes=1)
    assert failed.value.__notes__ == ["cell how='SIGTERM', seed=1: its process was killed by SIGTERM"]


def test_cells_that_diverge_say_how_and_the_others_go_on_and_all_are_kept(tmp_path):
    keep = tmp_path / "kept.sqlite"
    points = every_point(rate=[0.1, 9.0, "overflow", "infinite", "in a group"])
    cells = grid(small_grids.diverges, points, [0, 1], keep=keep)
    assert [bool(cell.diverged) for cell in cells] == [False] * 2 + [True] * 8
    assert cells[2].diverged.startswith("NotANumber: ")
    assert " of virtual time" in cells[2].diverged
    assert cells[4].diverged == "OverflowError: math range error"
    assert (cells[6].values, cells[6].diverged) == ({"loss": inf}, "loss is inf")
    assert cells[8].diverged == "NotANumber: feedback is NaN"
    assert cells[0].values["loss"] < 1e-6
    before = keep.read_bytes()
    assert grid(small_grids.diverges, points, [0, 1], keep=keep) == cells
    assert keep.read_bytes() == before
    assert [row.diverged for row in summaries(cells)] == [0, 2, 2, 2, 2]


@pytest.mark.parametrize(
    ("arguments", "options", "complaint"),
    [
        ((lambda *, seed: {"x": 1.0}, [{}], [0]), {}, "a cell is a function at the top of a file"),
        ((Cell, [{}], [0]), {"processes": 0}, "processes is a whole number from 1"),
        ((Cell, [{}], []), {}, "seeds are different whole numbers from 0"),
        ((Cell, [], [0]), {}, "points are a list"),
    ],
)
def test_what_no_grid_can_be_made_of_is_refused_before_any_process_is_started(arguments, options, complaint):
    with pytest.raises(BadGrid, match=complaint):
        grid(*arguments, **options)
