"""A worker's desk: does the task itself, and keeps its own notes until the feedback comes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Coroutine
from functools import partial
from typing import Any

from office.desks.letters import FEEDBACK_FROM_ABOVE, FEEDBACK_TO_BELOW, INBOX, OUTBOX, OUTSIDE, Letter
from office.desks.pending import PendingTable, duplicate
from office.errors import BadChart, locate
from office.ids import TaskID
from office.work import NO_FEEDBACK, Callback, Estimator, as_answer, give_feedback

__all__ = ["WorkerDesk"]


class WorkerDesk:
    """One estimator at a desk. `table` holds the callbacks of the tasks whose feedback is still to come.

    What an asynchronous estimator or callback returns goes `OUTSIDE`, to be awaited there.

    Args:
        name: The desk's path.
        estimator: What does the tasks.
        may_wait: Whether the desk may send things `OUTSIDE`. If not, it raises `BadChart` where there is one to await.
    """

    def __init__(self, name: str, estimator: Estimator, *, may_wait: bool = False) -> None:
        self.name = name
        self.estimator = estimator
        self.may_wait = may_wait
        self.table = PendingTable()
        self.let_go: dict[TaskID, list[Letter]] = {}
        """Tasks that were forgotten or given up, and what to send when their feedback comes after all."""
        self.strays = 0
        """How many feedbacks came for tasks that had been let go."""

    def read(self, channel: int, task_id: TaskID, body: Any) -> list[Letter]:
        """Take a letter from the inbox or from above, or give a task up.

        Args:
            channel: its number at this desk.
            task_id: the task that the letter is about.
            body: inputs or feedback; None for an alarm.

        Returns:
            The letters to send.
        """
        try:
            if channel == INBOX:
                return self.do_task(task_id, body)
            if channel == FEEDBACK_FROM_ABOVE:
                return self.hear_feedback(task_id, body)
            return self.give_up(task_id)
        except BaseException as error:
            locate(error, self.name, task_id)
            raise

    def do_task(self, task_id: TaskID, inputs: Any) -> list[Letter]:
        """Do the task, file the callback, send the result: in this order, since feedback may be quick."""
        if task_id in self.table:
            raise duplicate(task_id)
        answer: Any = self.estimator(inputs)
        if type(answer) is not tuple and hasattr(answer, "__await__"):
            return self._await(task_id, answer, self._answer)
        return self._answer(task_id, answer)

    def _answer(self, task_id: TaskID, answer: tuple[Any, Callback]) -> list[Letter]:
        try:
            output, handle_feedback = answer
        except (TypeError, ValueError):
            output, handle_feedback = as_answer(answer)
        if not callable(handle_feedback):
            as_answer(answer)
        self.table.file(task_id, handle_feedback)
        return [(OUTBOX, task_id, output)]

    def hear_feedback(self, task_id: TaskID, feedback: Any) -> list[Letter]:
        """Learn from the feedback, and pass down what it means for the inputs."""
        if self.let_go and task_id in self.let_go:
            self.strays += 1
            return self.let_go.pop(task_id)
        re_inputs = give_feedback(self.table[task_id], feedback)
        if hasattr(re_inputs, "__await__"):
            return self._await(task_id, re_inputs, self.reply)
        return self.reply(task_id, re_inputs)

    def reply(self, task_id: TaskID, re_inputs: Any) -> list[Letter]:
        """The feedback has been heard."""
        del self.table[task_id]
        return [(FEEDBACK_TO_BELOW, task_id, re_inputs)]

    def give_up(self, task_id: TaskID) -> list[Letter]:
        """Wait for a feedback no longer: it is as if there were none."""
        reply = give_feedback(self.table[task_id], NO_FEEDBACK)
        if hasattr(reply, "__await__"):
            return self._await(task_id, reply, self._let_go)
        return self._let_go(task_id)

    def _let_go(self, task_id: TaskID, _: object = None) -> list[Letter]:
        del self.table[task_id]
        self.let_go[task_id] = []
        return [(FEEDBACK_TO_BELOW, task_id, NO_FEEDBACK)]

    def _await(
        self, task_id: TaskID, awaitable: Awaitable[Any], then: Callable[[TaskID, Any], list[Letter]]
    ) -> list[Letter]:
        """Have something awaited, and what comes of it made into letters."""
        if self.may_wait:
            return [(OUTSIDE, task_id, (awaitable, partial(then, task_id)))]
        if isinstance(awaitable, Coroutine):
            awaitable.close()
        raise BadChart(f"no desk may wait here, and the estimator or its callback returned {awaitable!r}")

    def forget(self) -> list[TaskID]:
        """Lose all notes, and return the tasks that they were of. When their feedback comes, it goes down as none."""
        forgotten = list(self.table)
        self.table.clear()
        self.let_go |= {task_id: [(FEEDBACK_TO_BELOW, task_id, NO_FEEDBACK)] for task_id in forgotten}
        return forgotten

    def waits_for(self, task_id: TaskID) -> str:
        """What is to come next about a task; "" if it is not here."""
        return "feedback" if task_id in self.table else ""

    @property
    def tasks(self) -> Collection[TaskID]:
        """The tasks that wait here for their feedback."""
        return self.table

    @property
    def pending(self) -> int:
        """How many tasks wait here for their feedback."""
        return len(self.table)

    def __repr__(self) -> str:
        return f"<WorkerDesk {self.name}: {self.pending} pending>"
