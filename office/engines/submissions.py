"""The tasks of one run, as they are submitted: when the next is due, and which it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from office.described import quoted
from office.engines.client import Client
from office.errors import BadClient, BadTime
from office.ids import CLIENT
from office.mail import stream
from office.times import LAST, NEVER, nanoseconds, too_late

__all__ = ["Submissions", "Task", "submissions"]

Task: TypeAlias = tuple[Any, Any]
"""What the office gets, and what the client keeps for its feedback."""

NO_TASK = object()


class Submissions:
    """Tasks that are fetched one by one, each when it is due; when the next is due is known before.

    Args:
        tasks: one after another.
        arrivals: when each is due, in ns.
        how_many: says how many tasks there are, where that is known beforehand. Else it is known that there are no more
            when the next would be due.
    """

    def __init__(
        self, tasks: Iterator[Any], arrivals: Iterator[Any], how_many: Callable[[], int | None] = lambda: None
    ) -> None:
        self._tasks = tasks
        self._arrivals = arrivals
        self._how_many = how_many
        self.taken = 0
        """How many have been fetched: the number of the next."""
        self._error: Exception | None = None
        """Why the next task can never be due."""
        self.due = 0
        self.due = self._next_due()
        """When the next task is due, in ns; `NEVER` if there is none."""

    def take(self) -> Task | None:
        """Fetch the next task; None where there are no more.

        Raises `BadClient` or `BadTime` for what is no task, and for a task that can never be due.
        """
        if self._error is not None:
            raise self._error
        task = next(self._tasks, NO_TASK)
        if task is NO_TASK:
            self.due = NEVER
            return None
        if not (isinstance(task, (tuple, list)) and len(task) == 2):
            raise BadClient(f"task {self.taken} is no pair (inputs, target): {quoted(task)}")
        self.taken += 1
        self.due = self._next_due()
        return task[0], task[1]

    def _next_due(self) -> int:
        if self.taken == self._how_many():
            return NEVER
        due = next(self._arrivals, None)
        if type(due) is int and self.due <= due <= LAST:
            return due
        if due is None or not self._is_fit(due):
            if next(self._tasks, NO_TASK) is NO_TASK:
                return NEVER
            self._error = self._unfit(due)
            return self.due
        return nanoseconds(due)

    def _is_fit(self, due: Any) -> bool:
        try:
            return self.due <= nanoseconds(due) <= LAST
        except BadTime:
            return False

    def _unfit(self, due: Any) -> BadClient | BadTime:
        """Why there is no time at which the next task is due."""
        task = f"task {self.taken}"
        if due is None:
            return BadClient(f"there are more tasks than arrival times: none for {task}")
        if isinstance(due, int) and due > LAST:
            return too_late(f"{CLIENT}: {task} is due", due)
        try:
            time = nanoseconds(due)
        except BadTime as error:
            return BadTime(f"arrivals: {task} is due at {due!r}: {error}")
        return BadClient(f"arrivals go back in time, from {self.due} to {time} ns, for {task}")


def submissions(client: Client, seed: int) -> Submissions:
    """The tasks of a client, for a run with this seed."""
    tasks = client.each_task(stream(seed, CLIENT, "shuffle"))
    how_many: Callable[[], int | None] = client.how_many
    if isinstance(client.tasks, list) and client.epochs == 1:  # it may grow, so it is asked at each task
        how_many = client.tasks.__len__
    return Submissions(tasks, iter(client.each_arrival(stream(seed, CLIENT, "arrivals"))), how_many)
