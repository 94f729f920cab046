import subprocess
import sys
from pathlib import Path

import pytest

from office import Journal
from office.study import check
from tests.cli.command_line import invoke

ROOT = Path(__file__).parents[2]


@pytest.fixture
def scenario(tmp_path):
    status, output = invoke("new", tmp_path / "mine.py")
    assert (status, output) == (
        0,
        f"{tmp_path}/mine.py is a scenario: change it, and run it by office run {tmp_path}/mine.py\n",
    )
    return tmp_path / "mine.py"


def test_a_new_scenario_runs_as_it_is_and_saves_a_sound_journal(scenario):
    status, output = invoke("run", scenario, "--journal", scenario.with_suffix(".jsonl"), "--seed", "1")
    assert status == 0
    assert output.splitlines()[-1].startswith("Alex's feedback is ")
    assert check(Journal.load(scenario.with_suffix(".jsonl"))) == []
    alone = subprocess.run([sys.executable, "-W", "error", scenario], capture_output=True, text=True, check=True)
    assert alone.stdout == invoke("run", scenario)[1]


def test_a_new_scenario_is_written_as_ours_are(scenario):
    for command in (["check"], ["format", "--check"]):
        ruff = [sys.executable, "-m", "ruff", *command, "--stdin-filename", "scenarios/mine.py", "-"]
        subprocess.run(ruff, input=scenario.read_bytes(), check=True, cwd=ROOT, capture_output=True)


@pytest.mark.thorough
def test_a_new_scenario_has_the_types_that_it_says(scenario):
    subprocess.run([sys.executable, "-m", "mypy", "--strict", scenario], check=True, cwd=scenario.parent)


def test_a_file_that_is_there_stays_as_it_is(tmp_path):
    (tmp_path / "mine.py").write_text("mine")
    (tmp_path / "link.py").symlink_to(tmp_path / "nowhere.py")
    for name in ("mine.py", "link.py"):
        status, output = invoke("new", tmp_path / name)
        assert status == 2
        assert output.endswith("there is such a file, and it stays as it is\n")
    assert (tmp_path / "mine.py").read_text() == "mine"


@pytest.mark.parametrize(
    "name", ["mine", "mine.txt", "nowhere/mine.py", "\u202e.py/x.py", ".", "a" * 300 + ".py", "new\nline"]
)
def test_a_name_that_will_not_do_is_told_in_one_line(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    status, output = invoke("new", name)
    assert status == 2
    assert output.count("\n") == 1
    assert output[:-1].isprintable()
    assert not list(tmp_path.iterdir())
