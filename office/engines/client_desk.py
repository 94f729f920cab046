"""The client at its desk: what it submits, hears and says, as any other desk; and its task, which goes by the clock."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from heapq import heappop, heappush
from itertools import count
from typing import Any

from office.desks import FEEDBACK_FROM_ABOVE, FEEDBACK_TO_BELOW, INBOX, NO_FEEDBACK, OUTBOX, OUTSIDE, Letter
from office.engines.client import Client
from office.engines.floor_plan import Channels
from office.engines.instruments import Clock
from office.engines.patience import Patience
from office.engines.replies import People, Reply, Result, as_opinion
from office.engines.submissions import Submissions
from office.engines.waiting import Outside
from office.errors import AlreadyAnswered, BadClient, BadTime, as_raised, locate
from office.ids import CLIENT, TaskID
from office.journal import NO_CAUSE, Loss
from office.mail import one_tray
from office.times import LAST, NEVER, nanoseconds, too_late
from office.work.parameters import make

__all__ = ["ClientDesk", "run_client"]


MOST_IN_FLIGHT = 1_000_000
"""Tasks of a generator that may be in flight, where its client does not say how many."""
TOO_MANY = -1
"""Due when there are more."""


class ClientDesk:
    """One run's client. What it hears and does it answers with letters; the people above think of each as it is sent.

    Args:
        client: what is submitted, and what the people above say of it.
        people: the people above, in this run.
        submissions: the tasks, each fetched when it is due and there is room.
        clock: says what time it is.
        losses: gets a row for each result that the people above speak of.
        on_submit: are called with each task that is submitted: its number, inputs and target.
    """

    name = CLIENT

    def __init__(
        self,
        client: Client,
        people: People,
        submissions: Submissions,
        clock: Clock,
        losses: list[Loss],
        on_submit: Sequence[Callable[..., None]] = (),
    ) -> None:
        self.client = client
        self.people = people
        self.submissions = submissions
        self.clock = clock
        self.losses = losses
        self.on_submit = on_submit
        self.next_arrival = submissions.due
        self.submitted = 0
        self.patience = None if client.patience is None else Patience(CLIENT, nanoseconds(client.patience))
        self.in_flight: set[TaskID] = set()
        """Tasks whose feedback to below has not come yet."""
        self.round = client.in_flight or sys.maxsize
        """How many tasks may be in flight at most."""
        self.when_full = NEVER
        """What is due where so many are: nothing, or the error that there are more than anybody meant."""
        if client.in_flight is None and client.how_many() is None:
            self.round, self.when_full = MOST_IN_FLIGHT, TOO_MANY
        self.limit = self.round
        """Nothing is submitted while so many tasks are in flight; one, where the client waits for all of a round."""
        self.unheard: set[TaskID] = set()
        """Tasks whose result has not come yet."""
        self.later: list[tuple[int, int, Result]] = []
        """Results to be spoken of later: when, in which order, and which."""
        self.number = count()
        self.targets: dict[TaskID, Any] = {}
        self.outputs: dict[TaskID, Any] = {}
        self.feedback_below: dict[TaskID, Any] = {}
        self.given_up: set[TaskID] = set()

    def next_time(self) -> int | None:
        """When something is due that no letter brings, in ns; `NEVER` if nothing is. None when all is done."""
        due = self.next_arrival if len(self.in_flight) < self.limit else self.when_full
        if self.later and self.later[0][0] < due:
            due = self.later[0][0]
        if self.patience is not None:
            due = min(due, self.patience.next_time())
        return due if due < NEVER or self.in_flight or self.given_up else None

    def act(self, due: int) -> Iterable[Letter]:
        """Do what is due: give a task up, submit one, or reply to a result."""
        if self.patience is not None and self.patience.next_time() == due:
            return self.give_up(self.patience.give_up())
        if self.next_arrival <= due and len(self.in_flight) < self.limit:
            try:
                return self.submit()
            except BaseException as error:
                locate(as_raised(error), CLIENT, self.submitted)
                raise
        return self.find_no_more() if due == TOO_MANY else self.reply_to([(0, heappop(self.later)[2])])

    def find_no_more(self) -> Iterable[Letter]:
        """So many tasks of a generator are in flight that there are to be no more of them. Raises `BadClient`."""
        if self.is_stuck():
            raise BadClient(
                f"{len(self.in_flight):,} tasks are in flight, and a generator may have any number more:\n"
                "say in_flight=N, so that no more than N are submitted before others are done"
            )
        self.next_arrival = self.when_full = NEVER
        return self.reply_to(self._rest_if_last())

    def submit(self) -> Iterable[Letter]:
        """Fetch the next task and hand it in: its number, and its inputs. Or find that there are no more."""
        task = self.submissions.take()
        self.next_arrival = self.submissions.due
        if task is None:
            return self.reply_to(self._rest_if_last())
        task_id = self.submitted
        inputs, self.targets[task_id] = task
        if self.on_submit:
            for on_submit in self.on_submit:
                on_submit(task_id, *task)
        self.submitted += 1
        self.in_flight.add(task_id)
        if self.client.waits_for_all:
            self.limit = self.round if self.submitted % self.round else 1
        self.unheard.add(task_id)
        if self.patience is not None:
            self.patience.wait_for(task_id, self.clock.now)
        return ((INBOX, task_id, inputs),)

    def read(self, channel: int, task_id: TaskID, body: Any) -> Iterable[Letter]:
        """Take a result or a feedback to below. Raises `AlreadyAnswered` for a second one.

        A result of a task that was given up hears that there is no feedback, so that no desk keeps its notes for ever.

        Args:
            channel: the office's outbox, or its feedback to below.
            task_id: the task's ID.
            body: the result or the feedback.
        """
        if self.given_up and task_id in self.given_up:
            return ((FEEDBACK_FROM_ABOVE, task_id, NO_FEEDBACK),) if channel == OUTBOX else ()
        if self.patience is not None:
            self.patience.wait_no_longer(task_id)  # a result is with the people above now, who take their time
        try:
            return self.hear_result(task_id, body) if channel == OUTBOX else self.hear_feedback(task_id, body)
        except BaseException as error:
            locate(error, CLIENT, task_id)
            raise

    def hear_result(self, task_id: TaskID, output: Any) -> Iterable[Letter]:
        """A result has come: some are spoken of now."""
        if task_id not in self.unheard:
            raise AlreadyAnswered("second result", "").at(CLIENT, task_id)
        self.unheard.discard(task_id)
        if self.client.keep:
            self.outputs[task_id] = output
        replies = self.people.take((task_id, output))
        return self.reply_to(replies if self.unheard else [*replies, *self._rest_if_last()])

    def hear_feedback(self, task_id: TaskID, re_inputs: Any) -> Iterable[Letter]:
        """A feedback to below has come: there is room for one more task."""
        if task_id not in self.in_flight:
            raise AlreadyAnswered("second feedback to below", "").at(CLIENT, task_id)
        self.in_flight.remove(task_id)
        if task_id in self.unheard:  # the office itself has given it up
            return self.give_up(task_id)
        if self.client.keep:
            self.feedback_below[task_id] = re_inputs
        return ()

    def give_up(self, task_id: TaskID) -> Iterable[Letter]:
        """Wait no longer for what is to come about a task."""
        self.given_up.add(task_id)
        self.in_flight.discard(task_id)
        if task_id not in self.unheard:
            return ()
        self.unheard.discard(task_id)
        del self.targets[task_id]
        return self.reply_to(self._rest_if_last())

    def reply_to(self, replies: Iterable[Reply]) -> Iterator[Letter]:
        """Say of one result after another what the people above think of it, or put it off, if they take their time."""
        for wait, result in replies:
            task_id, output = result
            if wait:
                heappush(self.later, (self._put_off(task_id, wait), next(self.number), result))
                continue
            if self.patience is not None and task_id in self.in_flight:
                self.patience.wait_for(task_id, self.clock.now)
            try:
                opinion = self.client.feedback(output, self.targets.pop(task_id))
                if hasattr(opinion, "__await__"):
                    yield OUTSIDE, task_id, (opinion, partial(self._reply, task_id))
                else:
                    yield from self._reply(task_id, opinion)
            except BaseException as error:
                locate(error, CLIENT, task_id)
                raise

    def _put_off(self, task_id: TaskID, wait: int) -> int:
        """When a result is to be spoken of, in ns. Raises `BadTime`."""
        try:
            time = self.clock.now + nanoseconds(wait)
        except BadTime as error:
            raise BadTime(f"{CLIENT}: waits before it replies to task {task_id!r}: {error}") from None
        if time > LAST:
            raise too_late(f"{CLIENT}: would reply to task {task_id!r}", time)
        return time

    def _reply(self, task_id: TaskID, opinion: tuple[float, Any]) -> list[Letter]:
        """What the people above say of a result; the loss is for the journal."""
        loss, re_output = as_opinion(opinion)
        self.losses.append(make(Loss, (self.clock.now, task_id, loss)))
        return [(FEEDBACK_FROM_ABOVE, task_id, re_output)]

    def _rest_if_last(self) -> Sequence[Reply]:
        """The results that are still kept, where no more come: at the end, or before the next round."""
        is_last = self.next_arrival == NEVER or (self.client.waits_for_all and self.limit == 1)
        return self.people.rest() if is_last and not self.unheard else ()

    @property
    def waits_for(self) -> str:
        """What is still to come, in words; nothing when all is done."""
        if self.unheard:
            return f"{len(self.unheard)} results"
        return f"{len(self.in_flight)} feedbacks to below" if self.in_flight else ""

    def is_stuck(self) -> bool:
        """Whether there are tasks that may not be submitted before others are done. Fetches the next of them."""
        return self.next_arrival < NEVER and self.submissions.take() is not None


async def run_client(desk: ClientDesk, front: Channels) -> None:
    """Sit at the client's desk: do what is due, read what comes, send what the desk says, and go home when all is done.

    What is due at the very instant at which something arrives comes first.

    Args:
        desk: decides what to send.
        front: the channels of the whole office, from outside.
    """
    tray = one_tray({OUTBOX: front.outbox, FEEDBACK_TO_BELOW: front.feedback_to_below})
    sends: dict[int, Any] = {INBOX: front.inbox, FEEDBACK_FROM_ABOVE: front.feedback_from_above}
    sends[OUTSIDE] = Outside(tray, sends)
    arrived, causes = tray.arrived, dict[TaskID, int]()
    instant, acts = 0, 0
    if desk.client.at_the_beginning > tray.agenda.in_an_instant:
        raise tray.agenda.stands_still(instant)
    while (due := desk.next_time()) is not None:
        if (arrived and arrived[0][0] < due) or (due > tray.now and await tray.mail_until(due)):
            channel, task_id, body = tray.take()
            if channel == OUTBOX:
                causes[task_id] = tray.cause  # of what will be said of this result, however late
            letters = desk.read(channel, task_id, body)
        else:
            if tray.now > instant:
                instant, acts = tray.now, 0
            elif acts > tray.agenda.in_an_instant:
                raise tray.agenda.stands_still(instant)
            acts += 1
            letters = desk.act(due)
        for out, about, answer in letters:
            tray.cause = causes.pop(about, NO_CAUSE)
            await sends[out].send((about, answer))
    tray.leave()
