"""Journals as files: JSON Lines, a head and then a row a line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import repeat
from typing import TYPE_CHECKING, Any, NamedTuple

from office.counts import is_count
from office.errors import BadJournal
from office.journal.columns import NOT_ARRIVED
from office.journal.learnt import Learnt
from office.journal.links import LinkEnds
from office.journal.mail import MARK_BITS, NO_CAUSE

if TYPE_CHECKING:
    from office.journal.journal import Journal

__all__ = ["BY_DESK", "COLUMNS", "Head", "Tables", "json_lines", "read_json_lines"]

FORMAT = "office journal 5"
COLUMNS = {
    "mail": ["sent", "arrived", "link", "task", "mark", "cause_link", "cause_mark"],
    "said": ["time", "task", "loss"],
    "work": ["desk", "task", "begin", "end"],
    "incidents": ["desk", "time", "what", "task"],
    "learnt": ["desk", "time", "task", "staleness", "updates", "from_above", "to_below"],
}
BY_DESK = "work", "incidents", "learnt"
"""Tables that have their rows desk after desk."""

_json = json.JSONEncoder(separators=(",", ":"), ensure_ascii=True).encode


class Head(NamedTuple):
    """What a journal says first."""

    desks: list[str]
    links: list[LinkEnds]
    rest: dict[str, Any]


class Tables(NamedTuple):
    """The tables of a journal: mail column by column, the others row by row, in the last three with the desk first."""

    mail: list[Any]
    said: list[Any]
    work: list[Any]
    incidents: list[Any]
    learnt: list[Any]


def json_lines(journal: Journal) -> Iterator[str]:
    """A journal, line by line, without line ends."""
    by_desk = [
        [(desk, *row) for desk in journal.desks for row in getattr(journal, table).get(desk, ())] for table in BY_DESK
    ]
    sizes = len(journal.columns), len(journal.said), *map(len, by_desk)
    tables = {
        name: {"columns": columns, "rows": rows}
        for (name, columns), rows in zip(COLUMNS.items(), sizes, strict=True)
    }  # fmt: skip
    yield _json({"format": FORMAT, **journal.head, "desks": journal.desks, "links": journal.links, "tables": tables})
    for table in (journal.columns.rows(), journal.said, *by_desk):
        yield from map(_json, table)


def read_json_lines(file: Iterable[str], name: str) -> tuple[Head, Tables]:
    """What is in the file of this name; raises `BadJournal` for what `json_lines` would not write."""
    rows = _rows(file, name)
    head = next(rows, None)
    if not isinstance(head, dict) or head.pop("format", None) != FORMAT:
        raise BadJournal(f"{name}: line 1 is not the head of an {FORMAT}")
    try:
        desks, links, tables = head.pop("desks"), [LinkEnds(*row) for row in head.pop("links")], head.pop("tables")
        found = _tables({table: tables[table]["rows"] for table in COLUMNS}, list(rows), desks, len(links))
    except (KeyError, TypeError, ValueError, IndexError, OverflowError) as error:
        raise BadJournal(f"{name}: the tables are not as the head says: {error!r}") from error
    return Head(desks, links, head), found


def _tables(sizes: dict[str, int], rows: list[Any], desks: list[str], links: int) -> Tables:
    if len(rows) != sum(sizes.values()):
        raise ValueError(f"{len(rows)} rows where {sum(sizes.values())} were promised")
    found, begin = [], 0
    for size in sizes.values():
        found.append(rows[begin : begin + size])
        begin += size
    mail, said, work, incidents, learnt = found
    if mail:
        sent, arrived, link, task, mark, cause_link, cause_mark = zip(*mail, strict=True)
        if not all(map(_is_message, sent, arrived, link, task, mark, cause_link, cause_mark, repeat(links))):
            raise ValueError("a message that cannot be")
        causes = [
            NO_CAUSE if on is None else on << MARK_BITS | which
            for on, which in zip(cause_link, cause_mark, strict=True)
        ]
        mail = [sent, [NOT_ARRIVED if time is None else time for time in arrived], link, task, mark, causes]
    said = [(time, task_id, loss) for time, task_id, loss in said]
    work = [(desk, (task_id, begin, end)) for desk, task_id, begin, end in work]
    incidents = [(desk, (time, what, task_id)) for desk, time, what, task_id in incidents]
    learnt = [(desk, Learnt(*row)) for desk, *row in learnt]
    if not (
        all(_is_time(time) and _is_task(task_id) and type(loss) in (int, float) for time, task_id, loss in said)
        and all(
            desk in desks and _is_task(task_id) and _is_time(begin) and _is_time(end)
            for desk, (task_id, begin, end) in work
        )
        and all(
            desk in desks and _is_time(time) and type(what) is str and (task_id is None or _is_task(task_id))
            for desk, (time, what, task_id) in incidents
        )
        and all(
            desk in desks
            and _is_task(row.task_id)
            and all(map(_is_time, (row.time, row.staleness, row.updates)))
            and all(map(_is_size, (row.from_above, row.to_below)))
            for desk, row in learnt
        )
    ):
        raise ValueError("something said, done, suffered or learnt that cannot be")
    return Tables(mail, said, work, incidents, learnt)


def _is_time(number: Any) -> bool:
    return is_count(number, 0)


def _is_size(number: Any) -> bool:
    return number is None or (type(number) in (int, float) and not number < 0)


def _is_task(task_id: Any) -> bool:
    return type(task_id) in (int, str)


def _is_message(
    sent: Any, arrived: Any, link: Any, task: Any, mark: Any, cause_link: Any, cause_mark: Any, links: int
) -> bool:
    came_later = arrived is None or (_is_time(arrived) and arrived >= sent)
    has_cause = cause_link in range(links) and _is_time(cause_mark) and cause_mark < 1 << MARK_BITS
    cause_ok = has_cause or cause_link is cause_mark is None
    return _is_time(sent) and came_later and link in range(links) and _is_task(task) and type(mark) is int and cause_ok


def _rows(file: Iterable[str], name: str) -> Iterator[Any]:
    number = 0
    try:
        for number, line in enumerate(file, start=1):  # noqa: B007  the number is told where reading fails
            yield json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadJournal(f"{name}: line {max(number, 1)} is no JSON: {error}") from error
