"""Journals that a run has left, for commands that read them."""

import pytest

from tests.cli.commanding import told
from tests.study.checks.doctoring import Doctored


@pytest.fixture(scope="session")
def journal_file(tmp_path_factory):
    """A run of the scenario of that name, whose mail comes out of order."""
    path = tmp_path_factory.mktemp("journals") / "routing.jsonl"
    assert told("run", "routing", "--journal", path, "--mail", "delay 20ms 10ms distribution exponential")[0] == 0
    return path


@pytest.fixture(scope="session")
def doctored_file(tmp_path_factory):
    """A journal in which one message arrived sooner than it could."""
    there = Doctored()
    there.rows[there.on("team.feedback_to_below", "came")[-1]][0] += 1
    path = tmp_path_factory.mktemp("journals") / "doctored.jsonl"
    there.journal.save(path)
    return path
