"""What happened: append-only columns, in one canonical order.

A journal has a head (who is in the office, which links, which conditions, which seed) and three tables:

mail    one row a message, in order of arrival: when it was sent, when it arrived (ns), on which link, for which
        task; what was still on its way when the run ended comes last, and never arrived
said    one row a task that the people above spoke of: when (ns), which task, what loss
work    one row a piece of work at a desk that takes time: desk, task, begin, end (ns), desk after desk

The same run gives the same bytes, in any process. In the field: the trace.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import repeat
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias, cast

import numpy as np
from numpy.typing import NDArray

from office.errors import BadJournal

__all__ = ["Entry", "Journal", "Mail", "TaskID"]

TaskID: TypeAlias = int | str
Entry: TypeAlias = tuple[int, int, int, int, TaskID, Any]
"""A message under way: arrival time (ns), link, the link's own number of it, time sent (ns), task ID, body."""

FORMAT = "office journal 1"
ARRIVED, LINK, SENT, TASK = map(itemgetter, (0, 1, 3, 4))
NEVER = -1
LEAST_NUMBER = -(2**62)
"""In the task column, less than this stands for a name."""
BLOCK = 256
"""So many entries are kept as they came before they go into the columns, all at once."""


class Mail(NamedTuple):
    """The messages of a run as columns, in order of arrival."""

    sent: NDArray[np.int64]
    """When each was sent, in ns."""
    arrived: NDArray[np.int64]
    """When it arrived, in ns; -1 for what was still on its way at the end."""
    link: NDArray[np.int64]
    """On which link, as a place in `Journal.links`."""
    task: NDArray[np.int64]
    """For which task: a number that is its ID where that is a number; `Journal.task_id` knows the others."""


class Journal:
    """The append-only record of one run. Grow it with `record`; read it with `mail`."""

    def __init__(self, **head: Any) -> None:
        self.head = head
        self.links: list[str] = []
        self.desks: list[str] = []
        self.said: list[tuple[int, TaskID, float]] = []
        self.work: dict[str, list[tuple[TaskID, int, int]]] = {}
        self._sent, self._arrived, self._link, self._task = (array("q") for _ in range(4))
        self._names: list[TaskID] = []
        self._codes: dict[TaskID, int] = {}
        self.recent: list[Entry] = []
        """What has arrived and is not in the columns yet."""

    def record(self, entries: Sequence[Entry]) -> None:
        """Write down messages that have arrived, in the order given."""
        self.recent += entries
        if len(self.recent) >= BLOCK:
            self.put_away()

    def record_in_flight(self, entries: Iterable[Entry]) -> None:
        """Write down what is still on its way now that the run has ended, in order of when it was due."""
        self.put_away()
        for _, link, _, sent, task_id, _ in sorted(entries, key=lambda entry: entry[:3]):
            self._append((NEVER,), (link,), (sent,), (task_id,))

    def put_away(self) -> None:
        """Move what is recent into the columns."""
        if self.recent:
            recent = self.recent
            self._append(
                map(ARRIVED, recent),
                map(LINK, recent),
                map(SENT, recent),
                list(map(TASK, recent)),
            )
            self.recent.clear()

    def _append(self, arrived: Iterable[int], link: Iterable[int], sent: Iterable[int], ids: Sequence[TaskID]) -> None:
        self._arrived.extend(arrived)
        self._link.extend(link)
        self._sent.extend(sent)
        try:
            codes = array("q", cast("list[int]", ids))
            if min(codes) < LEAST_NUMBER:
                raise OverflowError  # noqa: TRY301
        except (TypeError, OverflowError):  # some are names, or numbers that a column cannot hold as they are
            codes = array("q", map(self._code, ids))
        self._task.extend(codes)

    def _code(self, task_id: TaskID) -> int:
        """A task ID as a number: itself if it fits, else counted up from the least number there is."""
        if isinstance(task_id, int) and LEAST_NUMBER <= task_id < 2**63:
            return task_id
        if task_id not in self._codes:
            self._codes[task_id] = len(self._names) - 2**63
            self._names.append(task_id)
        return self._codes[task_id]

    def task_id(self, code: int) -> TaskID:
        """The task ID behind a number in the task column."""
        return int(code) if code >= LEAST_NUMBER else self._names[int(code) + 2**63]

    @property
    def mail(self) -> Mail:
        """Every message so far, as columns that later records do not change."""
        self.put_away()
        columns = self._sent, self._arrived, self._link, self._task
        return Mail(*(np.array(column, dtype=np.int64) for column in columns))

    def __len__(self) -> int:
        """How many messages have been written down."""
        return len(self._sent) + len(self.recent)

    def lines(self) -> Iterator[str]:
        """The journal as JSON Lines: the head, then a row a line, table after table."""
        self.put_away()
        work = [(desk, *row) for desk in self.desks for row in self.work.get(desk, ())]
        yield _json(
            {
                "format": FORMAT,
                **self.head,
                "desks": self.desks,
                "links": self.links,
                "tables": {
                    "mail": {"columns": ["sent", "arrived", "link", "task"], "rows": len(self._sent)},
                    "said": {"columns": ["time", "task", "loss"], "rows": len(self.said)},
                    "work": {"columns": ["desk", "task", "begin", "end"], "rows": len(work)},
                },
            }
        )
        for sent, arrived, link, code in zip(self._sent, self._arrived, self._link, self._task, strict=True):
            yield _json([sent, None if arrived == NEVER else arrived, link, self.task_id(code)])
        yield from map(_json, self.said)
        yield from map(_json, work)

    def to_bytes(self) -> bytes:
        """The bytes that `save` writes."""
        return "".join(f"{line}\n" for line in self.lines()).encode()

    def save(self, path: str | Path) -> None:
        """Write the journal as JSON Lines."""
        with Path(path).open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(f"{line}\n" for line in self.lines())

    @classmethod
    def load(cls, path: str | Path) -> Journal:
        """Read a journal that `save` wrote; raises `BadJournal` for any other file, with the line that is no JSON."""
        with Path(path).open(encoding="utf-8") as file:
            rows = _rows(file, str(path))
            head = next(rows, None)
            if not isinstance(head, dict) or head.pop("format", None) != FORMAT:
                raise BadJournal(f"{path}: line 1 is not the head of an {FORMAT}")
            try:
                return cls._read(head, list(rows))
            except (KeyError, TypeError, ValueError, IndexError, OverflowError) as error:
                raise BadJournal(f"{path}: the tables are not as the head says: {error!r}") from error

    @classmethod
    def _read(cls, head: dict[str, Any], rows: list[Any]) -> Journal:
        desks, links, tables = head.pop("desks"), head.pop("links"), head.pop("tables")
        journal = cls(**head)
        journal.desks, journal.links = desks, links
        mail, said, work = (tables[name]["rows"] for name in ("mail", "said", "work"))
        if len(rows) != mail + said + work:
            raise ValueError(f"{len(rows)} rows where {mail + said + work} were promised")
        if mail:
            sent, arrived, link, task = zip(*rows[:mail], strict=True)
            if not all(map(_is_message, sent, arrived, link, task, repeat(len(links)))):
                raise ValueError("a message that cannot be")
            journal._append([NEVER if time is None else time for time in arrived], link, sent, task)
        journal.said = [(time, task_id, loss) for time, task_id, loss in rows[mail : mail + said]]
        for desk, task_id, begin, end in rows[mail + said :]:
            journal.work.setdefault(desk, []).append((task_id, begin, end))
        return journal

    def __repr__(self) -> str:
        return f"<Journal of {len(self)} messages on {len(self.links)} links>"


def _is_message(sent: Any, arrived: Any, link: Any, task: Any, links: int) -> bool:
    came_later = arrived is None or (type(arrived) is int and arrived >= sent)
    return type(sent) is int and sent >= 0 and came_later and link in range(links) and type(task) in (int, str)


_json = json.JSONEncoder(separators=(",", ":"), ensure_ascii=True).encode


def _rows(file: Iterable[str], name: str) -> Iterator[Any]:
    number = 0
    try:
        for number, line in enumerate(file, start=1):  # noqa: B007  the number is told where reading fails
            yield json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadJournal(f"{name}: line {max(number, 1)} is no JSON: {error}") from error
