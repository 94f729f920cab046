"""A worker's desk: does the task itself, and keeps its own notes until the feedback comes."""

from __future__ import annotations

from typing import Any

from office.desks.letters import FEEDBACK_FROM_ABOVE, FEEDBACK_TO_BELOW, INBOX, OUTBOX, Letter, TaskID
from office.desks.pending import PendingTable, duplicate
from office.errors import located
from office.work import NO_FEEDBACK, Estimator, give_feedback

__all__ = ["WorkerDesk"]


class WorkerDesk:
    """One estimator at a desk. `table` holds the callbacks of the tasks whose feedback is still to come."""

    def __init__(self, name: str, estimator: Estimator) -> None:
        self.name = name
        self.estimator = estimator
        self.table = PendingTable()
        self.let_go: dict[TaskID, list[Letter]] = {}
        """Tasks that were forgotten or given up, and what is to be said when their feedback comes after all."""
        self._strays = 0

    def read(self, channel: int, task_id: TaskID, body: Any) -> list[Letter]:
        """Take a letter from the inbox or from above, or give a task up."""
        try:
            if channel == INBOX:
                return self.do_task(task_id, body)
            if channel == FEEDBACK_FROM_ABOVE:
                return self.hear_feedback(task_id, body)
            return self.give_up(task_id)
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
        if self.let_go and task_id in self.let_go:
            self._strays += 1
            return self.let_go.pop(task_id)
        re_inputs = give_feedback(self.table[task_id], feedback)
        del self.table[task_id]
        return [(FEEDBACK_TO_BELOW, task_id, re_inputs)]

    def give_up(self, task_id: TaskID) -> list[Letter]:
        """Wait for a feedback no longer: it is as if there were none."""
        give_feedback(self.table[task_id], NO_FEEDBACK)
        del self.table[task_id]
        self.let_go[task_id] = []
        return [(FEEDBACK_TO_BELOW, task_id, NO_FEEDBACK)]

    def forget(self) -> list[TaskID]:
        """Lose all notes, and say of which tasks. Once their feedback comes, those below hear that there is none."""
        forgotten = list(self.table)
        self.table.clear()
        self.let_go |= {task_id: [(FEEDBACK_TO_BELOW, task_id, NO_FEEDBACK)] for task_id in forgotten}
        return forgotten

    def waits_for(self, task_id: TaskID) -> str:
        """What is to come next about a task; nothing if it is not here."""
        return "feedback" if task_id in self.table else ""

    @property
    def strays(self) -> int:
        """How many feedbacks came for tasks that had been let go."""
        return self._strays

    @property
    def pending(self) -> int:
        """How many tasks wait here for their feedback."""
        return len(self.table)

    def __repr__(self) -> str:
        return f"<WorkerDesk {self.name}: {self.pending} pending>"
