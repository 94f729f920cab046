import json

import pytest

from office import Journal
from office.cli import scenarios
from tests.cli.command_line import invoke


def test_numbers_are_measured_in_the_order_given():
    status, text = invoke("reordering", "1", "2", "3", "5", "4")
    assert status == 0
    assert "reordered                 1, 20.0%\n" in text
    assert text.endswith("4              5       1             1\n")


def test_numbers_may_be_negative_and_thresholds_stand_among_them():
    status, text = invoke("reordering", "-1", "-3", "-2", "--dt", "1", "--bt", "0", "--json", "-")
    findings = json.loads(text)
    assert (status, findings["reordered"]) == (0, 2)
    assert [arrival["number"] for arrival in findings["reordered_arrivals"]] == [-3, -2]
    assert findings["reorder_density"]["lost"] == 1
    assert findings["reorder_buffer_density"]["lost"] == 2


def test_the_metrics_go_to_a_file_as_json_and_are_shown_all_the_same(tmp_path):
    file = tmp_path / "found.json"
    status, text = invoke("reordering", "2", "1", "--json", str(file))
    assert (status, text.startswith("arrivals                  2\n")) == (0, True)
    assert json.loads(file.read_text(encoding="utf-8"))["ratio"] == 0.5


def test_every_link_of_a_journal_is_measured_a_line_each(journal_file):
    status, text = invoke("reordering", str(journal_file))
    head, *lines = text.splitlines()
    assert (status, head.split()[:3]) == (0, ["link", "arrivals", "reordered"])
    assert [line.split()[0] for line in lines] == Journal.load(journal_file).link_names


def test_links_are_chosen_by_pattern_and_one_alone_is_shown_in_full(journal_file):
    links = Journal.load(journal_file).link_names
    status, text = invoke("reordering", str(journal_file), "--link", "*.inbox", "--json", "-")
    assert (status, list(json.loads(text)["links"])) == (0, [name for name in links if name.endswith(".inbox")])
    status, text = invoke("reordering", str(journal_file), "--link", links[0])
    assert (status, text.startswith(f"{links[0]}\n\narrivals ")) == (0, True)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["1", "2", "x"], '"x" is no whole number'),
        (["1", "2.5"], '"2.5" is no whole number'),
        (["1", "2", "--jsno", "3"], '"--jsno" is no whole number'),
        (["1", str(2**62)], "whole numbers"),
        (["1", str(10**29)], "whole numbers"),
        (["nosuch.jsonl"], "nosuch.jsonl: there is no such journal"),
        ([str(scenarios()["routing"])], "line 1 is no JSON"),
        ([str(scenarios()["routing"].parent)], "Is a directory"),
        (["1", "2", "--link", "*"], "--link * is for a journal"),
        (["1", "2", "--dt", "-1"], "--dt"),
        (["1", "2", "--json", "/nowhere/at/all"], "there is no folder for it"),
        ([], "Missing argument"),
    ],
)
def test_what_cannot_be_measured_is_wrong_use_and_the_complaint_says_why(arguments, complaint):
    status, text = invoke("reordering", *arguments)
    assert status == 2
    assert complaint in text


def test_a_pattern_that_fits_no_link_is_wrong_use_and_the_links_are_named(journal_file):
    status, text = invoke("reordering", str(journal_file), "--link", "nobody.*")
    assert status == 2
    assert f'no link is named "nobody.*" in this journal (links: {Journal.load(journal_file).links[0].name}, ' in text
