"""A scenario whose run diverges, and its journal in every command that reads one."""

import pytest

from office import Journal
from tests.cli.command_line import invoke

SCENARIO = '''"""Steps that are too long.

Covers: divergence.
Scenario: a worker learns, at a rate at which it never will.
"""

import warnings

import numpy as np

from office import Client, Linear, Team, Worker, average, simulate, squared_error


def main(seed=0, mail=None, journal=None):
    rows = np.random.default_rng(seed).normal(size=(300, 4, 3))
    client = Client([(each, each.sum(1)) for each in rows], squared_error, in_flight=5)
    crew = [Worker(Linear(np.zeros(3), 0.0, 1e9), name) for name in ("alex", "bo")]
    chart, mail = Team(crew, "team", combine=average), "delay 5ms 2ms" if mail is None else mail
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        run = simulate(chart, client, mail=mail, seed=seed OPTION)
    print(run.diverged)
    if journal is not None:
        run.journal.save(journal)
    return {"holds": True}
'''


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with a scenario, and the journal of its run."""
    folder = tmp_path_factory.mktemp("diverging")
    (folder / "diverges.py").write_text(SCENARIO.replace(" OPTION", ', on_divergence="stop"'), encoding="utf-8")
    (folder / "raises.py").write_text(SCENARIO.replace(" OPTION", ""), encoding="utf-8")
    status, text = invoke("run", folder / "diverges.py", "--journal", folder / "journal.jsonl")
    assert status == 0
    assert text == f"{Journal.load(folder / 'journal.jsonl').diverged}\n"
    return folder


def test_a_run_that_diverges_and_was_not_to_stop_there_exits_with_1_and_says_where_it_was(folder):
    diverged = Journal.load(folder / "journal.jsonl").diverged
    status, text = invoke("run", folder / "raises.py")
    assert status == 1
    assert text.startswith("NotANumber: ")
    assert f"task {diverged.task_id}" in text
    assert text.endswith(' of virtual time\nsimulate(…, on_divergence="stop") keeps what there is until then\n')


@pytest.mark.parametrize(
    ("command", "arguments"),
    [
        ("check", []),
        ("why", ["TASK"]),
        ("diagram", ["--task", "TASK"]),
        ("diff", ["JOURNAL"]),
        ("reordering", []),
        ("trace", ["FOLDER/trace.json"]),
        ("plot", ["--output", "FOLDER/plot.png"]),
        ("report", ["FOLDER/page.html"]),
    ],
)
def test_every_command_takes_the_journal_of_a_run_that_diverged(folder, command, arguments):
    if command == "plot":
        pytest.importorskip("matplotlib", reason="the extra plot is not installed")
    if command == "report":
        pytest.importorskip("jinja2", reason="the extra page is not installed")
    journal = folder / "journal.jsonl"
    words = {"TASK": str(Journal.load(journal).diverged.task_id), "JOURNAL": str(journal)}
    status, text = invoke(
        command, journal, *(words.get(word, word.replace("FOLDER", str(folder))) for word in arguments)
    )
    assert (status, "Traceback" in text) == (0, False), text
