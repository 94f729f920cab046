"""The README is true: its code runs, its commands are the ones we use, its outputs are what they print."""

import inspect
import os
import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest
import trio

from office import handle_work

pytestmark = pytest.mark.unwatched

ROOT = Path(__file__).parents[1]
BLOCKS = re.findall(
    r"^```(\w+)\n(.*?)^```$", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
)
PYTHON = [text for language, text in BLOCKS if language == "python"]
SHELL = [text.strip() for language, text in BLOCKS if language == "sh"]
SCRIPTS = [code for code in PYTHON if "import pytest" not in code and not code.startswith("async def handle_work")]
TEXT = [text for language, text in BLOCKS if language == "text"]


@pytest.mark.parametrize("code", SCRIPTS)
def test_python_in_the_readme_runs(code, tmp_path):
    for library in re.findall(r"^import (torch)$", code, re.MULTILINE):
        pytest.importorskip(library, reason=f"the extra {library} is not installed")
    script = tmp_path / "block.py"
    script.write_text(code, encoding="utf-8")
    names = runpy.run_path(str(script))
    tests = [thing for name, thing in names.items() if name.startswith("test_")]
    for test in tests:
        trio.run(test)


def test_the_tests_in_the_readme_end_as_it_shows(tmp_path):
    script = tmp_path / "test_estimates.py"
    script.write_text(next(code for code in PYTHON if "import pytest" in code), encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert next(text for text in TEXT if "--delivery-order=" in text) in done.stdout
    assert "1 failed, 2 passed" in done.stdout


def test_handle_work_stands_in_the_readme_in_full():
    assert inspect.getsource(handle_work) in PYTHON


def test_the_first_command_prints_what_the_readme_shows():
    assert SHELL[0].endswith(".venv/bin/office run cars")
    assert (ROOT / "scenarios/expected/cars.txt").read_text(encoding="utf-8") in TEXT


def test_the_second_command_runs_the_tests_and_ci_runs_the_same_with_coverage():
    assert SHELL[1].endswith(".venv/bin/pytest -n auto --dist worksteal")
    assert len(SHELL[0].splitlines()) == len(SHELL[1].splitlines()) == 1
    assert f"{SHELL[1]} --cov" in (ROOT / ".ci/run").read_text(encoding="utf-8").splitlines()


def test_commands_in_the_readme_print_what_it_shows(tmp_path):
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    shown = "".join(text for language, text in BLOCKS if language == "console")
    commands = re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", shown, re.MULTILINE)
    assert len(commands) > 4
    for command, output in commands:
        done = subprocess.run(
            ["/bin/sh", "-c", command], cwd=tmp_path, env=os.environ | {"PATH": path},
            capture_output=True, text=True, encoding="utf-8", check=False,
        )  # fmt: skip
        assert (done.stdout.strip(), done.stderr) == (output.strip(), ""), command


def test_the_scenario_of_ones_own_runs_by_the_command_line(tmp_path):
    script = tmp_path / "mine.py"
    script.write_text(next(text for text in PYTHON if "Covers:" in text), encoding="utf-8")
    command = [sys.executable, "-m", "office", "run", str(script), "--seed", "3", "--mail", "delay 50ms 10ms"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("heard: bolder than") == 4


def test_the_report_of_the_gradients_is_the_one_that_is_printed(capsys, tmp_path):
    script = tmp_path / "block.py"
    script.write_text(next(text for text in PYTHON if "check_gradients(" in text), encoding="utf-8")
    runpy.run_path(str(script))
    printed = capsys.readouterr().out
    assert printed.count("\n") == 6
    shown = next(text for text in TEXT if "kinks" in text)
    without_rounding = r"\d\.\de-\d+|\(\d+,.*"
    assert re.sub(without_rounding, "", printed) == re.sub(without_rounding, "", shown)


def test_the_bank_in_the_readme_pays_twice_as_it_shows(capsys, tmp_path):
    script = tmp_path / "block.py"
    script.write_text(next(text for text in PYTHON if "try_orders(" in text), encoding="utf-8")
    runpy.run_path(str(script))
    assert capsys.readouterr().out == next(text for text in TEXT if "Alex>bank" in text)


def test_the_grid_prints_the_tables_that_are_shown(tmp_path):
    script, kept = tmp_path / "circle.py", tmp_path / "cells.sqlite"
    script.write_text(next(text for text in PYTHON if "POINTS" in text), encoding="utf-8")
    command = [sys.executable, "-m", "office", "grid", script, "--seeds", "5", "--keep", kept]
    tables = [subprocess.check_output([*command, *more], text=True) for more in ([], ["--choose", "rate"])]
    shown = [text for text in TEXT if text.startswith("mail ")]
    numbers = r" *\d\.\d+ ± \d\.\d+"  # which may differ by what processors do
    assert [re.sub(numbers, "", table) for table in tables] == [re.sub(numbers, "", table) for table in shown]


def test_the_diagram_in_the_readme_is_what_the_command_makes(tmp_path):
    shown = (ROOT / "tests/pictures/diagram.svg").read_bytes()
    journal, picture = tmp_path / "jitter.jsonl", tmp_path / "diagram.svg"
    for command in (
        ["run", "routing", "--mail", "delay 20ms 20ms", "--journal", journal],
        ["diagram", journal, "--task", "3", "--task", "4", "--format", "svg", "--output", picture],
    ):
        subprocess.run([sys.executable, "-m", "office", *command], capture_output=True, check=True)
    assert picture.read_bytes() == shown
