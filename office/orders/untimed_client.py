"""The client where there is no time: it submits as soon as there is room, and speaks of results at once."""

from __future__ import annotations

from typing import Any

from office.desks import Letter
from office.engines.client import Client
from office.engines.client_desk import ClientDesk
from office.engines.replies import People
from office.engines.submissions import Submissions, Task
from office.errors import BadClient
from office.ids import TaskID
from office.times import NEVER

__all__ = ["UntimedClient", "check_untimed", "untimed_tasks"]

MOST_TASKS = 10_000
TAKE_TIME = "where there is no time the people above speak at once, of one result or of several together"


class UntimedClient(ClientDesk):
    """A client that does what is due as soon as it has read a letter, and keeps its own clock.

    Args:
        client: what all runs have in common.
        people: the people above, who decide which results they speak of.
        submissions: the tasks, all of which are due at once.
    """

    def __init__(self, client: Client, people: People, submissions: Submissions) -> None:
        super().__init__(client, people, submissions, self, [])
        self.now = 0
        """How many late messages have arrived, anywhere: the time, in ns."""

    def begin(self) -> list[Letter]:
        """The tasks that can be submitted before anything is heard."""
        letters: list[Letter] = []
        while len(self.in_flight) < self.limit and not self.next_arrival:
            letters += self.submit()
        return letters

    def read(self, channel: int, task_id: TaskID, body: Any) -> list[Letter]:
        """Take a result, or a feedback to below; what comes of a task after its feedback to below changes nothing.

        Args:
            channel: the office's outbox, or its feedback to below.
            task_id: the task's ID.
            body: the result or the feedback.
        """
        letters = [*super().read(channel, task_id, body)]
        if self.later:
            raise BadClient(TAKE_TIME)
        return letters if self.next_arrival else letters + self.begin()


def untimed_tasks(submissions: Submissions) -> list[Task]:
    """All the tasks. Raises `BadClient` where they do not come at once, and for very many."""
    tasks: list[Task] = []
    while not submissions.due:
        if len(tasks) == MOST_TASKS:
            raise BadClient(f"where every order is tried there are at most {MOST_TASKS:,} tasks")
        task = submissions.take()
        if task is not None:
            tasks.append(task)
    if submissions.due < NEVER:
        raise BadClient("where there is no time all tasks are submitted at once, or as there is room: all_at_once()")
    return tasks


def check_untimed(client: Client, people: People) -> None:
    """Raise `BadClient` for a client that goes by the clock.

    Args:
        client: the client.
        people: its people above; they hear a result for the trial, and are of no more use.
    """
    if any(wait for wait, _ in people.take((0, None))):
        raise BadClient(TAKE_TIME)
    client.check_at_once("where there is no time")
    if client.patience is not None:
        raise BadClient("where there is no time no patience runs out: patience is None")
