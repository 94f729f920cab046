import json
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
from office.errors import BadJournal
from office.journal import COPIES, DAMAGED, MARK_BITS, NO_CAUSE, ONE_COPY, ONE_MORE, Journal, Learnt, LinkEnds

LINKS = [LinkEnds("alex.inbox", "client", "alex", "inbox", "inbox"), LinkEnds("alex.outbox", "alex", "client")]
LEAST = -(2**63)

times = st.integers(0, 2**62)
texts = st.text(max_size=8) | st.sampled_from(
    ["", "first\nsecond", '"quoted"', "\\", "\N{SNOWMAN}", "\u2028", "\ud800", "7"]
)
task_ids = (
    st.integers(-5, 5)
    | st.integers(-(2**62), 2**64)
    | st.integers(max_value=LEAST - 1)
    | st.integers(min_value=2**63)
    | texts
)
a_cause = st.builds(lambda link, mark: link << MARK_BITS | mark, st.integers(0, 1), st.integers(64, 2**40 - 1))
causes = st.just(NO_CAUSE) | a_cause
messages = st.lists(st.tuples(times, times, st.integers(0, 1), task_ids, causes), max_size=12)
"""(sent, taken for, link, task, cause)"""
losses = st.floats() | st.integers(-3, 3).map(float)
happenings = st.sampled_from(
    ["stalled", "crashed", "back", "forgotten", "stray", "results expired", "feedback expired", "replies expired"]
)


def entries(rows, first=0):
    """What the mailroom hands to the journal: arrived, link, mark, sent, task, body, cause."""
    return [
        (sent + took, link, ONE_MORE * (first + n + 1), sent, task, object(), cause)
        for n, (sent, took, link, task, cause) in enumerate((*row, NO_CAUSE)[:5] for row in rows)
    ]


def journal_of(arrived, in_flight=(), said=(), work=(), incidents=(), lost=(), learnt=(), **head):
    journal = Journal(**head)
    journal.links, journal.desks = list(LINKS), ["client", "alex", "bo"]
    journal.record(entries(arrived))
    for _, link, mark, sent, task, _, cause in entries(lost, len(arrived) + len(in_flight)):
        journal.record_lost((sent, link, mark, task, cause))
    if in_flight or lost:
        journal.record_in_flight(entries(in_flight, len(arrived)))
    journal.said += said
    for desk, *row in work:
        journal.work.setdefault(desk, []).append(tuple(row))
    for desk, *row in incidents:
        journal.incidents.setdefault(desk, []).append(tuple(row))
    for desk, row in learnt:
        journal.learnt.setdefault(desk, []).append(row)
    return journal


def read(journal):
    mail = journal.mail
    columns = [column.tolist() for column in mail[:4]]
    return [(sent, arrived, link, journal.task_id(task)) for sent, arrived, link, task in zip(*columns, strict=True)]


counts, sizes = st.integers(0, 2**63), st.none() | st.floats(0) | st.integers(0, 10**30)
rows_learnt = st.builds(Learnt, times, task_ids, counts, counts, sizes, sizes)
journals = st.builds(
    journal_of,
    messages,
    messages,
    st.lists(st.tuples(times, task_ids, losses), max_size=4),
    st.lists(st.tuples(st.sampled_from(["alex", "bo"]), task_ids, times, times), max_size=4),
    st.lists(st.tuples(st.sampled_from(["client", "alex", "bo"]), times, happenings, st.none() | task_ids), max_size=4),
    messages,
    st.lists(st.tuples(st.sampled_from(["alex", "bo"]), rows_learnt), max_size=4),
    seed=st.integers(0, 2**64),
    mail=st.dictionaries(st.sampled_from([link.name for link in LINKS]), st.text(max_size=5)),
)


@given(journals)
def test_a_journal_saved_and_loaded_is_the_same_byte_for_byte(tmp_path_factory, journal):
    path = tmp_path_factory.mktemp("journal") / "run.jsonl"
    journal.save(path)
    assert path.read_bytes() == journal.to_bytes()
    again = Journal.load(path)
    assert again.to_bytes() == journal.to_bytes()
    assert (again.head, again.links, again.desks) == (journal.head, journal.links, journal.desks)
    assert (again.work, again.incidents, again.learnt) == (journal.work, journal.incidents, journal.learnt)
    assert all(np.array_equal(one, other) for one, other in zip(again.mail, journal.mail, strict=True))
    assert read(again) == read(journal)
    assert len(again) == len(journal)
    assert repr(again.said) == repr(journal.said)  # NaN is not equal to itself


@given(journals)
def test_each_line_is_json_and_the_head_counts_them(journal):
    head, *rows = map(json.loads, journal.to_bytes().decode("ascii").splitlines())
    tables = head["tables"]
    assert [*head][-3:] == ["desks", "links", "tables"]
    by_desk = [sum(map(len, table.values())) for table in (journal.work, journal.incidents, journal.learnt)]
    assert {name: table["rows"] for name, table in tables.items()} == dict(
        zip(["mail", "said", "work", "incidents", "learnt"], [len(journal), len(journal.said), *by_desk], strict=True)
    )
    widths = [len(tables[name]["columns"]) for name in tables for _ in range(tables[name]["rows"])]
    assert list(map(len, rows)) == widths


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
    journal.record_in_flight(mixed)
    found = read(journal)
    assert found[: len(arrived)] == read(journal_of(arrived))
    assert found[len(arrived) :] == [
        (sent, -1, link, task) for _, link, _, sent, task, *_ in sorted(late, key=lambda entry: entry[:3])
    ]
    assert sum(b",null," in line for line in journal.to_bytes().splitlines()[1:]) >= len(late)


@given(messages, messages, st.randoms())
def test_what_was_lost_comes_after_all_else_in_order_of_when_it_was_sent(arrived, lost, rng):
    journal = journal_of(arrived, arrived)
    there = [(sent, link, mark, task, cause) for _, link, mark, sent, task, _, cause in entries(lost)]
    for message in rng.sample(there, len(there)):
        journal.record_lost(message)
    assert len(journal.mail.sent) == 2 * len(arrived)
    journal.record_in_flight([])
    mail = journal.mail
    assert mail.lost.tolist() == [False] * 2 * len(arrived) + [True] * len(lost)
    assert read(journal)[2 * len(arrived) :] == [
        (sent, -1, link, task) for sent, link, _, task, _ in sorted(there, key=lambda one: one[:3])
    ]


def test_a_mark_tells_which_message_it_was_and_what_became_of_it():
    journal = journal_of([])
    marks = [64, 128, 128 + 2 * 5, 192 + 1, 256 + 2 * 31 + 1]
    journal.record([(time, 0, mark, 0, time, None, NO_CAUSE) for time, mark in enumerate(marks)])
    journal.record_lost((0, 0, 320 + 2, 9, NO_CAUSE))
    journal.record_in_flight([])
    mail = journal.mail
    assert mail.number.tolist() == [1, 2, 2, 3, 4, 5]
    assert mail.copy.tolist() == [0, 0, 5, 0, 31, 1]
    assert mail.damaged.tolist() == [False, False, False, True, True, False]
    assert mail.lost.tolist() == [False] * 5 + [True]
    assert mail.read.tolist() == [True, True, False, False, False, False]


@st.composite
def copies(draw):
    """Copies of messages, none of them twice: link, number, copy, whether it is damaged, and what became of it."""
    which = st.tuples(st.integers(0, 1), st.integers(1, 4), st.integers(0, COPIES - 1) | st.integers(0, 3))
    return [
        (*one, draw(st.booleans()), draw(st.sampled_from(["arrived", "arrived", "under way", "lost"])))
        for one in draw(st.lists(which, max_size=30, unique=True))
    ]


@given(copies())
def test_of_several_copies_the_first_that_arrives_undamaged_is_read_and_nothing_else_is(made):
    journal, under_way = journal_of([]), []
    for time, (link, number, copy, damaged, fate) in enumerate(made):
        mark = ONE_MORE * number + ONE_COPY * copy + DAMAGED * damaged
        if fate == "lost":
            journal.record_lost((0, link, mark, number, NO_CAUSE))
        else:
            (journal.record if fate == "arrived" else under_way.extend)([(time, link, mark, 0, number, None, NO_CAUSE)])
    journal.record_in_flight(under_way)
    mail, had, expected = journal.mail, set(), []
    for arrived, link, mark in zip(mail.arrived.tolist(), mail.link.tolist(), mail.mark.tolist(), strict=True):
        message = link, abs(mark) // 64
        is_read = arrived >= 0 and abs(mark) % 2 == 0 and message not in had
        expected.append(is_read)
        if is_read:
            had.add(message)
    assert mail.read.tolist() == expected
    assert mail.number.tolist() == [abs(mark) // 64 for mark in mail.mark.tolist()]
    assert mail.copy.tolist() == [abs(mark) % 64 // 2 for mark in mail.mark.tolist()]
    assert mail.lost.sum() == sum(fate == "lost" for *_, fate in made)


def test_a_journal_shows_how_much_is_in_it():
    journal = journal_of([(0, 1, 0, "a")] * 3)
    assert repr(journal) == "<Journal of 3 messages on 2 links>"
    assert len(journal) == 3


# Damaged files


def lines():
    work, incidents = [("alex", 1, 5, 6)], [("bo", 7, "crashed", None)]
    journal = journal_of([(0, 5, 0, 1), (5, 5, 1, "two")], [(6, 9, 0, 3)], [(10, 1, 0.5)], work, incidents, seed=0)
    return journal.to_bytes().decode().splitlines(keepends=True)


def load(tmp_path, text):
    path = tmp_path / "run.jsonl"
    path.write_text(text, encoding="utf-8")
    return Journal.load(path)


def test_the_file_that_is_damaged_below_is_sound(tmp_path):
    assert load(tmp_path, "".join(lines())).to_bytes().decode() == "".join(lines())


@pytest.mark.parametrize("number", [1, 2, 5, 6])
@pytest.mark.parametrize("damage", ["no JSON at all", "", "[1,2", "{]"])
def test_a_line_that_is_no_json_is_named(tmp_path, number, damage):
    there = lines()
    there[number - 1] = f"{damage}\n"
    with pytest.raises(BadJournal, match=rf"run\.jsonl: line {number} is no JSON: "):
        load(tmp_path, "".join(there))


def test_a_file_cut_off_anywhere_is_no_journal(tmp_path):
    whole = "".join(lines())
    for end in range(len(whole) - 1):  # the last newline alone may go
        with pytest.raises(BadJournal, match=r"run\.jsonl: (line \d+ is |the tables are not as the head says)"):
            load(tmp_path, whole[:end])


@pytest.mark.parametrize("head", ['{"format":"office journal 1"}', "{}", "[]", "7", '"office journal 5"', "null"])
def test_a_file_with_another_head_is_no_journal(tmp_path, head):
    with pytest.raises(BadJournal, match=r"line 1 is not the head of an office journal 5"):
        load(tmp_path, "".join([f"{head}\n", *lines()[1:]]))


@pytest.mark.parametrize("missing", ["desks", "links", "tables"])
def test_a_head_that_lacks_something_is_no_head(tmp_path, missing):
    head = json.loads(lines()[0])
    del head[missing]
    with pytest.raises(BadJournal, match=f"the tables are not as the head says: .*{missing}"):
        load(tmp_path, "".join([f"{json.dumps(head)}\n", *lines()[1:]]))


@pytest.mark.parametrize(
    "change", [lambda rows: rows[:-1], lambda rows: rows[1:], lambda rows: [*rows, rows[-1]], lambda _: []]
)
def test_other_than_the_promised_number_of_rows_is_no_journal(tmp_path, change):
    head, *rows = lines()
    there = change(rows)
    with pytest.raises(BadJournal, match=f"{len(there)} rows where 6 were promised"):
        load(tmp_path, "".join([head, *there]))


@pytest.mark.parametrize("number", [2, 3, 4, 5, 6, 7])
@pytest.mark.parametrize("row", ["[1,2]", "[1,2,3,4,5,6]", "7", "null", "{}"])
def test_a_row_of_another_shape_is_no_row(tmp_path, number, row):
    there = lines()
    there[number - 1] = f"{row}\n"
    with pytest.raises(BadJournal):
        load(tmp_path, "".join(there))


@pytest.mark.parametrize(
    "row", ['["a",1,0,1,4]', '[1,"b",0,1,4]', "[1,2,0.5,1,4]", "[1,2,0,[1],4]", "[null,2,0,1,4]", "[1,2,0,1,null]"]
)
def test_a_message_whose_times_are_no_numbers_is_no_row(tmp_path, row):
    there = lines()
    there[1] = f"{row}\n"
    with pytest.raises(BadJournal):
        load(tmp_path, "".join(there))


def test_an_empty_file_is_no_journal_and_a_missing_one_is_missing(tmp_path):
    with pytest.raises(BadJournal, match="line 1 is not the head"):
        load(tmp_path, "")
    with pytest.raises(FileNotFoundError):
        Journal.load(tmp_path / "nowhere.jsonl")


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
    found = [
        subprocess.run(
            [sys.executable, "-c", A_RUN],
            cwd=root,
            env={**os.environ, "PYTHONHASHSEED": seed},
            stdout=subprocess.PIPE,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert found[0] == found[1]
    assert found[0].count(b"\n") > 20
    assert b"'" in found[0]  # there are task IDs in words


@pytest.mark.parametrize("task", [-(2**63), -(2**62) - 1])
def test_a_very_negative_task_id_comes_back_as_it_was(task):
    journal = Journal()
    journal.record([(5, 0, 1, 0, task, None, NO_CAUSE)])
    assert journal.task_id(int(journal.mail.task[0])) == task


def test_a_task_id_read_from_the_column_is_an_int():
    journal = Journal()
    journal.record([(5, 0, 1, 0, 7, None, NO_CAUSE)])
    assert type(journal.task_id(journal.mail.task[0])) is int


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b"[" * 100_000])
def test_any_file_is_a_journal_or_a_bad_journal(tmp_path, data):
    (tmp_path / "x").write_bytes(data)
    with pytest.raises(BadJournal):
        Journal.load(tmp_path / "x")


IMPOSSIBLE = ["[0,1,99,1,4]", "[0,-1,0,1,4]", "[-5,1,0,1,4]", "[0,1,0,true,4]", "[0,1,0,1.5,4]", "[0,1,0,null,4]"]
IMPOSSIBLE += ["[0,1,0,1]", "[0,1,0,1,true]", "[0,1,0,1,1.5]", '[0,1,0,1,"4"]']


def one_message(row):
    row = f"{row[:-1]},null,null]"
    tables = {name: {"rows": int(name == "mail")} for name in ("mail", "said", "work", "incidents", "learnt")}
    head = {"format": "office journal 5", "desks": [], "links": [["a", "", "", "", ""]], "tables": tables}
    return f"{json.dumps(head)}\n{row}\n"


@pytest.mark.parametrize("row", IMPOSSIBLE)
def test_a_message_that_cannot_be_is_no_row(tmp_path, row):
    with pytest.raises(BadJournal):
        load(tmp_path, one_message(row))


def test_a_message_that_can_be_is_a_row(tmp_path):
    assert len(load(tmp_path, one_message("[0,1,0,1,64]"))) == 1


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


@pytest.mark.parametrize(
    ("table", "row"),
    [
        ("said", ["soon", 1, 0.5]),
        ("said", [1, None, 0.5]),
        ("said", [1, 1, "much"]),
        ("work", ["nobody", 1, 0, 1]),
        ("work", ["alex", 1, -1, 1]),
        ("work", ["alex", [1], 0, 1]),
        ("incidents", ["alex", "soon", "stray", 1]),
        ("incidents", ["alex", 1, 7, 1]),
        ("incidents", ["alex", 1, "stray", 1.5]),
        ("incidents", ["nobody", 1, "stalled", None]),
        ("learnt", ["nobody", 1, 1, 0, 1, 1.0, None]),
        ("learnt", ["alex", -1, 1, 0, 1, 1.0, None]),
        ("learnt", ["alex", 1, None, 0, 1, 1.0, None]),
        ("learnt", ["alex", 1, 1, -1, 1, 1.0, None]),
        ("learnt", ["alex", 1, 1, 0, 0.5, 1.0, None]),
        ("learnt", ["alex", 1, 1, 0, 1, -1.0, None]),
        ("learnt", ["alex", 1, 1, 0, 1, 1.0, "small"]),
        ("learnt", ["alex", 1, 1, 0, 1, True, None]),
    ],
)
def test_what_cannot_have_been_said_done_suffered_or_learnt_is_no_journal(tmp_path, table, row):
    tables = {name: {"rows": int(name == table)} for name in ("mail", "said", "work", "incidents", "learnt")}
    head = {"format": "office journal 5", "desks": ["alex"], "links": [], "tables": tables}
    path = tmp_path / "doctored.jsonl"
    path.write_text(f"{json.dumps(head)}\n{json.dumps(row)}\n", encoding="utf-8")
    with pytest.raises(BadJournal, match="cannot be"):
        Journal.load(path)
