"""Between an office and the trio code around it: four literal channels, and virtual time that runs while one waits.

The office's time stands still while anybody outside is running. It runs while somebody outside waits for the office
and all other tasks wait for something: then nothing that anybody outside does can come in between, and the order of
everything is determined (as long as each channel is used by one task). Where somebody inside waits for something that
is not mail, it stands still till he goes on.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import trio

from office.errors import Deadlock
from office.mail.waits import all_wait
from office.times import time_text

if TYPE_CHECKING:
    from office.journal import Entry
    from office.mail.tray import Tray

__all__ = ["FrontDoor"]


class FrontDoor:
    """Carries messages between the tray of whoever is outside and the tasks out there.

    `keep` is a task of the office. `deadlock` says what is wrong when all wait and no mail is on its way.
    """

    def __init__(self, tray: Tray, deadlock: Callable[[str], Deadlock]) -> None:
        self.tray = tray
        self.deadlock = deadlock
        self.came: dict[int, deque[Entry]] = {}
        self.waiting: dict[trio.lowlevel.Task, str] = {}
        """Who outside waits for the office, and what for."""
        self.alarms: list[int] = []
        self.outside = trio.lowlevel.ParkingLot()
        self.stirred = trio.Event()
        self.is_quiet = False

    @property
    def now(self) -> int:
        """The office's virtual time, in ns."""
        return self.tray.present

    def when_quiet(self) -> Tray | None:
        """Nothing more will happen inside: whoever is outside hears of it."""
        self.is_quiet = True
        return self.tray

    async def keep(self) -> None:
        """Let time run whenever everybody outside waits, and tell them what came of it."""
        from trio.testing import wait_all_tasks_blocked  # noqa: PLC0415  it would import pytest at every start

        self.keeper = trio.lowlevel.current_task()
        self.doors = _OPEN.get([])
        _OPEN.set(self.doors)
        self.doors.append(self)
        try:
            await self._keep(wait_all_tasks_blocked)
        finally:
            self.doors.remove(self)

    async def _keep(self, wait_all_tasks_blocked: Callable[[], Awaitable[None]]) -> None:
        while True:
            while not self.waiting:
                await self._something_outside()
            await wait_all_tasks_blocked()
            if not self.waiting:
                continue
            if self.is_quiet:
                if self._all_wait_for_the_office():
                    raise Deadlock("\n".join(sorted(door.complaint() for door in self.doors if door.waiting)))
                await self._something_outside()
            else:
                await self._let_time_run()
                for door in self.doors:
                    door.stirred.set()  # whoever is told something now may be the last whom another office waits for
            self.outside.unpark_all()

    def complaint(self) -> str:
        """Who waits for what, in words, when everybody does."""
        return str(self.deadlock(", ".join(sorted({what for what in self.waiting.values() if what}))))

    async def _something_outside(self) -> None:
        """Wait until somebody outside does something with the office, or has gone."""
        self.stirred = trio.Event()
        watch = _Leaving(self.stirred)
        trio.lowlevel.add_instrument(watch)
        try:
            await self.stirred.wait()
        finally:
            trio.lowlevel.remove_instrument(watch)

    async def _let_time_run(self) -> None:
        """Pass the baton in, until something comes out: mail, an alarm, or word that all is quiet."""
        self.tray.agenda.by_links()
        if self.alarms:
            self.tray.call_at(min(self.alarms))
        self.tray.awaits_mail = True
        await self.tray.turn()
        self.tray.awaits_mail, self.tray.now = False, self.now
        while self.tray.arrived:
            entry = self.tray.arrived.popleft()
            self.came.setdefault(entry[1], deque()).append(entry)

    async def wait_until(self, ready: Callable[[], Any], what: str) -> None:
        """Outside: wait, with the office's time running, until something is so."""
        await trio.lowlevel.checkpoint()
        task = trio.lowlevel.current_task()
        while not ready():
            self.waiting[task] = what
            self.stirred.set()
            try:
                await self.outside.park()
            finally:
                self.waiting.pop(task, None)

    async def wait_until_time(self, time: int) -> None:
        """Outside: wait until the office's clock is at `time` (ns)."""
        self.stir()
        self.alarms.append(time)
        if self.tray.parked:  # somebody inside waits for something else, and time may run before all are waiting here
            self.tray.call_at(min(self.alarms))
        try:
            await self.wait_until(lambda: self.now >= time, f"the time {time_text(time)}")
        finally:
            self.alarms.remove(time)

    async def wait_until_quiet(self) -> None:
        """Outside: wait until no mail is on its way and nobody inside has anything to do."""
        await self.wait_until(lambda: self.is_quiet, "quiet")

    def stir(self) -> None:
        """Something has been put into the office: there may be more to come."""
        self.is_quiet = False
        self.stirred.set()

    def _all_wait_for_the_office(self) -> bool:
        """Whether no task of the program is left that may do something by itself, nor another office."""
        if any(door.waiting and not door.is_quiet for door in self.doors):
            return False
        if trio.lowlevel.current_statistics().tasks_runnable:  # another office has just told of the same
            return False
        return all_wait(but=[door.keeper.parent_nursery for door in self.doors])

    keeper: trio.lowlevel.Task
    doors: list[FrontDoor]
    """The doors of all offices that are open in this run of trio."""


_OPEN: trio.lowlevel.RunVar[list[FrontDoor]] = trio.lowlevel.RunVar("open offices")


class _Leaving(trio.abc.Instrument):
    """Sets an event when any task ends: whoever was busy may have been the last."""

    def __init__(self, event: trio.Event) -> None:
        self.event = event

    def task_exited(self, task: trio.lowlevel.Task) -> None:  # noqa: ARG002
        self.event.set()
