"""Columns that grow: of the messages of a run, and of nothing else. 48 bytes a message."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter
from typing import Any, TypeAlias, cast

import numpy as np

from office.ids import TaskID
from office.journal.mail import MARK_BITS, NO_CAUSE, Mail

__all__ = ["NOT_ARRIVED", "Columns", "Entry"]

Entry: TypeAlias = tuple[int, int, int, int, TaskID, Any, int]
"""A message under way: arrival time (ns), link, its mark there, time sent (ns), task ID, body, its cause."""

ARRIVED, LINK, MARK, SENT, TASK, _BODY, CAUSE = map(itemgetter, range(7))
NOT_ARRIVED = -1
"""In the column of arrivals: what never arrived."""
LEAST_NUMBER = -(2**62)
"""In the task column, less than this stands for a name."""


class Columns:
    """Six columns, a row a message."""

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
            map(MARK, entries),
            map(CAUSE, entries),
        )

    def extend(
        self,
        sent: Iterable[int],
        arrived: Iterable[int],
        link: Iterable[int],
        ids: Sequence[TaskID],
        mark: Iterable[int],
        cause: Iterable[int],
    ) -> None:
        """Rows, column by column, all of one length."""
        self.sent.extend(sent)
        self.arrived.extend(arrived)
        self.link.extend(link)
        self.mark.extend(mark)
        self.cause.extend(cause)
        try:
            codes = array("q", cast("list[int]", ids))
            if codes and min(codes) < LEAST_NUMBER:
                raise OverflowError  # noqa: TRY301
        except (TypeError, OverflowError):  # some are names, or numbers that a column cannot hold as they are
            codes = array("q", map(self._code, ids))
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

    def mail(self) -> Mail:
        """The columns so far, as arrays that do not grow any more."""
        columns = self.sent, self.arrived, self.link, self.task, self.mark, self.cause
        return Mail(*(np.array(column, dtype=np.int64) for column in columns))

    def rows(self) -> Iterator[list[Any]]:
        """Row by row, with task IDs as they are, and None where a message never arrived."""
        for sent, arrived, link, code, mark, cause in zip(
            self.sent, self.arrived, self.link, self.task, self.mark, self.cause, strict=True
        ):
            came = None if arrived == NOT_ARRIVED else arrived
            by = (None, None) if cause == NO_CAUSE else (cause >> MARK_BITS, cause % (1 << MARK_BITS))
            yield [sent, came, link, self.task_id(code), mark, *by]

    def __len__(self) -> int:
        return len(self.sent)
