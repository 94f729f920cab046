import os
import subprocess
import sys
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import office
from office.journal import NO_CAUSE, Journal
from tests.journal.journals import entries, journal_of, messages, read, task_ids


@given(messages)
def test_the_columns_say_what_was_recorded(rows):
    journal = journal_of(rows)
    assert read(journal) == [(sent, sent + took, link, task) for sent, took, link, task, _ in rows]
    assert {column.dtype for column in journal.mail} == {np.dtype(np.int64)}


@given(st.lists(task_ids, min_size=1, max_size=20))
def test_a_task_id_comes_back_as_it_was_and_has_one_number_of_its_own(ids):
    journal = journal_of([(0, 0, 0, task) for task in ids])
    codes = journal.mail.task.tolist()
    back = [journal.task_id(code) for code in codes]
    assert back == ids
    assert [type(task) for task in back] == [type(task) for task in ids]
    assert len(set(codes)) == len(set(ids))


@given(st.integers(-(2**62), 2**63 - 1))
def test_a_task_id_that_is_a_number_is_its_own_number(task):
    assert journal_of([(0, 0, 0, task)]).mail.task.tolist() == [task]


@given(st.lists(messages, max_size=5), messages)
def test_columns_handed_out_do_not_change_later(batches, more):
    journal = journal_of([])
    kept, copies = [], []
    for batch in [*batches, more * 100]:
        journal.record(entries(batch))
        kept.append(journal.mail)
        copies.append([column.copy() for column in kept[-1]])
    for mail, then in zip(kept, copies, strict=True):
        for column, copy, now in zip(mail, then, journal.mail, strict=True):
            assert np.array_equal(column, copy)
            assert np.array_equal(column, now[: len(column)])


@given(st.lists(messages, max_size=6))
def test_in_batches_or_all_at_once_is_the_same_journal(batches):
    in_batches = journal_of([])
    for batch in batches:
        in_batches.record(entries(batch, len(in_batches)))
        assert len(in_batches.mail.sent) == len(in_batches)
    at_once = journal_of([row for batch in batches for row in batch])
    assert in_batches.to_bytes() == at_once.to_bytes()


@given(messages, messages, st.randoms())
def test_what_is_still_on_its_way_comes_last_in_order_of_when_it_was_due(arrived, on_their_way, rng):
    late = entries(on_their_way)
    mixed = rng.sample(late, len(late))
    journal = journal_of(arrived)
    journal.close(mixed)
    messages_read = read(journal)
    assert messages_read[: len(arrived)] == read(journal_of(arrived))
    assert messages_read[len(arrived) :] == [
        (sent, -1, link, task) for _, link, _, sent, task, *_ in sorted(late, key=lambda entry: entry[:3])
    ]
    assert sum(line.startswith(b'["in flight",') for line in journal.to_bytes().splitlines()[1:]) == len(late)


@given(messages, messages, st.randoms())
def test_what_was_lost_comes_after_all_else_in_order_of_when_it_was_sent(arrived, lost, rng):
    journal = journal_of(arrived, arrived)
    rows = [(sent, link, mark, task, cause) for _, link, mark, sent, task, _, cause in entries(lost)]
    for message in rng.sample(rows, len(rows)):
        journal.record_lost(message)
    assert len(journal.mail.sent) == 2 * len(arrived)
    journal.close([])
    mail = journal.mail
    assert mail.lost.tolist() == [False] * 2 * len(arrived) + [True] * len(lost)
    assert read(journal)[2 * len(arrived) :] == [
        (sent, -1, link, task) for sent, link, _, task, _ in sorted(rows, key=lambda row: row[:3])
    ]


def test_what_was_to_be_sent_after_the_end_is_not_in_the_journal():
    journal = journal_of([(0, 5, 0, 1)])
    journal.record_lost((9, 0, 64, 1, NO_CAUSE))
    journal.record_lost((4, 0, 64, 1, NO_CAUSE))
    journal.close([(30, 0, 128, 7, 2, None, NO_CAUSE), (30, 0, 192, 6, 3, None, NO_CAUSE)], end=6)
    assert journal.end == 6
    assert read(journal) == [(0, 5, 0, 1), (6, -1, 0, 3), (4, -1, 0, 1)]


def test_where_a_run_was_not_ended_at_a_time_what_was_sent_late_counts_and_ends_it():
    journal = journal_of([(0, 5, 0, 1)])
    journal.record_lost((9, 0, 64, 1, NO_CAUSE))
    journal.close([], now=7)
    assert journal.end == 9
    assert read(journal) == [(0, 5, 0, 1), (9, -1, 0, 1)]


def test_a_run_ends_with_the_last_arrival_even_where_that_came_to_no_reader():
    journal = journal_of([(0, 5, 0, 1)])
    journal.close([], end=3)
    assert journal.end == 5


def test_a_link_has_the_place_of_its_name():
    journal = journal_of([])
    assert [journal.place_of(name) for name in journal.link_names] == [0, 1]
    with pytest.raises(ValueError, match=r"no link is named 'bo\.inbox'"):
        journal.place_of("bo.inbox")


def test_a_journal_shows_how_much_is_in_it():
    journal = journal_of([(0, 1, 0, "a")] * 3)
    assert repr(journal) == "<Journal of 3 messages on 2 links>"
    assert len(journal) == 3


# Other processes

A_RUN = """
import sys
import tracemalloc
from tests.mail.networks import run_network
from office.mail import Delay
desks = [("at_once", 0, [9, 8, 7]), ("later", 5, []), ("busy", 3, [6])]
links = [(a, b, Delay(30, 6, "normal")) for a in range(3) for b in range(3)]
journal, _ = run_network((desks, links), seed=7, lookahead=True)
sys.stdout.buffer.write(journal.to_bytes())
"""


def test_another_process_with_other_hashes_writes_the_same_bytes():
    root = Path(office.__file__).parents[1]
    outputs = [
        subprocess.run(
            [sys.executable, "-c", A_RUN],
            cwd=root,
            env={**os.environ, "PYTHONHASHSEED": seed},
            stdout=subprocess.PIPE,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert outputs[0] == outputs[1]
    assert outputs[0].count(b"\n") > 20
    assert b"'" in outputs[0]  # there are task IDs in words


@pytest.mark.parametrize("task", [-(2**63), -(2**62) - 1])
def test_a_very_negative_task_id_comes_back_as_it_was(task):
    journal = Journal()
    journal.record([(5, 0, 1, 0, task, None, NO_CAUSE)])
    assert journal.task_id(int(journal.mail.task[0])) == task


def test_a_task_id_read_from_the_column_is_an_int():
    journal = Journal()
    journal.record([(5, 0, 1, 0, 7, None, NO_CAUSE)])
    assert type(journal.task_id(journal.mail.task[0])) is int


def test_a_message_takes_less_than_a_hundred_bytes():
    """Six columns of 8 bytes, and what the columns have in hand to grow."""
    rows = [(task, 10, task % 2, task) for task in range(100_000)]
    tracemalloc.start()
    journal = journal_of([])
    for begin in range(0, len(rows), 1000):
        journal.record(entries(rows[begin : begin + 1000], begin))
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert len(journal) == len(rows)
    assert 48 < held / len(rows) < 100
