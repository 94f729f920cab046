"""What checks look at: the mail of a journal, who sent and who read each message, and when things happened to desks."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from office.ids import TaskID
from office.journal import IncidentKind, Journal, Mail
from office.study.desk_settings import AT_ONCE, DeskPace, paces, setbacks, tells_settings
from office.study.ends import OUTSIDE, Ends, ends
from office.study.link_bounds import LinkBounds, link_bounds
from office.study.matching import Moments
from office.study.sequences import Whole
from office.times import NEVER

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

    @cached_property
    def tells_settings(self) -> bool:
        """Whether the head has the settings of a run, and something follows from them."""
        return tells_settings(self.journal)

    @cached_property
    def is_whole(self) -> bool:
        """Whether all is there that happened: the run is over, and its settings are known."""
        return self.tells_settings and self.journal.end is not None

    @cached_property
    def end(self) -> int:
        """When the run ended, in ns; `NEVER` where it has not."""
        return NEVER if self.journal.end is None else self.journal.end

    @cached_property
    def ran_out(self) -> bool:
        """Whether it ended since nothing more happened: then nothing was left lying at a desk that could read it."""
        return self.is_whole and "until" not in self.journal.settings and self.journal.diverged is None

    @cached_property
    def done_by(self) -> int:
        """By when (ns) all was done that was due: a run that diverged broke off in the midst of its last instant."""
        return self.end if self.journal.diverged is None else self.end - 1

    @cached_property
    def paces(self) -> list[DeskPace]:
        """The pace of each desk, in the order of `Journal.desks`."""
        own = paces(self.journal)
        return [own.get(name, AT_ONCE) for name in self.journal.desks]

    @cached_property
    def has_pace(self) -> Flags:
        """`(desks,)` which have a pace of their own."""
        own = self.journal.settings.get("paces", {})
        return np.array([name in own for name in self.journal.desks], dtype=bool)

    @cached_property
    def has_setbacks(self) -> Flags:
        """`(desks,)` which were to stall or crash, or to wait for a time only."""
        planned, expire = setbacks(self.journal), self.journal.settings.get("expire", {})
        return np.array([bool(planned.get(name)) or name in expire for name in self.journal.desks], dtype=bool)

    @cached_property
    def may_block(self) -> Flags:
        """`(desks,)` which send on links that hold only so many messages, so that they may have to wait for room."""
        capacity = self.journal.settings.get("capacity", {})
        senders = {link.sender for link in self.journal.links if link.name in capacity}
        return np.array([name in senders for name in self.journal.desks], dtype=bool)

    @cached_property
    def times_down(self) -> Whole:
        """`(3, times down)`: the desk, since when, and until when (ns), in the order in which they stand."""
        spans: list[tuple[int, int, int]] = []
        for _, desk, time, what, _ in self.incident_rows:
            if what in (IncidentKind.STALLED, IncidentKind.CRASHED):
                spans.append((desk, time, NEVER))
            elif what == IncidentKind.BACK and spans and spans[-1][0] == desk and spans[-1][2] == NEVER:
                spans[-1] = desk, spans[-1][1], time
        return np.array(spans, dtype=np.int64).reshape(-1, 3).T

    def when_up(self, desk: Whole, time: Whole) -> Whole:
        """When each desk turns to what comes at a time (ns): then, or when it is back; `NEVER` if it never is."""
        down, begin, end = self.times_down
        up = time.copy()
        for _ in range(len(down) and int(np.bincount(down).max())):  # one time down may follow upon another
            moments = np.unique(np.concatenate([begin, up]), return_inverse=True)[1]
            spans, when = down * len(moments) + moments[: len(down)], desk * len(moments) + moments[len(down) :]
            # Of several that begin at one time the last lasts longest; without any, it is the fence at the end.
            place = np.searchsorted(spans, when, side="right") - 1
            is_down = (np.append(down, OUTSIDE)[place] == desk) & (up < np.append(end, 0)[place])
            if not is_down.any():
                break
            up = np.where(is_down, np.append(end, 0)[place], up)
        return up

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
