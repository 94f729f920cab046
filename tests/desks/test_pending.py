import pytest
from hypothesis import given
from hypothesis import strategies as st

from office.desks import PendingTable, TableStatistics
from office.errors import DuplicateTask, RefusedMessage, UnknownTask

task_ids = st.one_of(st.integers(-3, 6), st.sampled_from(["first", "second"]))


def callback_of(task_id):
    return lambda feedback: (task_id, feedback)


@given(st.lists(st.tuples(st.sampled_from(["file", "take"]), task_ids)))
def test_a_table_holds_what_was_filed_and_not_taken_and_knows_the_oldest_and_the_peak(events):
    table, expected, peak = PendingTable(), {}, 0
    for event, task_id in events:
        if event == "take" and task_id in expected:
            assert table[task_id] is expected.pop(task_id)
            del table[task_id]
        elif event == "file" and task_id not in expected:
            expected[task_id] = callback_of(task_id)
            table.file(task_id, expected[task_id])
        else:
            with pytest.raises(UnknownTask if event == "take" else DuplicateTask):
                table[task_id] if event == "take" else table.file(task_id, callback_of(task_id))
        peak = max(peak, len(expected))
        assert list(table.items()) == list(expected.items())
        assert table.statistics == TableStatistics(len(expected), peak, next(iter(expected), None))


def test_the_peak_stays_when_the_table_empties_and_fills_again():
    table, peaks = PendingTable(), []
    for task_id in (1, 2):
        table.file(task_id, callback_of(task_id))
    del table[1], table[2]
    for task_id in (3, 4, 5):
        table.file(task_id, callback_of(task_id))
        peaks.append(table.peak)
    assert peaks == [2, 2, 3]


def test_two_tables_have_each_their_own_peak():
    full, empty = PendingTable(), PendingTable()
    full.file(1, callback_of(1))
    assert (full.peak, empty.peak, PendingTable.peak) == (1, 0, 0)


def test_a_refused_callback_does_not_replace_the_one_on_file():
    table, first = PendingTable(), callback_of(4)
    table.file(4, first)
    with pytest.raises(DuplicateTask) as caught:
        table.file(4, callback_of(4))
    assert str(caught.value) == "task 4 is already pending"
    assert table[4] is first
    assert table.peak == 1


def test_looking_up_a_task_leaves_it_pending():
    table = PendingTable()
    table.file(4, callback_of(4))
    assert table[4]("bolder") == table[4]("bolder") == (4, "bolder")


@pytest.mark.parametrize(
    ("pending", "shown"),
    [
        ([], "none"),
        ([3], "3"),
        ([4, 3], "4, 3"),
        (["first", 0], "first, 0"),
        (range(10), "0, 1, 2, 3, 4, 5, 6, 7, 8, 9"),
        (range(11), "0, 1, 2, 3, 4, 5, 6, 7, 8, 9, …"),
        (range(1000), "0, 1, 2, 3, 4, 5, 6, 7, 8, 9, …"),
    ],
)
def test_an_unknown_task_is_told_with_those_that_are_pending_and_no_more_than_ten(pending, shown):
    table = PendingTable()
    for task_id in pending:
        table.file(task_id, callback_of(task_id))
    with pytest.raises(UnknownTask) as caught:
        table[-9]
    assert str(caught.value) == f"feedback for task -9, which is not pending here (pending: {shown})"


def test_a_task_id_of_letters_is_quoted():
    with pytest.raises(UnknownTask, match=r"^feedback for task 'first', which is not pending here"):
        PendingTable()["first"]


def test_an_unknown_task_can_be_caught_as_a_lookup_error():
    for kind in (LookupError, RefusedMessage):
        with pytest.raises(kind):
            PendingTable()[9]


def test_statistics_are_of_their_moment():
    table = PendingTable()
    before = table.statistics
    table.file("first", callback_of("first"))
    assert before == TableStatistics(size=0, peak=0, oldest=None)
    with pytest.raises(AttributeError):
        before.size = 1
