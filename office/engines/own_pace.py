"""A desk that takes its time: service times, preferences, and a limit on what it has pending."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from office.desks import ALARM, FEEDBACK_FROM_ABOVE, INBOX, Desk, Pace
from office.engines.fault_clock import NO_FAULTS, DeskFaults, FaultClock
from office.ids import TaskID
from office.journal import NO_CAUSE
from office.mail import Delay, Tray, delay
from office.times import LAST, too_late

if TYPE_CHECKING:
    from office.journal import Entry

__all__ = ["OwnPace", "service_times"]

KINDS = "answer", "reply", "learn"


class OwnPace:
    """The desk's mail, each letter when the desk has taken the time for it: ``async for mail in OwnPace(...)``.

    It chooses a letter only when everything that arrives at that instant is in. The mail waits while the desk is busy
    or a fault lasts. The journal records the work. In the field: a single server with priorities.

    Args:
        tray: the desk's own.
        desk: says how many tasks are pending, and gives up.
        pace: how long the desk takes over things, and what it takes first.
        faults: those of the desk.
    """

    def __init__(self, tray: Tray, desk: Desk, pace: Pace, faults: DeskFaults = NO_FAULTS) -> None:
        self.tray = tray
        self.desk = desk
        self.pace = pace
        self.fault_clock = FaultClock(tray, desk, faults)
        times = zip(KINDS, service_times(pace), strict=True)
        self.answering, self.replying, self.learning = (_Durations(tray, kind, time) for kind, time in times)
        self.tasks: deque[Entry] = deque()
        self.others: deque[Entry] = deque()
        self.doing: tuple[int, TaskID, int] | None = None
        """The channel and task of the letter handed over last, and when work on it began."""

    def __aiter__(self) -> OwnPace:
        return self

    async def __anext__(self) -> Iterable[tuple[int, TaskID, Any]]:
        """The one letter that the desk comes to next, or an alarm about one task."""
        await self._finish()
        entry = await self._next_chosen()
        if not isinstance(entry, tuple):
            self.doing = ALARM, entry, self.tray.now
            self.tray.cause = NO_CAUSE
            return ((ALARM, entry, None),)
        channel, task_id, begin = self.tray.ports[entry[1]], entry[4], self.tray.now
        self.tray.taken(entry)
        self.doing = channel, task_id, begin
        if channel == INBOX:
            await self._work_on(task_id, self.answering.next())
        elif channel == FEEDBACK_FROM_ABOVE:
            await self._work_on(task_id, self.replying.next())
        return ((channel, task_id, entry[5]),)

    async def _finish(self) -> None:
        """What the letter before this one asked for has been sent: learn from it, and write down the work."""
        if self.doing is None:
            return
        channel, task_id, begin = self.doing
        if channel == FEEDBACK_FROM_ABOVE:
            await self._work_on(task_id, self.learning.next())
        if self.tray.now > begin:
            self.tray.record_work(task_id, begin)
        self.fault_clock.heard_of(task_id)

    async def _work_on(self, task_id: TaskID, time: int) -> None:
        """Let so much time (ns) pass. Raises `BadTime` where it does not."""
        until = self.tray.now + time
        if until > LAST:
            raise too_late(f"{self.tray.name}: would be done with its work on task {task_id!r}", until)
        await self.tray.sleep_until(until)

    async def _next_chosen(self) -> Entry | TaskID:
        """A letter, or a task about which the alarm goes off."""
        tray, pace, fault_clock = self.tray, self.pace, self.fault_clock
        while True:
            await tray.settle()
            await fault_clock.suffer()
            overdue = fault_clock.overdue()
            if overdue is not None:
                return overdue
            while tray.arrived and tray.arrived[0][0] <= tray.now:
                entry = tray.arrived.popleft()
                (self.tasks if tray.ports[entry[1]] == INBOX else self.others).append(entry)
            full = pace.max_pending is not None and self.desk.pending >= pace.max_pending
            lane = _choose(self.tasks if not full else deque(), self.others, pace)
            if lane:
                tray.excuse = ""
                return lane.popleft()
            if self.tasks:
                tray.excuse = f"takes no task: {self.desk.pending} of {pace.max_pending} wait for feedback"
            if await tray.mail_until(fault_clock.next_time()):
                tray.now = max(tray.now, tray.arrived[0][0])


def _choose(tasks: deque[Entry], others: deque[Entry], pace: Pace) -> deque[Entry]:
    """The lane that the desk takes its next letter from."""
    if not (tasks and others):
        return tasks or others
    if pace.prefers == "first come":
        return tasks if tasks[0][:3] < others[0][:3] else others
    return tasks if pace.prefers == "tasks first" else others


def service_times(pace: Pace) -> tuple[Delay, ...]:
    """How long a desk takes to answer, to reply and to learn. Raises `BadTime` or `BadConditions`."""
    return delay(pace.answer_time), delay(pace.reply_time), delay(pace.learn_time)


class _Durations:
    """How long each piece of one kind of work takes, from the desk's own stream for it."""

    def __init__(self, tray: Tray, kind: str, time: Delay) -> None:
        self.delay = time
        self.drawn: list[int] = []
        self.rng: np.random.Generator = tray.stream(f"{kind} time")

    def next(self) -> int:
        if not self.drawn:
            self.drawn = self.delay.draw(self.rng, 64)[::-1]
        return self.drawn.pop()
