import json

import numpy as np
import pytest

from office.show.check_text import SHOWN, check_findings, check_table
from office.study import checked
from tests.study.checks.doctoring import Doctored
from tests.study.checks.test_check import SOUND, check_of
from tests.study.journals import a_million_messages


def test_a_check_that_holds_is_a_line_with_what_was_looked_at():
    check = check_of((np.arange(0), "it is wrong"))
    assert str(check_table(SOUND, [check])) == "ok      name                7 messages, 1 copies"


def test_a_broken_check_shows_the_entries_their_lines_and_why():
    check = check_of((np.array([3, 8]), "it is wrong"), (np.array([1, 3]), lambda row: f"no {row}"))
    lines = SOUND.line_numbers()["mail"]
    head, says, *entries = str(check_table(SOUND, [check])).splitlines()
    assert head == "broken  name                7 messages, 1 copies"
    assert says == "        not so: all is well; 3 entries break it"
    assert [entry.split()[:2] for entry in entries] == [["line", f"{lines[row]}:"] for row in (1, 3, 8)]
    assert [entry.rpartition(": ")[2] for entry in entries] == ["no 1", "it is wrong; no 3", "it is wrong"]


@pytest.mark.thorough
def test_only_so_many_entries_are_shown_and_the_rest_are_counted():
    journal = a_million_messages()
    lines = str(check_table(journal, [check_of((np.arange(2000), "it is wrong"))])).splitlines()
    assert lines[-1] == f"        … and {2000 - SHOWN} more"
    assert len(lines) == 3 + SHOWN


def test_findings_are_json():
    checks = checked(SOUND)
    for check, finding in zip(checks, json.loads(json.dumps(check_findings(SOUND, checks))), strict=True):
        assert (finding["holds"], finding["name"], finding["looked_at"]) == (True, check.name, dict(check.looked_at))
    (finding,) = json.loads(json.dumps(check_findings(SOUND, [check_of((np.array([3]), "it is wrong"))])))
    (entry,) = finding["entries"]
    assert (entry["table"], entry["row"], entry["line"]) == ("mail", 3, 5)
    assert entry["text"].endswith(": it is wrong")


def test_a_journal_that_was_changed_shows_which_line_is_wrong():
    doctored = Doctored()
    doctored.rows[0][1] -= 1
    assert "10 ms is the least there" in str(check_table(doctored.journal, checked(doctored.journal)))
