import json
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given

from office import Worker, open_office
from office.errors import BadJournal
from office.journal import Incident, Journal, Learnt, Loss, Work
from tests.engines.building import office_of
from tests.engines.offices import EITHER, offices, troubled_offices
from tests.engines.test_causes import ROUGH
from tests.journal.journals import journal_of, journals, read

TABLES = "mail", "losses", "work", "incidents", "learnt", "lost", "in flight"
TIME = {"mail": 2, "losses": 1, "work": 4, "incidents": 2, "learnt": 2, "lost": 1}
"""Which cell of a row is the time by which it has its place."""


@given(journals)
def test_a_journal_saved_and_loaded_is_the_same_byte_for_byte(tmp_path_factory, journal):
    path = tmp_path_factory.mktemp("journal") / "run.jsonl"
    journal.save(path)
    assert path.read_bytes() == journal.to_bytes()
    again = Journal.load(path)
    assert again.to_bytes() == journal.to_bytes()
    assert (again.head, again.links, again.desks) == (journal.head, journal.links, journal.desks)
    assert (again.work, again.incidents, again.learnt) == (journal.work, journal.incidents, journal.learnt)
    assert all(np.array_equal(read, written) for read, written in zip(again.mail, journal.mail, strict=True))
    assert read(again) == read(journal)
    assert (len(again), again.end, again.order) == (len(journal), journal.end, journal.order)
    assert repr(again.losses) == repr(journal.losses)  # NaN is not equal to itself


def rows_of(journal):
    head, *rows, tail = map(json.loads, journal.to_bytes().decode("ascii").splitlines())
    return head, rows, tail


@given(journals)
def test_each_line_is_json_the_head_names_the_columns_and_the_last_line_counts_the_rows(journal):
    head, rows, tail = rows_of(journal)
    assert [*head][-3:] == ["desks", "links", "tables"]
    assert all(len(row) == 1 + len(head["tables"][row[0]]) for row in rows)
    assert tail["rows"] == {table: sum(row[0] == table for row in rows) for table in TABLES}
    by_desk = [sum(map(len, table.values())) for table in (journal.work, journal.incidents, journal.learnt)]
    assert [tail["rows"][table] for table in TABLES[2:5]] == by_desk
    assert tail["rows"]["mail"] + tail["rows"]["lost"] + tail["rows"]["in flight"] == len(journal)


@given(journals)
def test_each_row_is_on_its_line(journal):
    lines, numbers = list(journal.lines()), journal.line_numbers()
    assert sorted(line for table in numbers.values() for line in table.values()) == [*range(2, len(lines))]
    for place, loss in enumerate(journal.losses):
        assert lines[numbers["losses"][place] - 1] == json.dumps(["losses", *loss], separators=(",", ":"))
    for place, sent in enumerate(journal.mail.sent.tolist()):
        assert f",{sent}," in lines[numbers["mail"][place] - 1]


@given(offices() | troubled_offices(ROUGH, EITHER))
def test_rows_come_in_the_order_of_time_and_none_is_later_than_the_end(data):
    run, _ = office_of(data)
    if isinstance(run, str):
        return
    head, rows, tail = rows_of(run.journal)
    placed = [row for row in rows if row[0] != "in flight"]
    assert rows[: len(placed)] == placed
    keys = [(row[TIME[row[0]]], TABLES.index(row[0])) for row in placed]
    assert keys == sorted(keys)
    for row, after in pairwise(placed):
        if key_of(row) == key_of(after) and row[0] in ("work", "incidents", "learnt"):
            assert head["desks"].index(row[1]) <= head["desks"].index(after[1])
    assert tail["end"] == run.journal.end >= run.time
    assert all(time <= tail["end"] for time, _ in keys)
    assert all(row[1] <= tail["end"] for row in rows[len(placed) :])


def key_of(row):
    return row[TIME[row[0]]], row[0]


async def test_the_head_is_known_before_the_run():
    async with open_office(Worker(lambda task: (task, lambda feedback: feedback), "alex"), mail="delay 5ms") as office:
        head = next(iter(office.journal.lines()))
        await office.inbox.send((1, "task"))
        await office.outbox.receive()
        await office.feedback_from_above.send((1, "feedback"))
    assert next(iter(office.journal.lines())) == head
    assert json.loads(head)["links"][0] == ["alex.inbox", "client", "alex", "inbox", "inbox"]


# Damaged files

LINE = {
    "mail": ["mail", 0, 5, 0, 1, 64, None, None],
    "losses": ["losses", 10, 1, 0.5],
    "work": ["work", "alex", 1, 5, 6],
    "incidents": ["incidents", "bo", 7, "crashed", None],
    "learnt": ["learnt", "alex", 8, 1, 0, 1, 1.0, None],
    "lost": ["lost", 9, 1, "two", 64, 0, 64],
    "in flight": ["in flight", 10, 1, 1, 128, 0, 64],
}
"""A possible row of each table."""


def sound():
    journal = journal_of(
        [(0, 5, 0, 1)], losses=[(10, 1, 0.5)], work=[("alex", 1, 5, 6)], incidents=[("bo", 7, "crashed", None)],
        learnt=[("alex", Learnt(8, 1, 0, 1, 1.0, None))], end=10, seed=0,
    )  # fmt: skip
    cause = 0 << 40 | 64
    journal.record_unread([(10, 1, 1, 128, cause), (9, 1, "two", -64, cause)])
    return journal


def lines():
    return sound().to_bytes().decode().splitlines(keepends=True)


def load(tmp_path, text):
    path = tmp_path / "run.jsonl"
    path.write_text(text, encoding="utf-8")
    return Journal.load(path)


def with_row(table, row):
    """The file with another row in place of that of a table."""
    damaged = lines()
    (place,) = [place for place, line in enumerate(damaged) if line.startswith(f'["{table}",')]
    damaged[place] = f"{row if isinstance(row, str) else json.dumps(row)}\n"
    return place + 1, "".join(damaged)


def test_the_file_that_is_damaged_below_is_sound(tmp_path):
    journal = load(tmp_path, "".join(lines()))
    assert journal.to_bytes().decode() == "".join(lines())
    assert [json.loads(line)[0] for line in lines()[1:-1]] == [*TABLES[:1], *TABLES[2:5], "lost", "losses", "in flight"]
    assert sorted(map(json.loads, lines()[1:-1]), key=lambda row: TABLES.index(row[0])) == list(LINE.values())
    assert (journal.losses, journal.work) == ([Loss(10, 1, 0.5)], {"alex": [Work(1, 5, 6)]})
    assert journal.incidents == {"bo": [Incident(7, "crashed", None)]}


@pytest.mark.parametrize("number", [1, 2, 5, 6])
@pytest.mark.parametrize("damage", ["no JSON at all", "", "[1,2", "{]"])
def test_a_line_that_is_no_json_is_named(tmp_path, number, damage):
    damaged = lines()
    damaged[number - 1] = f"{damage}\n"
    with pytest.raises(BadJournal, match=rf"run\.jsonl: line {number} is no JSON: "):
        load(tmp_path, "".join(damaged))


def test_a_file_cut_off_anywhere_is_no_journal(tmp_path):
    whole = "".join(lines())
    for end in range(len(whole) - 1):  # the last newline alone may go
        with pytest.raises(BadJournal, match=r"run\.jsonl(: line \d+ is | was cut off after line \d+: the last line)"):
            load(tmp_path, whole[:end])
    with pytest.raises(BadJournal, match=r"was cut off after line 8: the last line of a journal is missing"):
        load(tmp_path, "".join(lines()[:-1]))


def test_nothing_comes_after_the_last_line(tmp_path):
    damaged = lines()
    with pytest.raises(BadJournal, match="line 10 comes after the last line"):
        load(tmp_path, "".join([*damaged, damaged[1]]))


@pytest.mark.parametrize("head", ['{"format":"office journal 4"}', "{}", "[]", "7", '"office journal 5"', "null"])
def test_a_file_with_another_head_is_no_journal(tmp_path, head):
    with pytest.raises(BadJournal, match=r"line 1 is not the head of an office journal 5"):
        load(tmp_path, "".join([f"{head}\n", *lines()[1:]]))


@pytest.mark.parametrize("missing", ["desks", "links", "tables"])
def test_a_head_that_lacks_something_is_no_head(tmp_path, missing):
    head = json.loads(lines()[0])
    del head[missing]
    with pytest.raises(BadJournal, match=f"line 1 lacks {missing}"):
        load(tmp_path, "".join([f"{json.dumps(head)}\n", *lines()[1:]]))


@pytest.mark.parametrize(
    "change",
    [
        {"links": [["a", "b"], 7]},
        {"links": [["a", "b", "c", "inbox", 5]]},
        {"links": [["a", "b", "c", "inbox", "mailbox"]]},
        {"links": 3},
        {"desks": [1]},
        {"desks": None},
        {"tables": {}},
        {"weights": {"alex": 88}},
    ],
)
def test_a_head_with_something_else_in_its_place_is_no_head(tmp_path, change):
    head = json.loads(lines()[0]) | change
    with pytest.raises(BadJournal, match="line 1 has other desks, links, settings, weights or tables"):
        load(tmp_path, "".join([f"{json.dumps(head)}\n", *lines()[1:]]))


def test_the_last_line_counts_the_rows_that_there_are(tmp_path):
    damaged = lines()
    with pytest.raises(BadJournal, match="line 8 does not count the 0 rows of mail that there are"):
        load(tmp_path, "".join([damaged[0], *damaged[2:]]))


@pytest.mark.parametrize(
    "change", [{"end": -1}, {"end": "soon"}, {"order": 7}, {"rows": 8}, {"rows": {}}, {"more": 1}], ids=repr
)
def test_a_last_line_with_something_else_in_its_place_is_none(tmp_path, change):
    tail = json.loads(lines()[-1]) | change
    with pytest.raises(BadJournal, match="line 9 "):
        load(tmp_path, "".join([*lines()[:-1], f"{json.dumps(tail)}\n"]))


@pytest.mark.parametrize(
    "diverged",
    [7, [], [1], {}, "", "nan", [10, "alex", 3], [10, "alex", 3, 4], [10, None, 3, "NaN"], [10, "alex", [], "NaN"],
     [9, "alex", 3, "NaN"], [10, "nobody", 3, "NaN"]],
    ids=repr,
)  # fmt: skip
def test_a_last_line_that_says_of_no_possible_run_where_it_diverged_is_none(tmp_path, diverged):
    tail = json.loads(lines()[-1]) | {"diverged": diverged}
    with pytest.raises(BadJournal, match="line 9 "):
        load(tmp_path, "".join([*lines()[:-1], f"{json.dumps(tail)}\n"]))


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("row", ["[1,2]", "[1,2,3,4,5,6]", "7", "null", "[]", "[[]]", '["weather",1]'])
def test_a_row_of_no_table_is_no_row(tmp_path, table, row):
    number, text = with_row(table, row)
    with pytest.raises(BadJournal, match=f"line {number} is no possible row of any table: "):
        load(tmp_path, text)


IMPOSSIBLE = [
    *(("mail", place, cell) for place in (1, 2) for cell in (-5, "a", 1.5, None, True)),
    *((table, place, cell) for table, place in (("mail", 3), ("lost", 2)) for cell in (2, -1, True, None, "0")),
    *((table, place, cell) for table, place in (("mail", 4), ("lost", 3)) for cell in (True, 1.5, None, [1])),
    *((table, place, cell) for table, place in (("mail", 5), ("in flight", 4)) for cell in (True, 0, -64, 2**40, "4")),
    ("mail", 1, 6),
    ("mail", 6, 0),
    ("mail", 7, 64),
    ("lost", 5, 2),
    ("lost", 6, None),
    ("losses", 1, "soon"),
    ("losses", 2, None),
    ("losses", 3, "much"),
    ("losses", 3, True),
    ("work", 1, "nobody"),
    ("work", 1, 5),
    ("work", 1, ""),
    ("work", 2, [1]),
    ("work", 3, -1),
    ("work", 3, 7),
    ("incidents", 1, "nobody"),
    ("incidents", 2, "soon"),
    ("incidents", 3, 7),
    ("incidents", 3, "rained"),
    ("incidents", 3, ["stray"]),
    ("incidents", 4, 1.5),
    ("learnt", 1, "nobody"),
    ("learnt", 2, -1),
    ("learnt", 3, None),
    ("learnt", 4, -1),
    ("learnt", 5, 0.5),
    ("learnt", 6, -1.0),
    ("learnt", 7, "small"),
    ("learnt", 6, True),
]


@pytest.mark.parametrize(("table", "place", "cell"), IMPOSSIBLE)
def test_a_row_that_no_run_has_is_named_with_its_table_and_line(tmp_path, table, place, cell):
    row = list(LINE[table])
    row[place] = cell
    number, text = with_row(table, row)
    with pytest.raises(BadJournal, match=f"line {number} is no possible row of {table}: "):
        load(tmp_path, text)


@pytest.mark.parametrize("table", TABLES)
def test_a_row_with_a_cell_less_or_more_is_no_row(tmp_path, table):
    for row in (LINE[table][:-1], [*LINE[table], 1]):
        number, text = with_row(table, row)
        with pytest.raises(BadJournal, match=f"line {number} is no possible row of {table}: "):
            load(tmp_path, text)
    assert load(tmp_path, with_row(table, LINE[table])[1]).to_bytes() == sound().to_bytes()


def test_an_empty_file_is_no_journal_and_a_missing_one_is_missing(tmp_path):
    with pytest.raises(BadJournal, match="line 1 is not the head"):
        load(tmp_path, "")
    with pytest.raises(FileNotFoundError):
        Journal.load(tmp_path / "nowhere.jsonl")


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b"[" * 100_000])
def test_any_file_is_a_journal_or_a_bad_journal(tmp_path, data):
    (tmp_path / "x").write_bytes(data)
    with pytest.raises(BadJournal):
        Journal.load(tmp_path / "x")
