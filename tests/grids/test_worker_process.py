import pytest

from office.errors import EscapedWait, OfficeError, StaleFeedback, UnknownTask
from office.grids.grid_files import home_of
from office.grids.worker_process import CellFailure, work
from tests.grids import small_grids


def test_work_returns_values_or_how_it_failed():
    assert work(home_of(small_grids.divides), {"by": 2}, 5) == '{"quotient": 2.5}'
    failure = work(home_of(small_grids.divides), {"by": 0}, 5)
    assert isinstance(failure.error("there"), ZeroDivisionError)
    assert work(home_of(small_grids.divides), {"other": 0}, 5).error("there").args == (
        "divides() got an unexpected keyword argument 'other'",
    )


@pytest.mark.parametrize(
    "error", [StaleFeedback(3).at("alex", 7), EscapedWait("alex waits", [("file.py", 3)]), UnknownTask("a", "b")]
)
def test_an_error_of_ours_arrives_whole(error):
    arrived = CellFailure.of(error).error("there")
    assert (type(arrived), str(arrived)) == (type(error), str(error))
    assert {**vars(arrived), "__notes__": None} == {**vars(error), "__notes__": None}


def test_an_exception_arrives_with_what_it_had_and_where_it_was():
    error = UnknownTask("feedback", " is not pending").at("alex", 7)
    error.add_note("a note")
    arrived = CellFailure.of(error).error("there")
    assert (type(arrived), str(arrived)) == (UnknownTask, str(error))
    assert arrived.__notes__[:2] == ["a note", "there"]


class WithTwoWords(Exception):
    def __init__(self, first, second):
        super().__init__(first + second)


@pytest.mark.parametrize("error", [WithTwoWords("one", "two"), SystemExit(3), ValueError(lambda: None)])
def test_what_would_not_arrive_in_one_piece_is_told_by_another(error):
    arrived = CellFailure.of(error).error("there")
    assert type(arrived) is OfficeError
    assert str(arrived).startswith("a cell raised ")
    assert type(error).__name__ in str(arrived)
