"""The messages of a run: on their way as entries, and then as columns, a row a message. 48 bytes each.

Which message it is and what became of it is packed into one number, its mark, and only this file knows how.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter
from typing import Any, NamedTuple, TypeAlias, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from office.ids import TaskID

__all__ = [
    "COPIES",
    "DAMAGED",
    "LARGEST_MARK",
    "LEAST_NUMBER",
    "MARK_BITS",
    "NOT_ARRIVED",
    "NO_CAUSE",
    "ONE_COPY",
    "ONE_MORE",
    "Columns",
    "Entry",
    "Mail",
    "copy_number",
    "link_and_mark",
    "message_number",
]

Numbers = TypeVar("Numbers", int, NDArray[np.int64])

Entry: TypeAlias = tuple[int, int, int, int, TaskID, Any, int]
"""A message under way, by place: 0 arrival time (ns), 1 link, 2 mark, 3 time sent (ns), 4 task ID, 5 body, 6 cause.

It is a plain tuple because every message makes one; the first three put it in order among the others. Its cause is a
number, and keeps no other message alive. Its mark may have the link above it, as a cause has; the columns leave it out.
"""
ARRIVED, LINK, MARK, SENT, TASK, _BODY, CAUSE = map(itemgetter, range(7))

DAMAGED, ONE_COPY, ONE_MORE = 1, 2, 64
"""A mark: its link's own number of the message times 64, and twice the number of the copy, and 1 if it is damaged. In
the columns the mark of a message that was lost is negative."""
COPIES = ONE_MORE // ONE_COPY
"""There are at most so many copies of a message, the original among them."""
MARK_BITS = 40
"""A cause is a message in one number: its link, and in the lowest bits, so many, its mark there."""
LARGEST_MARK = (1 << MARK_BITS) - 1
NO_CAUSE = 0
"""The cause of a message that was not sent because of another."""
NOT_ARRIVED = -1
"""In the column of arrivals: what never arrived."""
LEAST_NUMBER = -(2**62)
"""In the task column, less than this stands for a name."""


def message_number(mark: Numbers) -> Numbers:
    """Which message of its link it was, from 1; a copy has the number of its original."""
    return abs(mark) // ONE_MORE


def copy_number(mark: Numbers) -> Numbers:
    """Which copy of it, in the order in which they were made: 0 for the original."""
    return abs(mark) % ONE_MORE // ONE_COPY


def link_and_mark(cause: int) -> tuple[int, int]:
    """The message that a cause stands for."""
    return cause >> MARK_BITS, cause & LARGEST_MARK


class Mail(NamedTuple):
    """The messages of a run as columns, in order of arrival; then those that never arrived."""

    sent: NDArray[np.int64]
    """When each was sent, in ns."""
    arrived: NDArray[np.int64]
    """When it arrived, in ns; -1 for what was lost, or still on its way at the end."""
    link: NDArray[np.int64]
    """On which link, as a place in `Journal.links`."""
    task: NDArray[np.int64]
    """For which task: a number that is its ID where that is a number; `Journal.task_id` knows the others."""
    mark: NDArray[np.int64]
    """Which message of its link it was, and whether it was a copy, damaged or lost; the properties tell it."""
    cause: NDArray[np.int64]
    """Which message its sender was handling when it sent this one: link and mark in one number, `NO_CAUSE` for none.

    The cause of a joined result is the last result to arrive; that of the client's reply is the result that it is
    about. Copies have the cause of their original. A submission has none, nor has what an alarm makes a desk send, nor
    what a user's own task sends."""

    @property
    def number(self) -> NDArray[np.int64]:
        """Which message of its link each was, from 1; a copy has the number of its original."""
        return message_number(self.mark)

    @property
    def copy(self) -> NDArray[np.int64]:
        """Which copy of it, in the order in which they were made: 0 for the original."""
        return copy_number(self.mark)

    @property
    def damaged(self) -> NDArray[np.bool_]:
        """Which were in no state to be read when they arrived, and were thrown away."""
        return (np.abs(self.mark) & DAMAGED).astype(bool)

    @property
    def lost(self) -> NDArray[np.bool_]:
        """Which were lost on the way."""
        return self.mark < 0

    @property
    def cause_link(self) -> NDArray[np.int64]:
        """On which link the cause of each came, as a place in `Journal.links`; -1 where it has none."""
        return np.where(self.cause == NO_CAUSE, -1, self.cause >> MARK_BITS)

    @property
    def cause_row(self) -> NDArray[np.int64]:
        """In which row the cause of each is; -1 where it has none, or these rows do not have it."""
        return self.rows_of(self.cause)

    def rows_of(self, messages: NDArray[np.int64]) -> NDArray[np.int64]:
        """In which row each message is that is given as in `cause`; -1 for none."""
        place = np.full(len(messages), -1)
        if not len(self.mark) or not len(messages):
            return place
        is_there = messages != NO_CAUSE
        link, mark = messages >> MARK_BITS, messages & (1 << MARK_BITS) - 1
        wanted = np.zeros(max(int(self.link.max()), int(link.max())) + 1, dtype=bool)
        wanted[link[is_there]] = True
        rows = np.flatnonzero(wanted[self.link])
        marks = np.abs(self.mark[rows])
        # Nearly all are originals, whose numbers count up from 1 on each link: a table finds them without a sort.
        span = max(int(marks.max(initial=0)), int(mark.max())) // ONE_MORE + 1
        if span * len(wanted) <= 8 * len(self.mark) + 1024:
            is_plain, asks_plain = marks % ONE_MORE == 0, is_there & (mark % ONE_MORE == 0)
            table = np.full(span * len(wanted), -1)
            plain = rows[is_plain]
            table[self.link[plain] * span + marks[is_plain] // ONE_MORE] = plain
            place[asks_plain] = table[link[asks_plain] * span + mark[asks_plain] // ONE_MORE]
            rows, marks, is_there = rows[~is_plain], marks[~is_plain], is_there & ~asks_plain
        if len(rows) and is_there.any():
            message = self.link[rows] << MARK_BITS | marks
            order = np.argsort(message, kind="stable")
            at = order[np.minimum(np.searchsorted(message, messages[is_there], sorter=order), len(order) - 1)]
            place[is_there] = np.where(message[at] == messages[is_there], rows[at], -1)
        return place

    @property
    def read(self) -> NDArray[np.bool_]:
        """Which came to their readers: those that arrived undamaged, and of several copies the first."""
        readable = (self.arrived >= 0) & ~self.damaged
        copies = np.flatnonzero(self.copy)
        if not len(copies):
            return readable
        # Only messages that have a copy need a second look, and they are few.
        message = self.number * (self.link.max(initial=0) + 1) + self.link
        rows = np.flatnonzero(readable & np.isin(message, np.unique(message[copies])))
        first = np.unique(message[rows], return_index=True)[1]
        readable[rows] = False
        readable[rows[first]] = True
        return readable


class Columns:
    """The columns of `Mail` while they grow."""

    def __init__(self) -> None:
        self.sent, self.arrived, self.link, self.task, self.mark, self.cause = (array("q") for _ in range(6))
        self._names: list[TaskID] = []
        self._codes: dict[TaskID, int] = {}

    def append(self, entries: Sequence[Entry]) -> None:
        """Messages that have arrived."""
        self.extend(
            map(SENT, entries),
            map(ARRIVED, entries),
            map(LINK, entries),
            list(map(TASK, entries)),
            (np.fromiter(map(MARK, entries), dtype=np.int64, count=len(entries)) & LARGEST_MARK).tolist(),
            map(CAUSE, entries),
        )

    def extend(
        self,
        sent: Iterable[int],
        arrived: Iterable[int],
        link: Iterable[int],
        task_ids: Sequence[TaskID],
        mark: Iterable[int],
        cause: Iterable[int],
    ) -> None:
        """Rows, column by column, all of one length.

        Args:
            sent: when each message was sent, in ns.
            arrived: when it arrived, in ns, or `NOT_ARRIVED`.
            link: the place of its link in the journal.
            task_ids: the task of each, as the office knows it.
            mark: its mark, negative if it was lost.
            cause: the message whose handling sent it, or `NO_CAUSE`.
        """
        self.sent.extend(sent)
        self.arrived.extend(arrived)
        self.link.extend(link)
        self.mark.extend(mark)
        self.cause.extend(cause)
        try:
            codes = array("q", cast("list[int]", task_ids))
            if codes and min(codes) < LEAST_NUMBER:
                raise OverflowError  # noqa: TRY301
        except (TypeError, OverflowError):  # some are names, or numbers that a column cannot hold as they are
            codes = array("q", map(self._code, task_ids))
        self.task.extend(codes)

    def _code(self, task_id: TaskID) -> int:
        """A task ID as a number: itself if it fits, else counted up from the least number there is."""
        if isinstance(task_id, int) and LEAST_NUMBER <= task_id < 2**63:
            return task_id
        if task_id not in self._codes:
            self._codes[task_id] = len(self._names) - 2**63
            self._names.append(task_id)
        return self._codes[task_id]

    def code(self, task_id: TaskID) -> int | None:
        """The number that stands for a task ID in the task column; None where no message is about that task."""
        if isinstance(task_id, int) and LEAST_NUMBER <= task_id < 2**63:
            return task_id
        return self._codes.get(task_id)

    def task_id(self, code: int) -> TaskID:
        """The task ID behind a number in the task column."""
        return int(code) if code >= LEAST_NUMBER else self._names[int(code) + 2**63]

    def entries(self) -> Iterator[Entry]:
        """The rows so far, without the bodies of the messages."""
        columns = self.arrived, self.link, self.mark, self.sent, self.task, self.cause
        for arrived, link, mark, sent, code, cause in zip(*columns, strict=True):
            yield arrived, link, mark, sent, self.task_id(code), None, cause

    def mail(self) -> Mail:
        """The columns so far, as arrays that do not grow any more."""
        columns = self.sent, self.arrived, self.link, self.task, self.mark, self.cause
        return Mail(*(np.array(column, dtype=np.int64) for column in columns))

    def __len__(self) -> int:
        return len(self.sent)
