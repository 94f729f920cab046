import csv
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, suppress
from importlib.util import find_spec

import pytest
from typer.testing import CliRunner

from office.cli import app
from tests.cli.command_line import invoke

GRID = r'''"""Cells that say when they begin and when they end, and can be made to wait.

Covers: nothing.
Scenario: nothing.
"""

import time
from pathlib import Path

import numpy as np

from office import every_point

HERE = Path(__file__).parent
NAMES = ['a, "b"\r\n', "naïve ✓'; DROP TABLE cells; --"]
POINTS = every_point(name=NAMES, rate=[0.1, 1 / 3])
print("loaded")


def say(*words):
    with (HERE / "log").open("a", encoding="utf-8") as log:
        log.write(" ".join(map(str, words)) + "\n")


def cell(*, seed, name, rate):
    place = NAMES.index(name), round(rate, 3), seed
    say("begins", *place)
    while seed == 2 and (HERE / "wait").exists():
        time.sleep(0.01)
    matrix = np.random.default_rng(seed).normal(size=(100, 100))
    say("ends", *place)
    return {
        "validation": (int(100 / (1 + rate)), 100),
        "norm": float("nan") if place == (1, 0.1, 1) else float(np.linalg.norm(matrix @ matrix) * rate),
    }
'''
CELLS = 12


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with a grid file, which has been run in one process: its cells, as kept and as CSV."""
    folder = tmp_path_factory.mktemp("grid")
    (folder / "mine.py").write_text(GRID, encoding="utf-8")
    arguments = "--seeds", 3, "--processes", 1, "--keep", folder / "kept.sqlite", "--csv", folder / "cells.csv"
    assert invoke("grid", folder / "mine.py", *arguments)[0] == 0
    return folder


def again(folder, *arguments, file="mine.py"):
    """The command once more, where all cells are kept already: its exit status, standard output and error."""
    command = "grid", folder / file, "--seeds", 3, "--keep", folder / "kept.sqlite", *arguments
    done = CliRunner().invoke(app, list(map(str, command)))
    return done.exit_code, done.stdout, done.stderr


def cell_lines(folder):
    return (folder / "log").read_text(encoding="utf-8").splitlines()


def test_every_cell_has_a_line_with_its_point_in_canonical_order(folder):
    with (folder / "cells.csv").open(encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    assert head == ["name", "rate", "seed", "validation", "validation of", "norm", "diverged"]
    names = ['a, "b"\r\n', "naïve ✓'; DROP TABLE cells; --"]
    wanted = [[name, repr(rate), str(seed)] for name in names for rate in (0.1, 1 / 3) for seed in range(3)]
    assert [row[:3] for row in rows] == wanted
    assert [row[5] == "nan" and row[6] == "norm is nan" for row in rows] == [place == 7 for place in range(CELLS)]


@pytest.mark.sampled(2)
@pytest.mark.parametrize("processes", [3, 2])
def test_cells_are_the_same_bytes_for_any_number_of_processes(folder, processes):
    other = folder / f"by {processes}.csv"
    status, _ = invoke("grid", folder / "mine.py", "--seeds", 3, "--processes", processes, "--csv", other)
    assert status == 0
    assert other.read_bytes() == (folder / "cells.csv").read_bytes()


def kept_meanwhile(path):
    """How many cells are on disk, whoever has the file."""
    with (
        suppress(sqlite3.Error),
        closing(sqlite3.connect(f"file:{path}?immutable=1", uri=True)) as database,
    ):
        return database.execute("SELECT count(*) FROM cells").fetchone()[0]
    return 0


def killed(process):
    process.kill()


def interrupted(process):
    """As from the keyboard: everybody in the foreground hears of it."""
    os.killpg(process.pid, signal.SIGINT)


@pytest.mark.sampled(2)
@pytest.mark.parametrize("end", [interrupted, killed])
def test_a_grid_that_is_ended_leaves_nobody_behind_and_goes_on_where_it_was(folder, tmp_path, end):
    grid_file, kept, written = tmp_path / "mine.py", tmp_path / "kept.sqlite", tmp_path / "cells.csv"
    grid_file.write_text(GRID, encoding="utf-8")
    (tmp_path / "wait").touch()  # the last seed of every point waits: two points get so far
    arguments = "grid", grid_file, "--seeds", "3", "--keep", kept, "--csv", written
    process = subprocess.Popen(
        [sys.executable, "-m", "office", *arguments, "--processes", "2"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    until = time.monotonic() + 60
    while kept_meanwhile(kept) < 4:
        assert process.poll() is None, process.stderr.read()
        assert time.monotonic() < until
        time.sleep(0.02)
    assert "is in use" in invoke(*arguments)[1]
    end(process)
    printed, text = process.communicate(timeout=30)  # it is over when all who could write to stderr are gone
    assert (printed, b"Traceback" in text, process.returncode) == (b"", False, -9 if end is killed else 130), text
    if end is interrupted:
        assert text.decode().splitlines()[-2:] == [
            f"4 of {CELLS} cells are done; {kept} goes on from there",
            "interrupted",
        ]
    assert not written.exists()
    with closing(sqlite3.connect(kept)) as database:
        finished = [json.loads(cell) for (cell,) in database.execute("SELECT cell FROM cells")]
    assert len(finished) == 4

    (tmp_path / "wait").unlink()
    (tmp_path / "log").unlink()
    assert invoke(*arguments, "--processes", 1)[0] == 0
    assert written.read_bytes() == (folder / "cells.csv").read_bytes()
    assert sum(line.startswith("begins") for line in cell_lines(tmp_path)) == CELLS - len(finished)


def test_what_is_kept_is_not_run_again_and_numbers_go_where_they_are_asked_for(folder):
    before = cell_lines(folder)
    status, text, aside = again(folder, "--json", folder / "found.json")
    assert (status, aside, cell_lines(folder)) == (0, "loaded\n", before)
    head, *lines = text.splitlines()
    assert head.split() == ["name", "rate", "seeds", "validation", "norm", "diverged"]
    assert [line.split()[-3] for line in lines] == ["0", "0", "1", "0"]
    points = json.loads((folder / "found.json").read_text(encoding="utf-8"))["points"]
    assert [point["diverged"] for point in points] == [0, 0, 1, 0]
    assert points[0]["means"]["validation"]["mean"] == pytest.approx(0.9)
    assert (points[2]["means"]["norm"]["left_out"], points[2]["means"]["validation"]["left_out"]) == (1, 0)


def test_the_best_are_chosen_and_the_cells_are_all_written(folder):
    status, text, _ = again(folder, "--choose", "rate", "--csv", folder / "all.csv", "--json", "-")
    assert (status, [point["point"]["rate"] for point in json.loads(text)["points"]]) == (0, [0.1, 0.1])
    assert (folder / "all.csv").read_bytes() == (folder / "cells.csv").read_bytes()
    _, text, _ = again(folder, "--choose", "rate", "--by", "norm", "--json", "-")
    assert [point["point"]["rate"] for point in json.loads(text)["points"]] == [1 / 3, 1 / 3]


def test_a_grid_file_that_has_changed_is_not_gone_on_with(folder):
    (folder / "changed.py").write_text(GRID.replace("1 / 3", "1 / 4"), encoding="utf-8")
    status, _, text = again(folder, file="changed.py")
    assert (status, "or undo the change" in text) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--choose", "rule"], "--choose: there is no key 'rule' (there are name, rate)"),
        (["--choose", "rate", "--by", "loss"], "--by: there is no number 'loss' (there are validation, norm)"),
        (["--plot", "a.png", "--x", "rate"], "--plot needs --x, the key to draw over, and --y"),
        (["--plot", "a.png", "--x", "loss", "--y", "norm"], "--x: there is no key 'loss'"),
        (["--plot", "a.png", "--x", "rate", "--y", "loss"], "--y: there is no number 'loss'"),
        (["--seeds", "0"], "--seeds"),
    ],
)
def test_wrong_use_exits_with_2_and_says_what_is_wrong(folder, arguments, complaint):
    if "--y" in arguments:
        pytest.importorskip("matplotlib", reason="the extra plot is not installed")
    status, _, text = again(folder, *arguments)
    assert (status, complaint in text) == (2, True), text


@pytest.mark.parametrize("option", ["--csv", "--json", "--plot"])
def test_a_file_that_cannot_be_written_is_refused_before_anything_is_run(folder, option):
    before = cell_lines(folder)
    status, text = invoke("grid", folder / "mine.py", option, "/nowhere/at/all", "--x", "rate", "--y", "norm")
    assert (status, text) == (2, "/nowhere/at/all: there is no folder for it\n")
    assert cell_lines(folder) == before


def written(tmp_path, text):
    path = tmp_path / "other.py"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("def cell(*, seed): ...", "has no POINTS"),
        ("POINTS = [{}]", "has no cell"),
        ("POINTS = [{}, {'rate': 1}]\ndef cell(*, seed): ...", "point 1 has the keys ['rate'], and point 0 has []"),
        ("POINTS = 3\ndef cell(*, seed): ...", "points are a list"),
        ("import a_library_that_nobody_has", "needs a_library_that_nobody_has"),
        ("POINTS = [{}]\ncell = 3", "a cell is a function"),
        ("from office import every_point\nPOINTS = every_point(rate=0.1)", "axis rate is a list of values, not 0.1"),
    ],
)
def test_a_bad_grid_file_is_wrong_use_and_the_complaint_says_what_it_lacks(tmp_path, text, complaint):
    status, output = invoke("grid", written(tmp_path, text))
    assert (status, complaint in output) == (2, True), output


def test_a_cell_that_returns_something_else_is_wrong_use_and_named(tmp_path):
    path = written(tmp_path, "POINTS = [{'rate': 0.5}]\ndef cell(*, seed, rate):\n    return {'loss': 'small'}\n")
    status, output = invoke("grid", path, "--seeds", 1)
    assert status == 2
    assert "for 'loss', not 'small'\ncell rate=0.5, seed=0\n" in output


def test_a_cell_that_fails_exits_with_1_and_is_named_with_its_traceback(tmp_path):
    path = written(tmp_path, "POINTS = [{'rate': 0}]\ndef cell(*, seed, rate):\n    return {'loss': 1 / rate}\n")
    status, output = invoke("grid", path, "--seed", 7, "--seeds", 1)
    assert status == 1
    assert output.startswith("ZeroDivisionError: division by zero\ncell rate=0, seed=7\nTraceback")
    assert "line 3, in cell" in output


def test_without_its_extra_a_plot_is_refused_before_anything_is_run(folder, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    status, output = invoke("grid", folder / "mine.py", "--plot", "a.png", "--x", "rate", "--y", "norm")
    assert (status, output) == (2, "--plot needs matplotlib: pip install 'backprop-office[plot]'\n")


def test_the_table_is_drawn_where_it_is_asked_for(folder):
    pytest.importorskip("matplotlib", reason="the extra plot is not installed")
    path = folder / "plot.png"
    assert again(folder, "--plot", path, "--x", "rate", "--y", "validation")[0] == 0
    assert path.read_bytes().startswith(b"\x89PNG")


DIVERGING = """import math
import os
import signal

from office import every_point

POINTS = every_point(rate=[30.0, 0.1, 3.0])


def cell(*, seed, rate):
    if rate == 30.0 or (rate == 3.0 and seed == 1):
        math.exp(100.0 * rate)
        return {"loss": math.nan}
    if (seed, rate) == (2, KILLED):
        os.kill(os.getpid(), signal.SIGKILL)
    return {"loss": rate * (seed + 1)}
"""


def test_cells_that_diverge_are_counted_and_marked_and_the_others_go_on(tmp_path):
    path = written(tmp_path, DIVERGING.replace("KILLED", "0"))
    options = "--seeds", 2, "--keep", tmp_path / "kept.sqlite", "--csv", tmp_path / "cells.csv"
    if find_spec("matplotlib"):
        options = *options, "--plot", tmp_path / "plot.png", "--x", "rate", "--y", "loss"
    status, text = invoke("grid", path, *options)
    assert (status, text.splitlines()) == (
        0,
        [
            "rate  seeds            loss  diverged",
            "30.0      2            none    2 of 2",
            "0.1       2     0.15 ± 0.64    0 of 2",
            "3.0       2  3 (1 left out)    1 of 2",
        ],
    )
    lines = (tmp_path / "cells.csv").read_text(encoding="utf-8").splitlines()
    overflow = '"OverflowError: math range error"'
    assert [line.rpartition(",")[2] for line in lines[1:]] == [overflow] * 2 + ['""'] * 3 + ['"loss is nan"']
    status, text = invoke("grid", path, *options, "--json", "-")
    points = json.loads(text)["points"]
    assert [(point["diverged"], point["means"]["loss"]["left_out"]) for point in points] == [(2, 2), (0, 0), (1, 1)]


def test_a_process_that_is_killed_exits_with_1_and_names_its_cell(tmp_path):
    path = written(tmp_path, DIVERGING.replace("KILLED", "0.1"))
    status, text = invoke("grid", path, "--seeds", 3, "--keep", tmp_path / "kept.sqlite", "--processes", 1)
    assert status == 1
    assert text.endswith("\ncell rate=0.1, seed=2: its process was killed by SIGKILL\n")
    assert kept_meanwhile(tmp_path / "kept.sqlite") == 5


def test_where_every_cell_diverges_the_table_says_so_and_there_is_nothing_to_draw(tmp_path):
    pytest.importorskip("matplotlib", reason="the extra plot is not installed")
    path = written(tmp_path, DIVERGING.replace("KILLED", "0").replace(", 0.1, 3.0", ""))
    options = "--seeds", 1, "--plot", tmp_path / "plot.png", "--x", "rate", "--y", "loss", "--choose", "rate"
    assert invoke("grid", path, *options) == (
        2,
        "rate  seeds  diverged\n30.0      1    1 of 1\nall cells diverged: there is nothing to draw\n",
    )
