"""The client at work: the task that submits, listens and replies, by his own clock."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from heapq import heappop, heappush
from itertools import count
from typing import Any

from office.desks import INBOX, NO_FEEDBACK, TaskID
from office.engines.client import Client
from office.engines.floor_plan import CLIENT, Channels
from office.engines.patience import Patience
from office.engines.replies import Result
from office.errors import BadClient
from office.journal import Journal
from office.mail import NEVER, Tray, nanoseconds, one_tray, stands_still, stream, time_text

__all__ = ["Attendance"]


NO_MORE: tuple[int, tuple[Any, Any]] = NEVER, (None, None)


def submissions(client: Client, seed: int) -> Iterator[tuple[int, tuple[Any, Any]]]:
    """When each task is due (ns), and the task. Raises `BadClient` for what is no task, and where times run out."""
    arrivals = client.each_arrival(stream(seed, CLIENT, "arrivals"))
    for task_id, task in enumerate(client.each_task(stream(seed, CLIENT, "shuffle"))):
        if not (isinstance(task, (tuple, list)) and len(task) == 2):
            raise BadClient(f"task {task_id} is no pair (inputs, target): {task!r}")
        arrival = next(arrivals, None)
        if arrival is None:
            raise BadClient(f"there are more tasks than arrival times: none for task {task_id}")
        yield arrival, (task[0], task[1])


class Attendance:
    """One run's client: what has been submitted, heard and said so far."""

    def __init__(self, client: Client, front: Channels, journal: Journal, seed: int) -> None:
        self.client = client
        self.submit, self.outbox, self.say, self.feedback_to_below = front
        self.tray: Tray = one_tray([self.outbox, self.feedback_to_below])
        self.said = journal.said
        self.submissions = submissions(client, seed)
        self.next_arrival, self.next_task = next(self.submissions, NO_MORE)
        self.people = client.replies(stream(seed, CLIENT, "replies"))
        self.submitted = 0
        self.instant, self.submitted_before = 0, 0
        """The instant of the last submission, and how many there had been before it."""
        self.in_flight = 0
        self.most = client.in_flight or NEVER
        self.limit = self.most
        """Nothing is submitted while so many tasks are in flight; one, where the client waits for all of a round."""
        self.unheard: set[TaskID] = set()
        """Tasks whose result has not come yet."""
        self.targets: dict[TaskID, Any] = {}
        self.remember: dict[TaskID, tuple[Any, Any]] | None = None
        """Inputs and target of each task, for whoever wants to ask again."""
        self.outputs: dict[TaskID, Any] = {}
        self.feedback_below: dict[TaskID, Any] = {}
        self.later: list[tuple[int, int, Result]] = []
        """Results to be spoken of later: when, in which order, and which."""
        self.number = count()
        self.patience = Patience(None if client.patience is None else nanoseconds(client.patience))
        self.given_up: set[TaskID] = set()
        self.closed: set[TaskID] = set()
        """Tasks that were over before they were spoken of."""

    async def attend(self) -> None:
        """Submit each task when it is due and there is room, reply to each result, and go home when all is done.

        What is due at the very instant at which something arrives comes first.
        """
        tray, later, patience = self.tray, self.later, self.patience
        arrived = tray.arrived
        while True:
            due = submission = self.next_arrival if self.in_flight < self.limit else NEVER
            if later and later[0][0] < due:
                due = later[0][0]
            if patience.order:
                due = min(due, patience.next_time())
            if (arrived and arrived[0][0] < due) or (due > tray.now and await self._mail_until(due)):
                channel, task_id, body = tray.take()
                if channel == INBOX:
                    await self._hear_result(task_id, body)
                else:
                    await self._hear_feedback(task_id, body)
            elif due < NEVER and patience.next_time() == due:
                await self._lose_patience(patience.give_up())
            elif due == NEVER:
                tray.leave()
                return
            elif submission == due:
                await self._submit()
            else:
                await self._say(heappop(later)[2])

    async def _mail_until(self, due: int) -> bool:
        """Whether there is mail before something is due; none will come when all is done, and nothing was given up."""
        return (due < NEVER or self.in_flight > 0 or bool(self.given_up)) and await self.tray.mail_until(due)

    async def _submit(self) -> None:
        task_id = self.submitted
        if self.tray.now > self.instant:
            self.instant, self.submitted_before = self.tray.now, task_id
        elif task_id - self.submitted_before > self.tray.room.in_an_instant:
            raise stands_still(self.instant, self.tray.room.in_an_instant)
        inputs, self.targets[task_id] = self.next_task
        if self.remember is not None:
            self.remember[task_id] = self.next_task
        self.next_arrival, self.next_task = next(self.submissions, NO_MORE)
        self.submitted += 1
        self.in_flight += 1
        if self.client.waits_for_all:
            self.limit = self.most if self.submitted % self.most else 1
        self.unheard.add(task_id)
        self.patience.wait_for(task_id, self.tray.now)
        await self.submit.send((task_id, inputs))

    async def _lose_patience(self, task_id: TaskID) -> None:
        self.in_flight -= 1
        await self._give_up(task_id)

    async def _give_up(self, task_id: TaskID) -> None:
        self.given_up.add(task_id)
        if task_id in self.unheard:
            self.unheard.discard(task_id)
            del self.targets[task_id]
            await self._speak_of(self._rest_if_last())

    async def _hear_feedback(self, task_id: TaskID, re_inputs: Any) -> None:
        if task_id in self.given_up:
            return
        self.patience.wait_no_longer(task_id)
        self.in_flight -= 1
        if task_id in self.unheard:  # the office itself has given it up
            await self._give_up(task_id)
            return
        if task_id in self.targets:  # it has, and the people above do not know yet
            self.closed.add(task_id)
        if self.client.keep:
            self.feedback_below[task_id] = re_inputs

    async def _hear_result(self, task_id: TaskID, output: Any) -> None:
        if task_id in self.given_up:
            await self.say.send((task_id, NO_FEEDBACK))  # so that nobody keeps notes for ever
            return
        self.unheard.discard(task_id)
        if self.client.keep:
            self.outputs[task_id] = output
        self.patience.wait_no_longer(task_id)  # from now on it is with the people above, who take their time
        await self._speak_of([*self.people.take((task_id, output)), *self._rest_if_last()])

    def _rest_if_last(self) -> Sequence[Result]:
        """The results that are still kept, where no more come: at the end, or before the next round."""
        is_last = self.next_arrival == NEVER or (self.client.waits_for_all and self.limit == 1)
        return self.people.rest() if is_last and not self.unheard else ()

    async def _speak_of(self, results: Sequence[Result]) -> None:
        """Say what is thought of these, each when the people above come to it."""
        for result in results:
            pause = self.people.pause()
            if pause:
                heappush(self.later, (self.tray.now + pause, next(self.number), result))
            else:
                await self._say(result)

    async def _say(self, result: Result) -> None:
        """Tell the office what the people above think of a result."""
        task_id, output = result
        try:
            loss, re_output = self.client.feedback(output, self.targets.pop(task_id))
        except Exception as error:
            error.add_note(f"{CLIENT}, task {task_id!r}, at {time_text(self.tray.now)} of virtual time")
            raise
        self.said.append((self.tray.now, task_id, loss))
        if task_id not in self.closed:
            self.patience.wait_for(task_id, self.tray.now)
        await self.say.send((task_id, re_output))

    @property
    def waits_for(self) -> str:
        """What is still to come, in words; nothing when all is done."""
        if self.unheard:
            return f"{len(self.unheard)} results"
        return f"{self.in_flight} feedbacks to below" if self.in_flight else ""

    @property
    def is_stuck(self) -> bool:
        """Whether there are tasks that may not be submitted before others are done."""
        return self.next_arrival < NEVER
