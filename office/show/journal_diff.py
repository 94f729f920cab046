"""Where two journals part: the first entry in which they differ, table by table."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import zip_longest
from typing import Any

import numpy as np

from office.journal import Journal
from office.journal.mail import LEAST_NUMBER
from office.show.entry_text import TABLES, entry_text, sizes

__all__ = ["Parting", "partings"]

NOTHING = "nothing"
NO_ENTRY = object()


@dataclass(frozen=True)
class Parting:
    """A difference between one journal and the other, in words."""

    part: str
    """"head", "mail", "losses", "work", "incidents" or "learnt"."""
    where: str
    """What part of the head it is, or which entry."""
    first: str
    second: str

    def as_dict(self) -> dict[str, Any]:
        """The same, as JSON has it."""
        return asdict(self)


def partings(first: Journal, second: Journal) -> list[Parting]:
    """Where two journals part: in the head, setting by setting, and in each table, at the first entry that differs.

    Journals that do not part say the same, line by line. The first entry of the mail that differs is where two runs
    took different ways; what comes after it differs because of it.
    """
    ours, theirs = ({**_facts(journal), "desks": journal.desks, "links": journal.links} for journal in (first, second))
    differences = [Parting("head", *difference) for difference in _differences(ours, theirs)]
    return differences + [parting for table in TABLES if (parting := _in_table(table, first, second))]


def _facts(journal: Journal) -> dict[str, Any]:
    """The settings of a journal, what is known only at its end, and whatever else stands in its head."""
    end = {"order": journal.order, "diverged": journal.diverged and str(journal.diverged)}
    known = {name: value for name, value in end.items() if value is not None}
    return {**journal.settings, **known, **{name: value for name, value in journal.head.items() if name != "settings"}}


def _differences(first: Any, second: Any, *path: str) -> Iterator[tuple[str, str, str]]:
    """Where two values part, and what each has there: key by key; of lists, only where they first part."""
    if isinstance(first, Mapping) and isinstance(second, Mapping):
        for key in dict.fromkeys([*first, *second]):
            yield from _differences(first.get(key, NO_ENTRY), second.get(key, NO_ENTRY), *path, str(key))
    elif isinstance(first, list) and isinstance(second, list):
        for place, (ours, theirs) in enumerate(zip_longest(first, second, fillvalue=NO_ENTRY)):
            if ours != theirs:
                yield ", ".join([*path, str(place)]), _said(ours), _said(theirs)
                return
    elif first != second:
        yield ", ".join(path), _said(first), _said(second)


def _said(value: Any) -> str:
    return NOTHING if value is NO_ENTRY else f"{value!r}"


def _in_table(table: str, first: Journal, second: Journal) -> Parting | None:
    if table == "mail":
        row = _first_in_mail(first, second)
    else:
        rows = enumerate(zip_longest(_rows(table, first), _rows(table, second), fillvalue=NO_ENTRY))
        row = next((row for row, (ours, theirs) in rows if ours != theirs), None)
    if row is None:
        return None
    return Parting(table, f"row {row}", *(_text(table, row, journal) for journal in (first, second)))


def _first_in_mail(first: Journal, second: Journal) -> int | None:
    """The first row of the mail that differs."""
    ours, theirs = first.mail, second.mail
    both = min(len(ours.sent), len(theirs.sent))
    is_apart = ours.task[:both] != theirs.task[:both]
    # Task IDs that are no numbers have codes of their own in each journal.
    for row in np.flatnonzero((ours.task[:both] < LEAST_NUMBER) & (theirs.task[:both] < LEAST_NUMBER)).tolist():
        is_apart[row] = first.task_id(int(ours.task[row])) != second.task_id(int(theirs.task[row]))
    for name in ("sent", "arrived", "link", "mark", "cause"):
        is_apart |= getattr(ours, name)[:both] != getattr(theirs, name)[:both]
    rows = np.flatnonzero(is_apart)
    if len(rows):
        return int(rows[0])
    return both if len(ours.sent) != len(theirs.sent) else None


def _rows(table: str, journal: Journal) -> Iterator[Any]:
    """The rows of a table, such that rows are equal if their lines in a file are."""
    if table == "losses":
        return map(json.dumps, journal.losses)
    by_desk = getattr(journal, table)
    return (json.dumps([desk, *row]) for desk in journal.desks for row in by_desk.get(desk, ()))


def _text(table: str, row: int, journal: Journal) -> str:
    if row >= sizes(journal)[table]:
        return NOTHING
    return f"line {journal.line_numbers()[table][row]}, {entry_text(journal, journal.mail, table, row)}"
