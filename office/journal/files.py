"""Journals as files: JSON Lines that can be written while the run goes on, and are read line by line.

The first line is the head: what is known before the run. Then comes a row a line, of all tables together, in the order
of time (see `rows_in_order`): a list that begins with the name of its table. The last line says what is known only at
the end: when the run ended, the order of delivery, if one was chosen, where the run diverged, if it did, what became of
the weights of each desk that has some, and how many rows each table has. A file without it was cut off.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from heapq import merge
from itertools import count
from operator import itemgetter
from typing import Any, BinaryIO, NamedTuple, Protocol, TypeAlias

from office.errors import BadJournal
from office.ids import CLIENT
from office.journal.mail import NO_CAUSE, NOT_ARRIVED, Columns, link_and_mark
from office.journal.tables import (
    BY_DESK,
    TABLES,
    Divergence,
    Incident,
    Learnt,
    LinkEnds,
    Loss,
    Steps,
    Work,
    are_desks,
    are_facts,
    are_links,
    is_number,
)

__all__ = ["Head", "PlacedRow", "Records", "Tail", "json_lines", "parsed", "read_head", "read_rows", "rows_in_order"]

FORMAT = "office journal 5"
MAIL, LOST, IN_FLIGHT, END = "mail", "lost", "in flight", "end"
OF_MAIL = MAIL, LOST, IN_FLIGHT
OTHER_FORMAT = re.compile(r"office journal \w+")
LONGEST_LINE = 1 << 26
"""Bytes of a line, at most."""
SHOWN = 200
"""So many characters of a bad row are shown."""

PlacedRow: TypeAlias = tuple[int, str, int, tuple[Any, ...]]
"""A row of a file: its time (ns), its table in memory, its place there, and the row itself."""

TIME = itemgetter(0)
RANKS = {table: rank for rank, table in enumerate(TABLES)}
_json = json.JSONEncoder(separators=(",", ":"), ensure_ascii=True).encode


class Records(Protocol):
    """What a file is written from: a journal."""

    head: dict[str, Any]
    desks: list[str]
    links: list[LinkEnds]
    columns: Columns
    losses: list[Loss]
    work: dict[str, list[Work]]
    incidents: dict[str, list[Incident]]
    learnt: dict[str, list[Learnt]]
    end: int | None
    order: str | None
    diverged: Divergence | None
    steps: dict[str, Steps]


class Head(NamedTuple):
    """What a journal says first."""

    facts: dict[str, Any]
    desks: list[str]
    links: list[LinkEnds]


class Tail(NamedTuple):
    """What a journal says last."""

    end: int | None
    order: str | None
    rows: dict[str, int]
    diverged: Divergence | None = None
    steps: dict[str, Steps] | None = None
    """What became of the weights of each desk that has some; None where none has."""


def json_lines(journal: Records) -> Iterator[str]:
    """A journal, line by line, without line ends."""
    yield _json(
        {"format": FORMAT, **journal.head, "desks": journal.desks, "links": journal.links, "tables": _columns()}
    )
    counts = Counter(dict.fromkeys(TABLES, 0))
    for _, _, _, row in rows_in_order(journal):
        counts[row[0]] += 1
        yield _json(row)
    yield _json(Tail(journal.end, journal.order, counts, journal.diverged, journal.steps or None)._asdict())


def rows_in_order(journal: Records) -> Iterator[PlacedRow]:
    """The rows of all tables, in the order in which a file has them.

    That is the order of time: of the "mail" when it arrived, of the "lost" when it was sent, of "work" when it ended.
    At one time the tables come in the order of `TABLES`, within a table the desks in the order of the head, and what
    one desk recorded as it recorded it; so does mail. What was still "in flight" comes last, in the order in which it
    was due. A message has its place in `Journal.mail`; rows of a table by desk are counted desk after desk.
    """
    columns = journal.columns
    unread = [place for place, arrived in enumerate(columns.arrived) if arrived == NOT_ARRIVED]
    lost = [_unread(columns, place, LOST) for place in unread if columns.mark[place] < 0]
    others = merge(*_other_tables(journal), lost, key=TIME)
    other = next(others, None)
    for place, arrived in enumerate(columns.arrived):
        if arrived == NOT_ARRIVED:
            continue
        while other is not None and other[0] < arrived:
            yield other
            other = next(others, None)
        link, mark, task_id = columns.link[place], columns.mark[place], columns.task_id(columns.task[place])
        yield arrived, MAIL, place, (MAIL, columns.sent[place], arrived, link, task_id, mark, *_cause(columns, place))
    if other is not None:
        yield other
    yield from others
    yield from (_unread(columns, place, IN_FLIGHT) for place in unread if columns.mark[place] >= 0)


def _unread(columns: Columns, place: int, table: str) -> PlacedRow:
    sent, link, task_id = columns.sent[place], columns.link[place], columns.task_id(columns.task[place])
    return sent, MAIL, place, (table, sent, link, task_id, abs(columns.mark[place]), *_cause(columns, place))


def _cause(columns: Columns, place: int) -> tuple[int | None, int | None]:
    cause = columns.cause[place]
    return (None, None) if cause == NO_CAUSE else link_and_mark(cause)


def _other_tables(journal: Records) -> Iterator[Iterator[PlacedRow]]:
    """The rows of all other tables, those of one desk and table in one iterator."""
    yield ((time, "losses", place, ("losses", time, *rest)) for place, (time, *rest) in enumerate(journal.losses))
    by_desk: list[tuple[str, dict[str, list[Any]], int]] = [
        ("work", journal.work, Work._fields.index("end")),
        ("incidents", journal.incidents, 0),
        ("learnt", journal.learnt, 0),
    ]
    for table, desks, time in by_desk:
        first = 0
        for desk in journal.desks:
            rows = desks.get(desk, ())
            yield _of_desk(table, desk, rows, first, time)
            first += len(rows)


def _of_desk(table: str, desk: str, rows: Sequence[Any], first: int, time: int) -> Iterator[PlacedRow]:
    for place, row in enumerate(rows, first):
        yield row[time], table, place, (table, desk, *row)


def _columns() -> dict[str, list[str]]:
    """What the head says of each table: the names of its columns, but for the table's own name."""
    return {name: ["desk"] * (name in BY_DESK) + [*row._fields] for name, row in TABLES.items()}


def parsed(file: BinaryIO, name: str) -> Iterator[tuple[int, Any]]:
    """The lines of a file by number, from 1. Raises `BadJournal`, with the file's name, for one that is no JSON."""
    for number in count(1):
        line = file.readline(LONGEST_LINE + 1)
        if not line:
            return
        if len(line) > LONGEST_LINE:
            raise BadJournal(f"{name}: line {number} is longer than {LONGEST_LINE:,} bytes: this is no journal")
        try:
            parts = _parse(line.decode())
        except UnicodeDecodeError as error:
            raise BadJournal(f"{name}: line {number} is no JSON: it is no text in UTF-8") from error
        except json.JSONDecodeError as error:
            raise BadJournal(f"{name}: line {number} is no JSON: {error.msg} at character {error.pos + 1}") from error
        except RecursionError as error:
            raise BadJournal(f"{name}: line {number} is no JSON of a journal: it is nested too deeply") from error
        except ValueError as error:
            raise BadJournal(f"{name}: line {number} is no JSON of a journal: {error}") from error
        yield number, parts


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of JSON as a dict. Raises `ValueError` where it says something twice."""
    names = Counter(name for name, _ in pairs)
    if twice := [name for name, times in names.items() if times > 1]:
        raise ValueError(f"{_shown(twice[0])} is there twice")
    return dict(pairs)


_parse = json.JSONDecoder(object_pairs_hook=_each_once).decode


def _shown(value: Any) -> str:
    """What was read, or the beginning of it, on one line."""
    text = _json(value)
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def read_head(lines: Iterator[tuple[int, Any]], name: str) -> Head:
    """What the first line of a file of this name says. Raises `BadJournal` for what is no head."""
    number, head = next(lines, (0, None))
    if not number:
        raise BadJournal(f"{name}: line 1 is not the head of an {FORMAT}: the file is empty")
    version = head.pop("format", None) if isinstance(head, dict) else None
    if not isinstance(head, dict) or version != FORMAT:
        other = f", but of an {version[:SHOWN]}" if type(version) is str and OTHER_FORMAT.fullmatch(version) else ""
        raise BadJournal(f"{name}: line 1 is not the head of an {FORMAT}{other}")
    missing = [what for what in ("desks", "links", "tables") if what not in head]
    if missing:
        raise BadJournal(f"{name}: line 1 lacks {', '.join(missing)}")
    desks, rows, tables = head.pop("desks"), head.pop("links"), head.pop("tables")
    if not (are_desks(desks) and are_links(rows) and are_facts(head) and tables == _columns()):
        raise BadJournal(
            f"{name}: line 1 has other desks, links, settings, weights or tables than an {FORMAT} can have"
        )
    return Head(head, desks, [LinkEnds(*row) for row in rows])


def read_rows(lines: Iterator[tuple[int, Any]], head: Head, name: str) -> Iterator[tuple[str, str, Any]]:
    """The rows after the head: the table of each, its desk, if it has one, and the row; as table "end" the `Tail`.

    Raises `BadJournal` for a row that no run has, with table and line, and for a file that was cut off.

    Args:
        lines: those of `parsed` that are left.
        head: that of the file.
        name: that of the file, for the error.
    """
    counts, number = Counter(dict.fromkeys(TABLES, 0)), 1
    desks, links = {desk: place for place, desk in enumerate(head.desks)}, len(head.links)
    last: tuple[int, ...] = ()
    for number, line in lines:
        if isinstance(line, dict):
            yield END, "", _tail(line, counts, head, f"{name}: line {number}")
            for after, _ in lines:
                raise BadJournal(f"{name}: line {after} comes after the last line of a journal")
            return
        row = _row(line, desks, links)
        if row is None:
            table = line[0] if isinstance(line, list) and line and line[0] in list(TABLES) else "any table"
            raise BadJournal(f"{name}: line {number} is no possible row of {table}: {_shown(line)}")
        place = _place(row, desks)
        if place < last:
            raise BadJournal(f"{name}: line {number} is out of order, by time, table and desk: {_shown(line)}")
        last = place
        counts[row[0]] += 1
        yield row
    raise BadJournal(f"{name} was cut off after line {number}: the last line of a journal is missing")


def _place(row: tuple[str, str, Any], desks: Mapping[str, int]) -> tuple[int, ...]:
    """Where a row stands in a file, see `rows_in_order`."""
    table, desk, cells = row
    rank = RANKS[table]
    if table == MAIL:
        return 0, cells.arrived, rank
    if table == IN_FLIGHT:
        return (1,)
    time = cells.sent if table == LOST else cells.end if table == "work" else cells.time
    return 0, time, rank, desks.get(desk, 0)


def _row(line: Any, desks: Mapping[str, int], links: int) -> tuple[str, str, Any] | None:
    """A line as a row: table, desk and row; None if no run has such a row."""
    if not isinstance(line, list):
        return None
    try:
        table, *cells = line
        desk = str(cells.pop(0)) if table in BY_DESK else ""
        row = TABLES[table](*cells)
    except (KeyError, TypeError, ValueError, IndexError):
        return None
    if (table in BY_DESK and desk not in desks) or not row.is_possible():
        return None
    if table in OF_MAIL and not (row.link < links and (row.cause_link or 0) < links):
        return None
    return table, desk, row


def _tail(line: dict[str, Any], counts: Counter[str], head: Head, where: str) -> Tail:
    try:
        tail = Tail(**line)
        diverged = None if tail.diverged is None else Divergence(*tail.diverged)
        steps = {desk: Steps(*numbers) for desk, numbers in (tail.steps or {}).items()}
    except (TypeError, AttributeError) as error:
        raise BadJournal(f"{where} is no last line of a journal: {_shown(line)}") from error
    if not isinstance(tail.rows, dict) or tail.rows.keys() != counts.keys():
        raise BadJournal(f"{where} does not count the rows of each table: {_shown(line)}")
    for table, number in counts.items():
        if not is_number(tail.rows[table]) or tail.rows[table] != number:
            raise BadJournal(f"{where} does not count the {number} rows of {table} that there are")
    if not (tail.end is None or is_number(tail.end)) or not (tail.order is None or type(tail.order) is str):
        raise BadJournal(f"{where} has no possible end or order: {_shown(line)}")
    if diverged is not None and not (
        diverged.is_possible() and diverged.time == tail.end and diverged.desk in (*head.desks, CLIENT)
    ):
        raise BadJournal(f"{where} says of no possible run where it diverged: {_shown(line)}")
    if not all(each.is_possible() and desk in head.desks for desk, each in steps.items()):
        raise BadJournal(f"{where} says no possible number of steps: {_shown(line)}")
    return tail._replace(diverged=diverged, steps=steps)
