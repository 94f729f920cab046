import pytest

from office.engines.grids.at_work import Failure, work
from office.engines.grids.grid_files import home_of
from office.errors import OfficeError, StaleFeedback, UnknownTask
from tests.engines.grids import small_grids


def test_work_says_what_was_found_or_how_it_failed():
    assert work(home_of(small_grids.divides), {"by": 2}, 5) == '{"quotient": 2.5}'
    failure = work(home_of(small_grids.divides), {"by": 0}, 5)
    assert isinstance(failure.error("there"), ZeroDivisionError)
    assert work(home_of(small_grids.divides), {"other": 0}, 5).error("there").args == (
        "divides() got an unexpected keyword argument 'other'",
    )


def test_an_exception_arrives_with_what_it_had_and_where_it_was():
    error = UnknownTask("feedback", " is not pending").at("alex", 7)
    error.add_note("a note")
    arrived = Failure.of(error).error("there")
    assert (type(arrived), str(arrived)) == (UnknownTask, str(error))
    assert arrived.__notes__[:2] == ["a note", "there"]


@pytest.mark.parametrize("error", [StaleFeedback(3), SystemExit(3), ValueError(lambda: None)])
def test_what_would_not_arrive_in_one_piece_is_told_by_another(error):
    arrived = Failure.of(error).error("there")
    assert type(arrived) is OfficeError
    assert str(arrived).startswith("a cell raised ")
    assert type(error).__name__ in str(arrived)
