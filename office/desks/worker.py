"""A worker's desk: does the task itself, and keeps its own notes until the feedback comes."""

from __future__ import annotations

from typing import Any

from office.desks.letters import FEEDBACK_TO_BELOW, INBOX, OUTBOX, Letter, TaskID
from office.desks.pending import PendingTable, duplicate
from office.errors import located
from office.work import Estimator, give_feedback

__all__ = ["WorkerDesk"]


class WorkerDesk:
    """One estimator at a desk. `table` holds the callbacks of the tasks whose feedback is still to come."""

    def __init__(self, name: str, estimator: Estimator) -> None:
        self.name = name
        self.estimator = estimator
        self.table = PendingTable()

    def read(self, channel: int, task_id: TaskID, body: Any) -> list[Letter]:
        """Take a letter from the inbox or from above."""
        try:
            if channel == INBOX:
                return self.do_task(task_id, body)
            return self.hear_feedback(task_id, body)
        except Exception as error:  # noqa: BLE001
            raise located(error, self.name, task_id)  # noqa: B904  it is the same error

    def do_task(self, task_id: TaskID, inputs: Any) -> list[Letter]:
        """Do the task, file the callback, send the result: in this order, since feedback may be quick."""
        if task_id in self.table:
            raise duplicate(task_id)
        output, handle_feedback = self.estimator(inputs)
        self.table.file(task_id, handle_feedback)
        return [(OUTBOX, task_id, output)]

    def hear_feedback(self, task_id: TaskID, feedback: Any) -> list[Letter]:
        """Learn from the feedback, and pass down what it means for the inputs."""
        re_inputs = give_feedback(self.table[task_id], feedback)
        del self.table[task_id]
        return [(FEEDBACK_TO_BELOW, task_id, re_inputs)]

    @property
    def pending(self) -> int:
        """How many tasks wait here for their feedback."""
        return len(self.table)

    def __repr__(self) -> str:
        return f"<WorkerDesk {self.name}: {self.pending} pending>"
