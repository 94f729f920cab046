"""What befalls a desk besides its mail, by its own clock: it stalls, it crashes, and what it waits for never comes."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from office.desks import Desk, WorkerDesk
from office.engines.patience import Patience
from office.ids import TaskID
from office.mail import Tray
from office.times import NEVER

if TYPE_CHECKING:
    from office.engines.faults import Setback

__all__ = ["NO_FAULTS", "DeskFaults", "FaultClock"]


@dataclass(frozen=True)
class DeskFaults:
    """What is to befall a desk, and after how long (ns) it waits no longer for what is to come about a task."""

    setbacks: Sequence[Setback] = ()
    expire: int | None = None


NO_FAULTS = DeskFaults()


class FaultClock:
    """One desk in trouble. What befalls it is written into the journal."""

    def __init__(self, tray: Tray, desk: Desk, faults: DeskFaults) -> None:
        self.tray = tray
        self.desk = desk
        self.patience = Patience(faults.expire)
        self.setbacks = deque(faults.setbacks)
        self.strays = 0

    def heard_of(self, task_id: TaskID) -> None:
        """A letter about a task has been dealt with."""
        if self.desk.strays > self.strays:
            self.strays = self.desk.strays
            self.tray.record_incident("stray", task_id)
        if self.desk.waits_for(task_id):
            self.patience.wait_for(task_id, self.tray.now)
        else:
            self.patience.wait_no_longer(task_id)

    def next_time(self) -> int:
        """When something befalls the desk next, in ns; `NEVER` if nothing will."""
        at = self.setbacks[0].at if self.setbacks else NEVER
        return min(at, self.patience.next_time())

    async def suffer(self) -> None:
        """Go through all that befalls the desk by now."""
        while self.setbacks and self.setbacks[0].at <= self.tray.now:
            at, lasts, crash = self.setbacks.popleft()
            self.tray.record_incident("crashed" if crash else "stalled")
            if crash and isinstance(self.desk, WorkerDesk):
                for task_id in self.desk.forget():
                    self.patience.wait_no_longer(task_id)
                    self.tray.record_incident("forgotten", task_id)
            if at + lasts > self.tray.now:
                await self.tray.sleep_until(at + lasts)
                await self.tray.settle()
            self.tray.record_incident("back")

    def overdue(self) -> TaskID | None:
        """A task that it waits for no longer by now; None if there is none."""
        if self.patience.next_time() > self.tray.now:
            return None
        task_id = self.patience.give_up()
        self.tray.record_incident(f"{self.desk.waits_for(task_id)} expired", task_id)
        return task_id
