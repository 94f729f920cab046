import json

import pytest

from office import Journal
from office.show import life_table, life_title
from office.study import why
from tests.cli.command_line import invoke


def test_the_life_of_a_task_is_told_hop_by_hop(journal_file):
    status, text = invoke("why", journal_file, 3)
    life = why(Journal.load(journal_file), 3)
    assert (status, text) == (0, f"{life_title(life)}\n\n{life_table(life)}\n")
    assert text.count("estimates/") > 4


def test_the_life_of_a_task_is_numbers_too(journal_file):
    status, text = invoke("why", journal_file, "3", "--json", "-")
    assert (status, json.loads(text)) == (0, why(Journal.load(journal_file), 3).as_dict())


@pytest.mark.parametrize("task", ["99", "tea"])
def test_a_task_that_is_not_there_is_wrong_use_and_some_that_are_there_are_named(journal_file, task):
    status, text = invoke("why", journal_file, task)
    assert status == 2
    assert "(tasks: 0, 1, 2, 3, 4, 5)" in text


def test_a_journal_and_a_task_are_asked_for(journal_file, tmp_path):
    assert invoke("why", journal_file)[0] == 2
    assert invoke("why", tmp_path / "nosuch", 3)[0] == 2
