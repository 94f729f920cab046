"""The client's desk: what it has submitted, heard and said so far. No clock, and nothing to wait for."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from office.engines.client import Client
from office.engines.replies import People, Result
from office.errors import AlreadyAnswered, BadClient
from office.ids import CLIENT, TaskID
from office.mail import stream
from office.times import NEVER

__all__ = ["ClientDesk", "Submission", "submissions"]

Submission = tuple[int, tuple[Any, Any]]
"""When a task is due (ns), and the task."""

NO_MORE: Submission = NEVER, (None, None)


class ClientDesk:
    """One run's client. What it hears it answers with the results that the people above speak of now.

    Args:
        client: what is submitted, and what the people above say of it.
        people: the people above, in this run.
        submissions: the tasks, each with the time when it is due.
        on_submit: are called with each task that is submitted: its number, inputs and target.
    """

    def __init__(
        self,
        client: Client,
        people: People,
        submissions: Iterator[Submission],
        on_submit: Sequence[Callable[..., None]] = (),
    ) -> None:
        self.client = client
        self.people = people
        self.submissions = submissions
        self.on_submit = on_submit
        self.next_arrival, self.next_task = next(submissions, NO_MORE)
        self.submitted = 0
        self.in_flight: set[TaskID] = set()
        """Tasks whose feedback to below has not come yet."""
        self.round = client.in_flight or sys.maxsize
        """How many tasks may be in flight at most."""
        self.limit = self.round
        """Nothing is submitted while so many tasks are in flight; one, where the client waits for all of a round."""
        self.unheard: set[TaskID] = set()
        """Tasks whose result has not come yet."""
        self.targets: dict[TaskID, Any] = {}
        self.outputs: dict[TaskID, Any] = {}
        self.feedback_below: dict[TaskID, Any] = {}
        self.given_up: set[TaskID] = set()
        self.closed: set[TaskID] = set()
        """Tasks that were over before they were spoken of."""

    def submit(self) -> tuple[int, Any]:
        """The next task: its number, and its inputs."""
        task_id = self.submitted
        inputs, self.targets[task_id] = self.next_task
        if self.on_submit:
            for on_submit in self.on_submit:
                on_submit(task_id, *self.next_task)
        self.next_arrival, self.next_task = next(self.submissions, NO_MORE)
        self.submitted += 1
        self.in_flight.add(task_id)
        if self.client.waits_for_all:
            self.limit = self.round if self.submitted % self.round else 1
        self.unheard.add(task_id)
        return task_id, inputs

    def hear_result(self, task_id: TaskID, output: Any) -> Sequence[Result]:
        """A result has come, of a task that was not given up. Raises `AlreadyAnswered` for a second one."""
        if task_id not in self.unheard:
            raise self._second("result", task_id)
        self.unheard.discard(task_id)
        if self.client.keep:
            self.outputs[task_id] = output
        now = self.people.take((task_id, output))
        return now if self.unheard else [*now, *self._rest_if_last()]

    def hear_feedback(self, task_id: TaskID, re_inputs: Any) -> Sequence[Result]:
        """A feedback to below has come, of a task that was not given up: there is room for one more.

        Raises `AlreadyAnswered` for a second one.
        """
        if task_id not in self.in_flight:
            raise self._second("feedback to below", task_id)
        self.in_flight.remove(task_id)
        if task_id in self.unheard:  # the office itself has given it up
            return self.give_up(task_id)
        if task_id in self.targets:  # it has, and the people above do not know yet
            self.closed.add(task_id)
        if self.client.keep:
            self.feedback_below[task_id] = re_inputs
        return ()

    def give_up(self, task_id: TaskID) -> Sequence[Result]:
        """Wait no longer for what is to come about a task."""
        self.given_up.add(task_id)
        self.in_flight.discard(task_id)
        if task_id not in self.unheard:
            return ()
        self.unheard.discard(task_id)
        del self.targets[task_id]
        return self._rest_if_last()

    def say(self, result: Result) -> Any:
        """What the people above say of a result: the loss, and their feedback; or something to await that says so."""
        task_id, output = result
        return self.client.feedback(output, self.targets.pop(task_id))

    def _rest_if_last(self) -> Sequence[Result]:
        """The results that are still kept, where no more come: at the end, or before the next round."""
        is_last = self.next_arrival == NEVER or (self.client.waits_for_all and self.limit == 1)
        return self.people.rest() if is_last and not self.unheard else ()

    @property
    def waits_for(self) -> str:
        """What is still to come, in words; nothing when all is done."""
        if self.unheard:
            return f"{len(self.unheard)} results"
        return f"{len(self.in_flight)} feedbacks to below" if self.in_flight else ""

    @property
    def is_stuck(self) -> bool:
        """Whether there are tasks that may not be submitted before others are done."""
        return self.next_arrival < NEVER

    @staticmethod
    def _second(what: str, task_id: TaskID) -> AlreadyAnswered:
        error = AlreadyAnswered(f"second {what}", "")
        error.at(CLIENT, task_id)
        return error


def submissions(client: Client, seed: int) -> Iterator[Submission]:
    """When each task is due, and the task. Raises `BadClient` for what is no task, and where times run out."""
    arrivals = client.each_arrival(stream(seed, CLIENT, "arrivals"))
    for task_id, task in enumerate(client.each_task(stream(seed, CLIENT, "shuffle"))):
        if not (isinstance(task, (tuple, list)) and len(task) == 2):
            raise BadClient(f"task {task_id} is no pair (inputs, target): {task!r}")
        arrival = next(arrivals, None)
        if arrival is None:
            raise BadClient(f"there are more tasks than arrival times: none for task {task_id}")
        yield arrival, (task[0], task[1])
