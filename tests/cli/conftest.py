"""Journals that a run has left, for commands that read them."""

import sys

import pytest

from tests.cli.command_line import invoke
from tests.cli.screens import Screen, Terminal
from tests.study.checks.doctoring import Doctored


@pytest.fixture(scope="session")
def journal_file(tmp_path_factory):
    """A run of the scenario of that name, whose mail comes out of order."""
    path = tmp_path_factory.mktemp("journals") / "routing.jsonl"
    assert invoke("run", "routing", "--journal", path, "--mail", "delay 20ms 10ms distribution exponential")[0] == 0
    return path


@pytest.fixture(scope="session")
def doctored_file(tmp_path_factory):
    """A journal in which one message arrived sooner than it could."""
    doctored = Doctored()
    doctored.rows[doctored.on("team.feedback_to_below", "came")[-1]][0] += 1
    path = tmp_path_factory.mktemp("journals") / "doctored.jsonl"
    doctored.journal.save(path)
    return path


@pytest.fixture(scope="session")
def endless_file(journal_file, tmp_path_factory):
    """The same run's journal, but it does not say what the ends of one link are."""
    text = journal_file.read_text(encoding="utf-8")
    ends = '["estimates.outbox","estimates","client","outbox","outbox"]'
    assert ends in text
    path = tmp_path_factory.mktemp("journals") / "endless.jsonl"
    path.write_text(text.replace(ends, '["estimates.outbox","","","",""]'), encoding="utf-8")
    return path


@pytest.fixture
def to_a_screen(monkeypatch):
    """Has standard output and standard error go to a screen, on which bars are drawn only when a test says so."""

    def to_a_screen():
        screen = Screen()
        monkeypatch.setattr("office.cli.status_line.DRAWN", 1 / 3600)
        for name, value in {"TERM": "xterm", "COLUMNS": "80", "LINES": "20"}.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(sys, "stdout", Terminal(screen))
        monkeypatch.setattr(sys, "stderr", Terminal(screen))
        return screen

    return to_a_screen
