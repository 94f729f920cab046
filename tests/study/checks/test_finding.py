import json

import numpy as np

from office.study import checked
from office.study.checks.finding import NAMED, SHOWN, finding
from office.study.evidence import Evidence
from tests.study.checks.doctoring import Doctored
from tests.study.journals import a_million_messages

SOUND = Doctored().journal


def found(*amiss, journal=SOUND):
    return finding(Evidence(journal), "name", "all is well", {"messages": 7, "copies": 1}, *amiss)


def test_what_holds_is_told_in_a_line_with_what_was_looked_at():
    one = found((np.arange(0), "it is wrong"))
    assert (one.holds, one.broken, one.entries) == (True, 0, ())
    assert str(one) == "ok      name                7 messages, 1 copies"


def test_what_is_broken_is_told_with_the_entries_and_why():
    one = found((np.array([3, 8]), "it is wrong"), (np.array([1, 3]), lambda row: f"no {row}"))
    head, says, *entries = str(one).splitlines()
    assert head == "broken  name                7 messages, 1 copies"
    assert says == "        not so: all is well; 3 entries break it"
    assert [entry.split()[:2] for entry in entries] == [["line", "3:"], ["line", "5:"], ["line", "10:"]]
    assert [entry.rpartition(": ")[2] for entry in entries] == ["no 1", "it is wrong; no 3", "it is wrong"]
    assert [(entry.row, entry.line) for entry in one.entries] == [(1, 3), (3, 5), (8, 10)]


def test_only_so_many_entries_are_named_and_shown_and_all_are_counted():
    one = found((np.arange(2000), "it is wrong"), journal=a_million_messages())
    assert (one.broken, len(one.entries)) == (2000, NAMED)
    assert str(one).splitlines()[-1] == f"        … and {2000 - SHOWN} more"
    assert len(str(one).splitlines()) == 3 + SHOWN


def test_findings_are_json():
    for one in checked(SOUND):
        there = json.loads(json.dumps(one.as_dict()))
        assert (there["holds"], there["name"], there["looked_at"]) == (True, one.name, dict(one.looked_at))
    there = found((np.array([3]), "it is wrong")).as_dict()
    assert json.loads(json.dumps(there))["entries"][0] | {"text": ""} == {
        "table": "mail",
        "row": 3,
        "line": 5,
        "text": "",
    }
