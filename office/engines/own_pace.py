"""A desk that takes its time: service times, preferences, and a limit on what it has pending."""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

import numpy as np

from office.desks import FEEDBACK_FROM_ABOVE, INBOX, Desk, Pace, TaskID
from office.mail import Delay, Tray, delay, stream

if TYPE_CHECKING:
    from office.journal import Entry

__all__ = ["at_own_pace"]


async def at_own_pace(tray: Tray, desk: Desk, pace: Pace) -> AsyncIterator[tuple[int, TaskID, Any]]:
    """The desk's mail, each letter when the desk has taken the time for it.

    A letter is chosen only when everything that arrives at that instant is in. While the desk is busy its mail waits.
    What it does is written into the journal. In the field: a single server with priorities.
    """
    answering, replying, learning = (_Durations(tray, name, pace) for name in ("answer", "reply", "learn"))
    work = tray.room.journal.work.setdefault(tray.name, [])
    tasks: deque[Entry] = deque()
    others: deque[Entry] = deque()
    while True:
        await tray.settle()
        while tray.arrived and tray.arrived[0][0] <= tray.now:
            entry = tray.arrived.popleft()
            (tasks if tray.ports[entry[1]] == INBOX else others).append(entry)
        full = pace.max_pending is not None and desk.pending >= pace.max_pending
        tray.excuse = f"takes no task: {desk.pending} of {pace.max_pending} wait for feedback" if full and tasks else ""
        lane = _choose(tasks if not full else (), others, pace)
        if not lane:
            await tray.mail()
            tray.now = max(tray.now, tray.arrived[0][0])
            continue
        entry = lane.popleft()
        tray.taken(entry)
        channel, begin = tray.ports[entry[1]], tray.now
        if channel == INBOX:
            await tray.sleep_until(begin + answering.next())
        elif channel == FEEDBACK_FROM_ABOVE:
            await tray.sleep_until(begin + replying.next())
        yield channel, entry[4], entry[5]
        if channel == FEEDBACK_FROM_ABOVE:
            await tray.sleep_until(tray.now + learning.next())
        if tray.now > begin:
            work.append((entry[4], begin, tray.now))


def _choose(tasks: Any, others: deque[Entry], pace: Pace) -> deque[Entry] | None:
    """The lane that the desk takes its next letter from."""
    if not (tasks and others):
        return tasks or others
    if pace.prefers == "first come":
        return tasks if tasks[0][:3] < others[0][:3] else others
    return tasks if pace.prefers == "tasks first" else others


class _Durations:
    """How long each piece of one kind of work takes, from the desk's own stream for it."""

    def __init__(self, tray: Tray, kind: str, pace: Pace) -> None:
        self.delay: Delay = delay(getattr(pace, f"{kind}_time"))
        self.drawn: list[int] = []
        self.rng: np.random.Generator = stream(tray.room.seed, tray.name, f"{kind} time")

    def next(self) -> int:
        if not self.drawn:
            self.drawn = self.delay.draw(self.rng, 64)[::-1]
        return self.drawn.pop()
