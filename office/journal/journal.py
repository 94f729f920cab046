"""The journal of one run.

A journal has a head (who is in the office, which links, which conditions and faults, which seed) and five tables:

mail       one row a message, in order of arrival: when it was sent, when it arrived (ns), on which link, for which
           task, and its mark, which says which message of its link it was, and what became of it; after those that
           arrived come those that were still on their way when the run ended, and then those that were lost
said       one row a task that the people above spoke of: when (ns), which task, what loss
work       one row a piece of work at a desk that takes time: desk, task, begin, end (ns), desk after desk
incidents  one row for each thing that befell a desk: desk, when (ns), what, and the task, if it concerns one
learnt     one row for each feedback that a desk with weights learnt from: desk, when (ns), task, how late it was, in
           updates of those weights, how many updates there had been before it, how large it was, and how large that was
           which the desk passed down: root mean squares

The same run gives the same bytes, in any process.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter
from pathlib import Path
from typing import Any

from office.ids import TaskID
from office.journal.columns import NOT_ARRIVED, Columns, Entry
from office.journal.files import BY_DESK, json_lines, read_json_lines
from office.journal.learnt import Learnt
from office.journal.links import LinkEnds
from office.journal.mail import Mail

__all__ = ["Journal"]

PLACE = itemgetter(0, 1, 2)
"""Of a message: its time, its link, its mark, by which it has its place among the others."""
BLOCK = 256
"""So many entries are kept as they came before they go into the columns, all at once."""


class Journal:
    """The append-only record of one run. Grow it with `record`; read it with `mail`."""

    def __init__(self, **head: Any) -> None:
        self.head = head
        self.links: list[LinkEnds] = []
        self.desks: list[str] = []
        self.said: list[tuple[int, TaskID, float]] = []
        self.work: dict[str, list[tuple[TaskID, int, int]]] = {}
        self.incidents: dict[str, list[tuple[int, str, TaskID | None]]] = {}
        """What befell each desk: when (ns), what ("stalled", "crashed", "back", "forgotten", "stray", "results
        expired", "feedback expired", "replies expired"), and which task it was about."""
        self.learnt: dict[str, list[Learnt]] = {}
        """What each desk with weights learnt from."""
        self.columns = Columns()
        self.recent: list[Entry] = []
        """What has arrived and is not in the columns yet."""
        self._lost: list[tuple[int, int, int, TaskID, int]] = []

    @property
    def settings(self) -> dict[str, Any]:
        """The settings of the run, out of the head: seed, mail conditions by link, and whatever is not as usual."""
        settings = self.head.get("settings")
        return settings if isinstance(settings, dict) else {}

    def record(self, entries: Sequence[Entry]) -> None:
        """Write down messages that have arrived, in the order given."""
        self.recent += entries
        if len(self.recent) >= BLOCK:
            self.put_away()

    def record_lost(self, message: tuple[int, int, int, TaskID, int]) -> None:
        """Keep in mind a message that was lost: time sent, link, mark, task ID, cause. It goes in when the run
        has ended.
        """
        self._lost.append(message)

    def record_in_flight(self, entries: Iterable[Entry], end: int | None = None) -> None:
        """The run has ended, at time `end` (ns): write down what is on its way, in order of when it is due, and then
        what was lost. What was only to be sent after the end does not count.
        """
        self.put_away()
        on_the_way = sorted(entries, key=PLACE)
        rest = [(sent, link, task, mark, cause) for _, link, mark, sent, task, _, cause in on_the_way]
        rest += [(sent, link, task, -mark, cause) for sent, link, mark, task, cause in sorted(self._lost, key=PLACE)]
        if end is not None:
            rest = [row for row in rest if row[0] <= end]
        if rest:
            sent, link, ids, mark, cause = zip(*rest, strict=True)
            self.columns.extend(sent, [NOT_ARRIVED] * len(rest), link, ids, mark, cause)
        self._lost.clear()

    def put_away(self) -> None:
        """Move what is recent into the columns."""
        if self.recent:
            self.columns.append(self.recent)
            self.recent.clear()

    def task_id(self, code: int) -> TaskID:
        """The task ID behind a number in the task column."""
        return self.columns.task_id(code)

    @property
    def link_names(self) -> list[str]:
        """The name of each link, in the order of `links`."""
        return [link.name for link in self.links]

    def place_of(self, link: str) -> int:
        """The place in `links` of the link of this name, as in the columns of `mail`. Raises `ValueError`."""
        for place, ends in enumerate(self.links):
            if ends.name == link:
                return place
        raise ValueError(f"no link is named {link!r}")

    @property
    def mail(self) -> Mail:
        """Every message so far, as columns that later records do not change."""
        self.put_away()
        return self.columns.mail()

    def __len__(self) -> int:
        """How many messages have been written down."""
        return len(self.columns) + len(self.recent)

    def lines(self) -> Iterator[str]:
        """The journal as JSON Lines: the head, then a row a line, table after table."""
        self.put_away()
        return json_lines(self)

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
            head, tables = read_json_lines(file, str(path))
        journal = cls(**head.rest)
        journal.desks, journal.links = head.desks, head.links
        if tables.mail:
            journal.columns.extend(*tables.mail)
        journal.said = tables.said
        for name in BY_DESK:
            for desk, row in getattr(tables, name):
                getattr(journal, name).setdefault(desk, []).append(row)
        return journal

    def __repr__(self) -> str:
        return f"<Journal of {len(self)} messages on {len(self.links)} links>"
