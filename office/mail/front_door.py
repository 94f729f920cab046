"""Between an office and the trio code around it: four channels, and virtual time that runs while that code waits.

The office's time stands still while any task outside is running. It runs while a task outside waits for the office and
all other tasks wait for something: then nothing that a task outside does can come in between, and the order of
everything is determined (as long as each channel is used by one task). Where a desk waits for something that is not
mail, time stands still until it goes on.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from functools import partial
from itertools import count
from typing import Any, NamedTuple, TypeAlias

import trio

from office.counts import plain
from office.described import quoted
from office.errors import BadTaskID, Deadlock
from office.journal import Entry
from office.mail.instants import Instants
from office.mail.link import BoundedLink, Incoming, Link, Message
from office.mail.tray import Tray
from office.mail.waits import all_wait
from office.times import LAST, time_text, too_late

__all__ = ["FrontDoor", "OfficeReceiveChannel", "OfficeSendChannel"]

Alarm: TypeAlias = tuple[int, int]


class Wait(NamedTuple):
    """What a task outside waits for."""

    what: str
    """In words; "" where a link tells itself."""
    ready: Callable[[], Any]
    """Whether it is there."""


class FrontDoor:
    """Carries messages between the client's tray and the tasks outside. `keep` is a task of the office.

    Args:
        tray: the client's.
        deadlock: makes the error for when all wait and no mail is on its way, from what tasks outside wait for.
    """

    keeper: trio.lowlevel.Task
    doors: list[FrontDoor]
    """The doors of all offices that are open in this run of trio."""

    def __init__(self, tray: Tray, deadlock: Callable[[str], Deadlock]) -> None:
        self.tray = tray
        self.deadlock = deadlock
        self.came: dict[int, deque[Entry]] = {}
        self.waiting: dict[trio.lowlevel.Task, Wait] = {}
        """The tasks outside that wait for the office, those that have waited longest at the front."""
        self.alarms: set[Alarm] = set()
        """Those that have not rung: when they are to, and which of them."""
        self.number = count()
        self.stirred = trio.Event()
        self.is_quiet = False
        self.is_closed = False

    @property
    def now(self) -> int:
        """The office's virtual time, in ns."""
        return self.tray.present

    @property
    def agenda(self) -> Instants:
        """That of the office, in which one event happens at a time."""
        agenda = self.tray.agenda
        assert isinstance(agenda, Instants)
        return agenda

    def when_quiet(self) -> Tray | None:
        """Nothing more will happen inside, or not before the next alarm: the tasks outside hear of it."""
        time = self.next_alarm()
        if time is None:
            self.is_quiet = True
        else:
            self.agenda.horizon = max(self.agenda.horizon, time + 1)
            self.ring(time)
        return self.tray

    def next_alarm(self) -> int | None:
        """When tasks outside are to go on in any case, in ns."""
        return min(self.alarms)[0] if self.alarms else None

    def ring(self, time: int) -> None:
        """It is the time (ns) of an alarm."""
        self.alarms = {alarm for alarm in self.alarms if alarm[0] > time}

    async def keep(self) -> None:
        """Let time run whenever all tasks outside wait, and tell them what came of it."""
        self.keeper = trio.lowlevel.current_task()
        self.doors = _OPEN.get([])
        _OPEN.set(self.doors)
        self.doors.append(self)
        try:
            await self._keep()
        finally:
            self.doors.remove(self)
            self.close()

    def close(self) -> None:
        """The office has ended: who waits for it outside, or will, gets `trio.ClosedResourceError`."""
        self.is_closed = True
        self.wake()

    def wake(self) -> None:
        """Let those tasks outside go on that have what they wait for, or never will."""
        for task, wait in [*self.waiting.items()]:
            if self.is_closed or wait.ready():
                del self.waiting[task]
                trio.lowlevel.reschedule(task)

    async def _keep(self) -> None:
        # trio has it nowhere else; and trio.testing imports pytest, where there is one, so not at every start.
        from trio.testing import wait_all_tasks_blocked  # noqa: PLC0415

        while True:
            while not self.may_run:
                self.stirred = trio.Event()
                await self.stirred.wait()
            await wait_all_tasks_blocked()
            if not self.may_run:
                continue
            if self.is_quiet:
                if self._all_wait_for_the_office():
                    raise Deadlock("\n".join(sorted(door.complaint() for door in self.doors if door.may_run)))
                await self._something_outside()
            else:
                await self._let_time_run()
                for door in self.doors:
                    door.stirred.set()  # a task that goes on now may be the last that another office waits for
            self.wake()

    @property
    def may_run(self) -> bool:
        """Whether time may run when all tasks outside wait."""
        return bool(self.waiting)

    def complaint(self) -> str:
        """What waits for what, in words, when everything does."""
        return str(self.deadlock(", ".join(sorted({wait.what for wait in self.waiting.values() if wait.what}))))

    async def _something_outside(self) -> None:
        """Wait until a task outside does something, with the office or elsewhere: it may wait for the office then."""
        self.stirred = trio.Event()
        watch = _Stirring(self)
        trio.lowlevel.add_instrument(watch)
        try:
            await self.stirred.wait()
        finally:
            trio.lowlevel.remove_instrument(watch)

    async def _let_time_run(self) -> None:
        """Pass the baton in, until something comes out: mail, an alarm, or word that all is quiet."""
        self.agenda.by_links()
        self._heed_alarms()
        self.tray.awaits_mail = True
        await self.tray.turn()
        self.tray.awaits_mail, self.tray.now = False, self.now
        while self.tray.arrived:
            self.hand_out(self.tray.arrived.popleft())

    def hand_out(self, entry: Entry) -> None:
        """A message has come, for tasks outside."""
        self.came.setdefault(entry[1], deque()).append(entry)

    def _heed_alarms(self) -> None:
        """Nothing is to happen after the next alarm, before it rings."""
        alarm = self.next_alarm()
        self.agenda.run_to(LAST if alarm is None else alarm)

    async def wait_until(self, ready: Callable[[], Any], what: str) -> None:
        """Outside: wait, with the office's time running, until something is so.

        Raises `trio.ClosedResourceError` where the office has ended, before or meanwhile.
        """
        await self.checkpoint()
        task = trio.lowlevel.current_task()
        while not ready():
            self.waiting[task] = Wait(what, ready)
            self.stirred.set()
            await trio.lowlevel.wait_task_rescheduled(partial(self._give_up, task))
            if self.is_closed:
                await self.checkpoint()

    def _give_up(self, task: trio.lowlevel.Task, _: object) -> trio.lowlevel.Abort:
        """A task that waits is cancelled."""
        del self.waiting[task]
        return trio.lowlevel.Abort.SUCCEEDED

    async def checkpoint(self) -> None:
        """Outside: let others run. Raises `trio.ClosedResourceError` where the office has ended."""
        await trio.lowlevel.checkpoint()
        if self.is_closed:
            raise trio.ClosedResourceError("the office has ended")

    async def wait_until_time(self, time: int) -> None:
        """Outside: wait until the office's clock is at `time` (ns), and what happens then has happened, or is past it.

        Raises `BadTime` for a time at which no office is open any more.
        """
        if time > LAST:
            raise too_late("client: would wake", time)
        if time < self.now:
            await self.checkpoint()
            return
        alarm = time, next(self.number)
        self.stir()
        self.alarms.add(alarm)
        if self.tray.parked:  # a desk waits for something else, and time may run before all wait here
            self._heed_alarms()
        try:
            await self.wait_until(lambda: alarm not in self.alarms, f"the time {time_text(time)}")
        finally:
            self.alarms.discard(alarm)

    async def wait_until_quiet(self) -> None:
        """Outside: wait until no mail is on its way and no desk has anything to do."""
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
        keepers = [door.keeper.parent_nursery for door in self.doors]
        return all_wait(but=keepers, deadline=trio.current_effective_deadline())


_OPEN: trio.lowlevel.RunVar[list[FrontDoor]] = trio.lowlevel.RunVar("open offices")


class _Stirring(trio.abc.Instrument):
    """Stirs a door whenever a task has run that keeps no door: it may have been the last that was busy."""

    def __init__(self, door: FrontDoor) -> None:
        self.door = door

    def after_task_step(self, task: trio.lowlevel.Task) -> None:
        if all(task is not door.keeper for door in self.door.doors):
            self.door.stirred.set()


class OfficeSendChannel(trio.abc.SendChannel[Message]):
    """The way in, for tasks outside: `await office.inbox.send((task_id, body))`."""

    def __init__(self, door: FrontDoor, link: Link) -> None:
        self.door = door
        self.link = link

    async def send(self, value: Message) -> None:
        """Put a message in the mail, at the office's own time; waits only where the link is full.

        A whole number of numpy's is an ID as one of Python's. Raises `BadTaskID` for an ID that is neither int nor str,
        and TypeError for what is no pair.
        """
        if not (isinstance(value, tuple) and len(value) == 2):
            raise TypeError(f"{self.link.name} carries pairs (task_id, body), not {value!r}")
        task_id = plain(value[0])
        if type(task_id) not in (int, str):
            raise BadTaskID(self.link.name, f": a task ID is an int or a str, not {quoted(task_id)}")
        link, door = self.link, self.door
        if isinstance(link, BoundedLink):
            with link.a_sender_waiting():
                await door.wait_until(lambda: not link.is_full, "")  # what for, the link itself tells
        else:
            await door.checkpoint()
        door.tray.now = door.now
        await link.send((task_id, value[1]))
        door.stir()

    async def aclose(self) -> None:
        """Nothing to do: the office closes its own channels."""
        await trio.lowlevel.checkpoint()

    def __repr__(self) -> str:
        return f"<OfficeSendChannel {self.link.name}>"


class OfficeReceiveChannel(trio.abc.ReceiveChannel[Message]):
    """The way out, for tasks outside: `task_id, body = await office.outbox.receive()`."""

    def __init__(self, door: FrontDoor, end: Incoming) -> None:
        self.door = door
        self.link = end.link
        self.came = door.came.setdefault(end.link.rank, deque())

    async def receive(self) -> Message:
        """The next message, with the office's time running until it comes."""
        await self.door.wait_until(lambda: self.came, f"mail on {self.link.name}")
        return self.receive_nowait()

    def receive_nowait(self) -> Message:
        """The next message, if it has come already; else raises `trio.WouldBlock`, or `trio.ClosedResourceError`."""
        if self.door.is_closed:
            raise trio.ClosedResourceError("the office has ended")
        if not self.came:
            raise trio.WouldBlock
        entry = self.came.popleft()
        if entry[1] in self.door.tray.bounded:
            self.door.tray.make_room(entry[1])
            self.door.stir()
        return entry[4], entry[5]

    async def aclose(self) -> None:
        """Nothing to do: the office closes its own channels."""
        await trio.lowlevel.checkpoint()

    def __repr__(self) -> str:
        return f"<OfficeReceiveChannel {self.link.name}: {len(self.came)} to receive>"
