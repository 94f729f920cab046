"""The journal of one run: a head, and six tables.

head       who is in the office, the ends of each link, the settings, and of each desk with weights their size in
           bytes, their rule and their policy: all that is known before the run
mail       a row a message, in order of arrival: when it was sent, when it arrived (ns), on which link, for which
           task, its mark, which says which message of its link it was and what became of it, and its cause: the
           message whose handling sent it; after those that arrived come those that were still on their way when the
           run ended, and then those that were lost (a file has both in tables of their own, "in flight" and "lost")
losses     a row for each task that the people above spoke of: when (ns), which task, what loss
work       a row for each piece of work at a desk that takes time: desk, task, begin, end (ns)
incidents  a row for each thing that befell a desk: desk, when (ns), what kind, and the task, if it concerns one
learnt     a row for each feedback that a desk with weights learnt from: desk, when (ns), task, how late it was, in
           updates of those weights, how many updates there had been before it, how large it was, and how large the
           desk's feedback to below was: root mean squares

The same run gives the same bytes, in any process.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from operator import itemgetter
from pathlib import Path
from typing import Any

from office.files import write_whole
from office.ids import TaskID
from office.journal.files import json_lines, parsed, read_head, read_rows, rows_in_order
from office.journal.mail import LARGEST_MARK, NOT_ARRIVED, Columns, Entry, Mail
from office.journal.tables import Divergence, Incident, Learnt, LinkEnds, Loss, Steps, Work

__all__ = ["Journal"]

PLACE = itemgetter(0, 1, 2)
"""Of a message: its time, its link, its mark, by which it has its place among the others."""
BLOCK = 256
"""So many entries are kept as they came before they go into the columns, all at once."""


class Journal:
    """The append-only record of one run. Grow it with `record`; read it with `mail`."""

    def __init__(self, /, **head: Any) -> None:
        self.head = head
        self.links: list[LinkEnds] = []
        self.desks: list[str] = []
        self.losses: list[Loss] = []
        """What the people above said of each result, as they spoke."""
        self.work: dict[str, list[Work]] = {}
        """What each desk that takes time worked on."""
        self.incidents: dict[str, list[Incident]] = {}
        """What befell each desk."""
        self.learnt: dict[str, list[Learnt]] = {}
        """What each desk with weights learnt from."""
        self.columns = Columns()
        self.recent: list[Entry] = []
        """What has arrived and is not in the columns yet."""
        self.end: int | None = None
        """When the run ended, in ns: nothing here is later. None while it lasts."""
        self.order: str | None = None
        """The order of delivery, if one was chosen; known when the run has ended."""
        self.diverged: Divergence | None = None
        """Where the run diverged, and so ended; None for a run that did not."""
        self.steps: dict[str, Steps] = {}
        """What became of the weights of each desk that has some; known when the run has ended."""
        self._lost: list[tuple[int, int, int, TaskID, int]] = []

    @property
    def settings(self) -> dict[str, Any]:
        """The settings of the run, out of the head: seed, mail conditions by link, and whatever is not as usual."""
        settings = self.head.get("settings")
        return settings if isinstance(settings, dict) else {}

    @property
    def weights(self) -> dict[str, list[dict[str, Any]]]:
        """Out of the head: for each desk with weights its `Parameters`, each with "bytes", "rule" and "policy"."""
        weights: dict[str, list[dict[str, Any]]] = self.head.get("weights", {})
        return weights

    def record(self, entries: Sequence[Entry]) -> None:
        """Write down messages that have arrived, in the order given."""
        self.recent += entries
        if len(self.recent) >= BLOCK:
            self.put_away()

    def record_lost(self, message: tuple[int, int, int, TaskID, int]) -> None:
        """Keep a message that was lost until the run has ended: time sent, link, mark, task ID, cause."""
        self._lost.append(message)

    def close(self, in_flight: Iterable[Entry], end: int | None = None, now: int | None = None) -> None:
        """The run has ended: write down what is on its way, in order of when it is due, and then what was lost.

        Args:
            in_flight: messages that have been sent and have not arrived.
            end: when the run was ended, in ns; later, if anything arrived later that came to no reader. What was to be
                sent after the end (mail that is sent again) does not count.
            now: where the run was not ended at a time: how late it is at its desks, in ns. The run ended then, or with
                its last message.
        """
        self.put_away()
        on_the_way = sorted(in_flight, key=PLACE)
        rows = [
            (sent, link, task_id, mark & LARGEST_MARK, cause)
            for _, link, mark, sent, task_id, _, cause in on_the_way
        ]  # fmt: skip
        lost = sorted(self._lost, key=PLACE)
        rows += [(sent, link, task_id, -(mark & LARGEST_MARK), cause) for sent, link, mark, task_id, cause in lost]
        self._lost.clear()
        last = self.columns.arrived[-1] if len(self) else 0
        if end is not None:
            self.end = max(end, last)
            rows = [row for row in rows if row[0] <= self.end]
        elif now is not None:
            self.end = max([now, last, *(row[0] for row in rows)])
        self.record_unread(rows)

    def until(self, time: int, in_flight: Iterable[Entry]) -> Journal:
        """The journal of the same run, had it been one until an earlier time; what became of weights is left out.

        Args:
            time: in ns; all that was to happen until then has happened.
            in_flight: messages that have been sent and have not arrived.
        """
        self.put_away()
        part = Journal(**self.head | {"settings": {**self.settings, "until": time}})
        part.desks, part.links, part.order = self.desks, self.links, self.order
        part.losses = [row for row in self.losses if row.time <= time]
        part.work = {desk: [row for row in rows if row.end <= time] for desk, rows in self.work.items()}
        part.incidents = {desk: [row for row in rows if row.time <= time] for desk, rows in self.incidents.items()}
        part.learnt = {desk: [row for row in rows if row.time <= time] for desk, rows in self.learnt.items()}
        entries, arrived = self.columns.entries(), bisect_right(self.columns.arrived, time)
        part.record([*islice(entries, arrived)])
        part._lost = [message for message in self._lost if message[0] <= time]
        part.close([entry for entry in chain(entries, in_flight) if entry[3] <= time], time)
        return part

    def record_unread(self, rows: Sequence[tuple[int, int, TaskID, int, int]]) -> None:
        """Write down messages that did not arrive: time sent, link, task ID, mark (negative: it was lost), cause."""
        if rows:
            sent, link, task_ids, mark, cause = zip(*rows, strict=True)
            self.columns.extend(sent, [NOT_ARRIVED] * len(rows), link, task_ids, mark, cause)

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
        """The journal as JSON Lines: the head, a row a line in the order of time, and when the run ended."""
        self.put_away()
        return json_lines(self)

    def line_numbers(self) -> dict[str, dict[int, int]]:
        """For each table the line of its file that each row is in, from 1.

        A message is counted as in `mail`, a row of another table desk after desk.
        """
        self.put_away()
        lines: dict[str, dict[int, int]] = {"mail": {}, "losses": {}, "work": {}, "incidents": {}, "learnt": {}}
        for line, (_, table, place, _) in enumerate(rows_in_order(self), start=2):
            lines[table][place] = line
        return lines

    def to_bytes(self) -> bytes:
        """The bytes that `save` writes."""
        return b"".join(self._encoded())

    def save(self, path: str | Path) -> None:
        """Write the journal as JSON Lines: whole, or not at all."""
        write_whole(path, self._encoded())

    def _encoded(self) -> Iterator[bytes]:
        return (f"{line}\n".encode("ascii") for line in self.lines())

    @classmethod
    def load(cls, path: str | Path) -> Journal:
        """Read a journal that `save` wrote; raises `BadJournal` for any other file, with the line that is wrong."""
        with Path(path).open("rb") as file:
            lines = parsed(file, str(path))
            head = read_head(lines, str(path))
            journal = cls(**head.facts)
            journal.desks, journal.links = head.desks, head.links
            unread: dict[str, list[Any]] = {"in flight": [], "lost": []}
            by_desk: dict[str, dict[str, Any]] = {
                "work": journal.work, "incidents": journal.incidents, "learnt": journal.learnt
            }  # fmt: skip
            for table, desk, row in read_rows(lines, head, str(path)):
                if table == "mail":
                    journal.record([(row.arrived, row.link, row.mark, row.sent, row.task_id, None, row.cause)])
                elif table in unread:
                    mark = -row.mark if table == "lost" else row.mark
                    unread[table].append((row.sent, row.link, row.task_id, mark, row.cause))
                elif table == "losses":
                    journal.losses.append(row)
                elif table == "end":
                    journal.end, journal.order, journal.diverged = row.end, row.order, row.diverged
                    journal.steps = row.steps
                else:
                    by_desk[table].setdefault(desk, []).append(row)
        journal.put_away()
        journal.record_unread([*unread["in flight"], *unread["lost"]])
        return journal

    def __repr__(self) -> str:
        return f"<Journal of {len(self)} messages on {len(self.links)} links>"
