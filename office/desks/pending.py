"""The pending feedback table: callbacks filed by task ID, each taken once.

In the field: the stashed activations of the microbatches in flight.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from office.errors import DuplicateTask, UnknownTask
from office.ids import TaskID
from office.work import Callback

__all__ = ["PendingTable", "TableStatistics"]


class TableStatistics(NamedTuple):
    """How full a table is."""

    size: int
    """Tasks pending now."""
    peak: int
    """The most that were ever pending together."""
    oldest: TaskID | None
    """The task that has been pending longest; None if there is none."""


class PendingTable(dict[TaskID, Callback]):
    """Callbacks named ``handle_feedback`` by task ID. An ID is unseen or pending; once taken out it is unseen again.

    So the table does not grow with the number of tasks done. Looking for a task that is not here raises `UnknownTask`.
    """

    peak = 0
    """The most tasks that were ever pending together."""

    def file(self, task_id: TaskID, handle_feedback: Callback) -> None:
        """File a callback; raises `DuplicateTask` where the ID is already pending."""
        if task_id in self:
            raise duplicate(task_id)
        self[task_id] = handle_feedback
        if len(self) > self.peak:  # noqa: PLR1730  half the time of max(), and every task comes by here
            self.peak = len(self)

    def __missing__(self, task_id: TaskID) -> Callback:
        raise unknown(task_id, self)

    @property
    def statistics(self) -> TableStatistics:
        """Size now, peak, oldest."""
        return TableStatistics(len(self), self.peak, next(iter(self), None))


def duplicate(task_id: TaskID) -> DuplicateTask:
    """The error for a task whose ID is already pending."""
    error = DuplicateTask("task", " is already pending")
    error.task_id = task_id
    return error


def unknown(task_id: TaskID, pending: Mapping[TaskID, Any], subject: str = "feedback") -> UnknownTask:
    """The error for a message about a task that is not pending.

    Args:
        task_id: the task.
        pending: those tasks that are.
        subject: what the message is.
    """
    shown = ", ".join(str(known) for known in list(pending)[:10])
    more = ", …" if len(pending) > 10 else ""
    error = UnknownTask(subject, f", which is not pending here (pending: {shown or 'none'}{more})")
    error.task_id = task_id
    return error
