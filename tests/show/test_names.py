import pytest

from office.show.names import LONGEST_NAME, left_out, listed, short_names, task_text, visible
from office.study import Diagram


@pytest.mark.parametrize(
    ("text", "shown"),
    [("alex", "alex"), ("a\nb", r"a\nb"), ("\x1b[31m", r"\x1b[31m"), ("\ud800", r"\ud800"), ("é漢🎈", "é漢🎈"),
     ("\u202e", r"\u202e"), ("", "")],
)  # fmt: skip
def test_what_cannot_be_seen_is_spelt_out(text, shown):
    assert visible(text) == shown


def test_paths_are_left_off_where_names_tell_desks_apart():
    assert short_names(["client", "team", "team/alex", "team/bo"]) == ["client", "team", "alex", "bo"]
    assert short_names(["a/alex", "b/alex"]) == ["a/alex", "b/alex"]
    assert short_names(["a/"]) == ["a/"]


def test_tasks_that_are_names_are_in_quotes_and_long_ones_are_cut():
    assert (task_text(7), task_text("7"), task_text("a\n")) == ("7", "'7'", r"'a\n'")
    assert task_text("x" * 100) == "'" + "x" * (LONGEST_NAME - 2) + "…"


def test_of_many_numbers_some_are_told():
    assert (listed([1, 2, 3, 4]), listed(range(9))) == ("1, 2, 3, 4", "0, 1, 2, 3 and 5 more")


def test_what_is_left_out_is_told_with_how_many_there_are():
    assert left_out(Diagram((), (), 12_345)) == "drawn are the first 0 messages, of 12,345"
