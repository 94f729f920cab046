"""A command that is broken off says what is left of it, without a traceback, and exits as shells have it."""

import re
import signal
import subprocess
import sys
import time

import pytest

from office import Journal, simulate
from office.study import check
from tests.cli.command_line import invoke

ENDLESS = """
import itertools
from office import Client, Worker, every, simulate

def estimate(task):
    if task == 500:
        print("begun", flush=True)
    if task == {fails_at}:
        raise {error}
    return float(task), lambda feedback: feedback

def main(seed=0, mail=None, journal=None):
    tasks = ((task, None) for task in itertools.count())
    client = Client(tasks, lambda output, _: (0.0, 1.0), arrivals=every("1ms"), keep=False)
    run = simulate(Worker(estimate, "alex"), client, mail="delay 5ms 1ms", seed=seed)
    run.journal.save(journal)
"""


def started(tmp_path, *arguments):
    (tmp_path / "mine.py").write_text(ENDLESS.format(fails_at=None, error=None))
    command = [sys.executable, "-m", "office", "run", tmp_path / "mine.py", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.parametrize(
    ("number", "status", "word"), [(signal.SIGINT, 130, "interrupted"), (signal.SIGTERM, 143, "terminated")]
)
def test_a_run_that_is_interrupted_keeps_its_journal_until_then_beside_the_old_one(tmp_path, number, status, word):
    place, partial = tmp_path / "journal.jsonl", tmp_path / "journal.jsonl.partial"
    place.write_text("the old one")
    with started(tmp_path, "--journal", place) as process:
        assert process.stdout.readline() == "begun\n"
        process.send_signal(number)
        _, text = process.communicate(timeout=60)
    first, second = text.splitlines()
    assert first.startswith("the journal until ")
    assert first.endswith(f" of virtual time is in {partial}")
    assert (second, process.returncode, place.read_text()) == (word, status, "the old one")
    journal = Journal.load(partial)
    assert len(journal.losses) > 400
    assert check(journal) == []


@pytest.mark.parametrize(
    ("error", "status", "last"),
    [
        ("ZeroDivisionError('oops')", 1, "ZeroDivisionError: oops"),
        ("SystemExit(3)", 3, ""),
        ("FloatingPointError('oops')", 1, "FloatingPointError: oops"),
    ],
)
def test_a_run_that_fails_keeps_its_journal_until_then(tmp_path, error, status, last):
    (tmp_path / "mine.py").write_text(ENDLESS.format(fails_at=20, error=error))
    done, text = invoke("run", tmp_path / "mine.py", "--journal", tmp_path / "j")
    assert done == status
    assert last in text
    assert re.search(rf"the journal until 2\d\.?\d* ms of virtual time is in {tmp_path / 'j.partial'}\n", text)
    assert len(Journal.load(tmp_path / "j.partial").losses) >= 5


def test_a_journal_that_the_scenario_has_saved_itself_is_left_alone(tmp_path):
    saves = ENDLESS.format(fails_at=20, error="ValueError").replace(
        "    run = simulate", "    journal.write_text('mine')\n    run = simulate"
    )
    (tmp_path / "mine.py").write_text(saves)
    status, text = invoke("run", tmp_path / "mine.py", "--journal", tmp_path / "j")
    assert (status, (tmp_path / "j").read_text(), "partial" in text) == (1, "mine", False)


def test_a_full_disk_is_told(tmp_path):
    (tmp_path / "mine.py").write_text(ENDLESS.format(fails_at=20, error="ValueError"))
    (tmp_path / "j.partial").symlink_to("/dev/full")
    status, text = invoke("run", tmp_path / "mine.py", "--journal", tmp_path / "j")
    assert status == 1
    assert re.search(r"the journal until 2\d\.?\d* ms of virtual time could not be saved: ", text)
    assert "No space left on device" in text


def test_all_of_an_error_is_shown_where_that_is_asked_for(tmp_path):
    (tmp_path / "mine.py").write_text(ENDLESS.format(fails_at=20, error="ValueError('oops')"))
    _, brief = invoke("run", tmp_path / "mine.py")
    _, whole = invoke("run", tmp_path / "mine.py", "--traceback")
    assert simulate.__code__.co_filename not in brief
    assert simulate.__code__.co_filename in whole
    assert whole.endswith(brief)


@pytest.mark.parametrize("pause", [0.0, 0.002, 0.01, 0.05])
def test_a_second_interrupt_takes_nothing_from_what_is_kept(tmp_path, pause):
    with started(tmp_path, "--journal", tmp_path / "j") as process:
        assert process.stdout.readline() == "begun\n"
        for _ in range(3):
            process.send_signal(signal.SIGINT)
            time.sleep(pause)
        _, text = process.communicate(timeout=60)
    assert (text.splitlines()[-1], process.returncode) == ("interrupted", 130)
    assert check(Journal.load(tmp_path / "j.partial")) == []
