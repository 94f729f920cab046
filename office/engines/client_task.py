"""The client's task: submits, listens and replies, by its own clock."""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heappop, heappush
from itertools import count
from typing import Any

from office.desks import FEEDBACK_TO_BELOW, NO_FEEDBACK, OUTBOX
from office.engines.client import Client
from office.engines.client_desk import ClientDesk, submissions
from office.engines.floor_plan import Channels
from office.engines.instruments import Instrument, hooks
from office.engines.patience import Patience
from office.engines.replies import Result, as_loss
from office.errors import keep_task
from office.ids import CLIENT, TaskID
from office.journal import NO_CAUSE, Journal, Loss
from office.mail import Tray, one_tray, stream
from office.times import NEVER, nanoseconds, time_text

__all__ = ["ClientTask"]


class ClientTask:
    """One run's client at its desk: what is due, and when.

    Args:
        client: what is submitted, and what the people above say of it.
        front: the channels of the whole office, from outside.
        journal: has a row for each result that the people above speak of.
        seed: that of the run.
        instruments: hear of each task that is submitted.
    """

    def __init__(
        self, client: Client, front: Channels, journal: Journal, seed: int, instruments: Sequence[Instrument] = ()
    ) -> None:
        people = client.replies(stream(seed, CLIENT, "replies"))
        self.desk = ClientDesk(client, people, submissions(client, seed), hooks(instruments, "on_submit"))
        self.submit, self.outbox, self.say, self.feedback_to_below = front
        self.tray: Tray = one_tray({OUTBOX: self.outbox, FEEDBACK_TO_BELOW: self.feedback_to_below})
        self.losses = journal.losses
        self.instant, self.submitted_before = 0, 0
        """The instant of the last submission, and how many there had been before it."""
        self.later: list[tuple[int, int, Result]] = []
        """Results to be spoken of later: when, in which order, and which."""
        self.number = count()
        self.results: dict[TaskID, int] = {}
        """The message that brought each result that has not been spoken of: the cause of what will be said of it."""
        self.patience = Patience(None if client.patience is None else nanoseconds(client.patience))

    async def run(self) -> None:
        """Submit each task when it is due and there is room, reply to each result, and go home when all is done.

        What is due at the very instant at which something arrives comes first.
        """
        desk, tray, later, patience = self.desk, self.tray, self.later, self.patience
        arrived = tray.arrived
        while True:
            due = submission = desk.next_arrival if len(desk.in_flight) < desk.limit else NEVER
            if later and later[0][0] < due:
                due = later[0][0]
            if patience.order:
                due = min(due, patience.next_time())
            if (arrived and arrived[0][0] < due) or (due > tray.now and await self._mail_until(due)):
                channel, task_id, body = tray.take()
                if channel == OUTBOX:
                    await self._hear_result(task_id, body)
                elif task_id not in desk.given_up:
                    patience.wait_no_longer(task_id)
                    await self._speak_of(desk.hear_feedback(task_id, body))
            elif due < NEVER and patience.next_time() == due:
                await self._speak_of(desk.give_up(patience.give_up()))
            elif due == NEVER:
                tray.leave()
                return
            elif submission == due:
                await self._submit()
            else:
                await self._say(heappop(later)[2])

    async def _mail_until(self, due: int) -> bool:
        """Whether mail comes before something is due. None will come when all is done, and nothing was given up."""
        desk = self.desk
        return (due < NEVER or bool(desk.in_flight or desk.given_up)) and await self.tray.mail_until(due)

    async def _submit(self) -> None:
        now, submitted = self.tray.now, self.desk.submitted
        if now > self.instant:
            self.instant, self.submitted_before = now, submitted
        elif submitted - self.submitted_before > self.tray.agenda.in_an_instant:
            raise self.tray.agenda.stands_still(self.instant)
        letter = self.desk.submit()
        self.patience.wait_for(letter[0], now)
        self.tray.cause = NO_CAUSE
        await self.submit.send(letter)

    async def _hear_result(self, task_id: TaskID, output: Any) -> None:
        if task_id in self.desk.given_up:
            await self.say.send((task_id, NO_FEEDBACK))  # so that no desk keeps its notes for ever
            return
        self.patience.wait_no_longer(task_id)  # from now on it is with the people above, who take their time
        results = self.desk.hear_result(task_id, output)
        self.results[task_id] = self.tray.cause
        await self._speak_of(results)

    async def _speak_of(self, results: Sequence[Result]) -> None:
        """Reply to these results, each when the people above come to it."""
        for result in results:
            pause = self.desk.people.pause()
            if pause:
                heappush(self.later, (self.tray.now + pause, next(self.number), result))
            else:
                await self._say(result)

    async def _say(self, result: Result) -> None:
        """Reply to one result as the people above think of it."""
        task_id, now = result[0], self.tray.now
        try:
            opinion = self.desk.say(result)
            loss, re_output = await self.tray.outside(task_id, opinion) if hasattr(opinion, "__await__") else opinion
            loss = as_loss(loss, task_id)
        except Exception as error:
            keep_task(error, task_id)
            error.add_note(f"{CLIENT}, task {task_id!r}, at {time_text(now)} of virtual time")
            raise
        self.losses.append(Loss(now, task_id, loss))
        if task_id not in self.desk.closed:
            self.patience.wait_for(task_id, now)
        self.tray.cause = self.results.pop(task_id)
        await self.say.send((task_id, re_output))
