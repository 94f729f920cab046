"""The command line, from the outside and in-process."""

import json
import runpy
import sys

import pytest
from typer.testing import CliRunner

from office import Journal
from office.cli import app, find_scenario, scenarios

runner = CliRunner()

FAILS = '''"""A finding that fails.

Covers: nothing.
Scenario: nothing.
"""
def main(seed=0, mail=None, journal=None):
    print("it does not hold")
    return {"seed": seed, "holds": False}
'''


def test_list_shows_every_scenario_on_a_line_of_its_own():
    done = runner.invoke(app, ["list"])
    assert [line.split()[0] for line in done.stdout.splitlines()] == list(scenarios())
    assert "Feedback out of order finds whoever did the task." in done.stdout


def test_run_prints_the_scenario_and_exits_with_0():
    done = runner.invoke(app, ["run", "routing"])
    assert done.exit_code == 0
    assert done.stdout == (scenarios()["routing"].parent / "expected/routing.txt").read_text(encoding="utf-8")


def test_json_to_standard_output_is_all_that_is_printed():
    done = runner.invoke(app, ["run", "routing", "--json", "-", "--seed", "1"])
    assert json.loads(done.stdout)["holds"] is True


def test_json_and_the_journal_go_to_files(tmp_path):
    found, journal = tmp_path / "found.json", tmp_path / "journal.jsonl"
    done = runner.invoke(app, ["run", "routing", "--json", str(found), "--journal", str(journal)])
    assert "reached whoever had done the task" in done.stdout
    assert json.loads(found.read_text(encoding="utf-8"))["holds"] is True
    assert len(Journal.load(journal)) == 48


def test_a_finding_that_fails_exits_with_1(tmp_path):
    script = tmp_path / "fails.py"
    script.write_text(FAILS, encoding="utf-8")
    done = runner.invoke(app, ["run", str(script), "--seed", "7"])
    assert (done.exit_code, done.stdout) == (1, "it does not hold\n")


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["run", "nosuch"], 'no scenario or .py file is named "nosuch"'),
        (["run", "routing", "--mail", "delay 20xs"], 'unknown unit "xs"'),
        (["run", "routing", "--journal", "/nowhere/at/all"], "No such file"),
        (["run", "routing", "--seed", "-1"], "--seed"),
        (["run"], "Missing argument"),
    ],
)
def test_wrong_use_exits_with_2_and_says_what_is_wrong(arguments, complaint):
    done = runner.invoke(app, arguments)
    assert done.exit_code == 2
    assert complaint in done.output


def test_a_file_without_main_is_wrong_use(tmp_path):
    script = tmp_path / "empty.py"
    script.write_text("", encoding="utf-8")
    done = runner.invoke(app, ["run", str(script)])
    assert (done.exit_code, "has no main" in done.output) == (2, True)


def test_a_scenario_whose_libraries_are_missing_names_the_extra(tmp_path):
    script = tmp_path / "needs.py"
    script.write_text("import a_library_that_nobody_has", encoding="utf-8")
    done = runner.invoke(app, ["run", str(script)])
    assert done.exit_code == 2
    assert "needs a_library_that_nobody_has: pip install 'office[scenarios]'" in done.output


def test_a_scenario_is_found_by_name_before_a_file_of_that_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "routing").mkdir()
    assert find_scenario("routing") == scenarios()["routing"]


def test_python_m_office_is_the_office_command(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["office", "list"])
    with pytest.raises(SystemExit) as done:
        runpy.run_module("office", run_name="__main__")
    assert done.value.code == 0
    assert "routing" in capsys.readouterr().out


def test_without_typer_the_office_command_names_the_extra(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "typer", None)
    monkeypatch.delitem(sys.modules, "office.cli", raising=False)
    with pytest.raises(SystemExit) as done:
        runpy.run_module("office", run_name="__main__")
    assert done.value.code == 2
    assert "pip install 'office[cli]'" in capsys.readouterr().err
