"""The faults of a desk, by its own clock: it stalls, it crashes, and it gives up what it waits for in vain."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from office.desks import Desk, WorkerDesk
from office.engines.patience import Patience
from office.ids import TaskID
from office.journal import IncidentKind
from office.mail import Tray
from office.times import NEVER

if TYPE_CHECKING:
    from office.engines.faults import Setback

__all__ = ["NO_FAULTS", "DeskFaults", "FaultClock"]


@dataclass(frozen=True)
class DeskFaults:
    """The setbacks of a desk, and how long (ns) it waits for the next word about a task; None: for ever."""

    setbacks: Sequence[Setback] = ()
    expire: int | None = None


NO_FAULTS = DeskFaults()


class FaultClock:
    """The faults of one desk, each at its time. They are written into the journal.

    Args:
        tray: the desk's own.
        desk: what crashes and gives up.
        faults: those that are to come.
    """

    def __init__(self, tray: Tray, desk: Desk, faults: DeskFaults) -> None:
        self.tray = tray
        self.desk = desk
        self.patience = Patience(tray.name, faults.expire)
        self.setbacks = deque(faults.setbacks)
        self.strays = 0

    def heard_of(self, task_id: TaskID) -> None:
        """The desk has dealt with a letter about a task."""
        if self.desk.strays > self.strays:
            self.strays = self.desk.strays
            self.tray.record_incident(IncidentKind.STRAY, task_id)
        if self.desk.waits_for(task_id):
            self.patience.wait_for(task_id, self.tray.now)
        else:
            self.patience.wait_no_longer(task_id)

    def next_time(self) -> int:
        """When the next fault comes, in ns; `NEVER` if none will."""
        at = self.setbacks[0].at if self.setbacks else NEVER
        return min(at, self.patience.next_time())

    async def suffer(self) -> None:
        """Go through all setbacks that are due by now."""
        while self.setbacks and self.setbacks[0].at <= self.tray.now:
            at, lasts, crash = self.setbacks.popleft()
            self.tray.record_incident(IncidentKind.CRASHED if crash else IncidentKind.STALLED)
            if crash and isinstance(self.desk, WorkerDesk):
                for task_id in self.desk.forget():
                    self.patience.wait_no_longer(task_id)
                    self.tray.record_incident(IncidentKind.FORGOTTEN, task_id)
            if at + lasts > self.tray.now:
                await self.tray.sleep_until(at + lasts)
                await self.tray.settle()
            self.tray.record_incident(IncidentKind.BACK)

    def overdue(self) -> TaskID | None:
        """A task that the desk gives up by now; None if there is none."""
        if self.patience.next_time() > self.tray.now:
            return None
        task_id = self.patience.give_up()
        self.tray.record_incident(IncidentKind(f"{self.desk.waits_for(task_id)} expired"), task_id)
        return task_id
