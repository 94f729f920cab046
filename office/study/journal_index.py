"""What checks look at: the mail of a journal, who sent and who read each message, and when things happened to desks."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from office.ids import TaskID
from office.journal import Journal, Mail
from office.study.ends import OUTSIDE, Ends, ends
from office.study.link_bounds import LinkBounds, link_bounds
from office.study.matching import Moments
from office.study.sequences import Whole

__all__ = ["NO_TASK", "Flags", "JournalIndex"]

NO_TASK = -1

Flags: TypeAlias = NDArray[np.bool_]


class JournalIndex:
    """A journal, and what several checks need of it, worked out once. Columns have an entry a row of the mail."""

    def __init__(self, journal: Journal) -> None:
        self.journal = journal
        self.mail: Mail = journal.mail
        self.ends: Ends = ends(journal)
        self.number: Whole = self.mail.number
        self.copy: Whole = self.mail.copy

    @cached_property
    def read(self) -> Flags:
        """Which came to their readers, see `Mail.read`."""
        return self.mail.read

    @cached_property
    def cause(self) -> Whole:
        """The row of the message whose handling sent each, see `Mail.cause_row`."""
        return self.mail.cause_row

    @cached_property
    def original(self) -> Flags:
        """Which are no copies: what desks sent."""
        original: Flags = self.copy == 0
        return original

    @cached_property
    def came(self) -> Flags:
        """Which arrived."""
        came: Flags = self.mail.arrived >= 0
        return came

    @cached_property
    def sender(self) -> Whole:
        """The desk that sent each, as a place in `Journal.desks`; `OUTSIDE` for the client."""
        return self.ends.sender[self.mail.link]

    @cached_property
    def reader(self) -> Whole:
        """The desk that each was for."""
        return self.ends.reader[self.mail.link]

    @cached_property
    def _tasks(self) -> tuple[Whole, Whole]:
        codes, places = np.unique(self.mail.task, return_inverse=True)
        return codes, places

    @property
    def task(self) -> Whole:
        """The task of each, counted from 0: a task here is a whole number below `tasks`."""
        return self._tasks[1]

    @property
    def tasks(self) -> int:
        """How many tasks the mail is about."""
        return len(self._tasks[0])

    def incidents(self, *what: str) -> tuple[Whole, Moments]:
        """What befell desks over tasks, of these kinds, or any if none is given: rows of that table, and when it was.

        What befell a desk over a task that there is no mail about is left out.
        """
        rows = [row for row in self.incident_rows if not what or row[3] in what]
        place = self.places([task_id for *_, task_id in rows])
        row, desk, time = np.array([row[:3] for row in rows], dtype=np.int64).reshape(-1, 3)[place != NO_TASK].T
        return row, Moments((desk + 1) * self.tasks + place[place != NO_TASK], time)

    @cached_property
    def incident_rows(self) -> list[tuple[int, int, int, str, TaskID | None]]:
        """Row, desk, time, what and task of each incident, in their order in a journal's file."""
        table = [
            (desk, *entry)
            for desk, name in enumerate(self.journal.desks)
            for entry in self.journal.incidents.get(name, ())
        ]
        return [(row, *entry) for row, entry in enumerate(table)]

    def places(self, task_ids: Sequence[TaskID | None]) -> Whole:
        """What `task` has for these task IDs; `NO_TASK` for each that there is no mail about."""
        code, codes = self.journal.columns.code, np.append(self._tasks[0], NO_TASK)
        asked = [None if task_id is None else code(task_id) for task_id in task_ids]
        known = np.array([NO_TASK if number is None else number for number in asked], dtype=np.int64)
        place = np.searchsorted(codes[:-1], known)
        has_code = np.array([number is not None for number in asked], dtype=bool)
        return np.where((codes[place] == known) & (place < self.tasks) & has_code, place, NO_TASK)

    @property
    def staff(self) -> list[str]:
        """The desks of the chart, by name: those that have an inbox."""
        return [self.journal.desks[place] for place in np.unique(self.ends.inbox) if place != OUTSIDE]

    @cached_property
    def link_bounds(self) -> list[LinkBounds]:
        """What each link link_bounds."""
        return link_bounds(self.journal)

    def key(self, desk: Whole, rows: Whole) -> Whole:
        """One number for a desk and the task of a row of the mail."""
        return (desk + 1) * self.tasks + self.task[rows]

    def sent_on(self, channel: Whole) -> tuple[Whole, Moments]:
        """The originals on links that are a desk's channel of one kind, as `Ends` has them: rows, and when sent."""
        rows = np.flatnonzero(self.original & (channel[self.mail.link] != OUTSIDE))
        return rows, Moments(self.key(channel[self.mail.link[rows]], rows), self.mail.sent[rows])

    def read_on(self, channel: Whole) -> tuple[Whole, Moments]:
        """The messages that came to their readers on such links: rows, and when they arrived."""
        rows = np.flatnonzero(self.read & (channel[self.mail.link] != OUTSIDE))
        return rows, Moments(self.key(channel[self.mail.link[rows]], rows), self.mail.arrived[rows])
