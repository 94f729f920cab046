"""The front desk: a whole office as four literal trio channels, for code that is itself in trio."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Unpack

import trio

from office.desks import Chart, WorkerDesk
from office.engines.floor_plan import Post
from office.engines.instruments import in_sight, watching_now
from office.engines.progress import VisibleOffice
from office.engines.settings import OfficeKeywords, OfficeSettings, settings_of, takes
from office.engines.workplace import Workplace
from office.errors import FeedbackNeverCame
from office.ids import TaskID
from office.journal import Journal
from office.mail import FrontDoor, OfficeReceiveChannel, OfficeSendChannel, Tray, check_in_trio
from office.times import nanoseconds

__all__ = ["OpenOffice", "open_office"]


class OpenOffice:
    """An office that is open: its four channels, its clock, its journal.

    Virtual time runs only while a task outside waits for the office (for a message, a time, or quiet) and all other
    tasks wait for something too. Several tasks may use the office, but only one of them each channel.

    When it has ended, or a desk has failed, whoever waits for it gets `trio.ClosedResourceError`; `now`, what is
    pending and the journal can still be looked at.
    """

    def __init__(self, workplace: Workplace, door: FrontDoor) -> None:
        self._workplace, self._door = workplace, door
        front = workplace.front
        self.inbox = OfficeSendChannel(door, front.inbox)
        self.outbox = OfficeReceiveChannel(door, front.outbox)
        self.feedback_from_above = OfficeSendChannel(door, front.feedback_from_above)
        self.feedback_to_below = OfficeReceiveChannel(door, front.feedback_to_below)
        self.journal: Journal = workplace.journal

    @property
    def now(self) -> int:
        """Virtual time, in ns."""
        return self._door.now

    async def sleep(self, time: int | str) -> None:
        """Let so much virtual time pass: ``"5ms"``, or an int of ns."""
        await self._door.wait_until_time(self.now + nanoseconds(time))

    async def until(self, time: int | str) -> None:
        """Let virtual time run until the clock is at `time`, and everything has happened that happens then.

        Returns at once where it is past that.
        """
        await self._door.wait_until_time(nanoseconds(time))

    async def quiet(self) -> None:
        """Wait until no mail is on its way and no desk has anything to do: what has not come will not."""
        await self._door.wait_until_quiet()

    @property
    def pending(self) -> dict[TaskID, list[str]]:
        """The tasks whose feedback has not come, each with the workers that wait for it."""
        names: dict[TaskID, list[str]] = {}
        for post in self._workplace.plan.posts:
            for task_id in post.desk.tasks:
                names.setdefault(task_id, [])
                if isinstance(post.desk, WorkerDesk):
                    names[task_id].append(post.desk.name.rpartition("/")[2])
        return names


@takes(OfficeSettings)
@asynccontextmanager
async def open_office(
    chart: Chart, *, leave_pending: bool = False, **settings: Unpack[OfficeKeywords]
) -> AsyncIterator[OpenOffice]:
    """Open an office: ``async with open_office(chart) as office: await office.inbox.send((1, task))``.

    Leaving the block lets the mail run out; tasks that are pending then raise `FeedbackNeverCame`, which lists them,
    unless the mail has lost some of it. What goes wrong at a desk, or a `Deadlock`, comes out as trio has it, in an
    exception group, with a note of desk, task and virtual time; what is no `Exception` (an interrupt, `SystemExit`)
    comes out bare. Cancelling the block leaves no task behind.

    The block and its tasks may wait for whatever they like; at the desks, an asynchronous estimator that waits for
    something is an `EscapedWait`, unless `escapes="wait"`: then virtual time stands still till it goes on.

    Args:
        chart: a worker, team or chain, or a bare estimator.
        leave_pending: tasks that are pending at the end are no error.
        settings: mail, delivery, faults, expire, seed, capacity, in_an_instant, order, late and escapes, as for
            `simulate`.
    """
    check_in_trio("open_office", "use trio.run(main), or in a notebook say `%autoawait trio` first")

    def when_quiet() -> Tray | None:
        return door.when_quiet()

    workplace, instruments = (
        Workplace(chart, settings_of(OfficeSettings, settings, "open_office"), when_quiet),
        watching_now(),
    )
    workplace.watch(*instruments)
    door = FrontDoor(workplace.client_tray, workplace.deadlock)
    opened = OpenOffice(workplace, door)
    interrupts: list[BaseException] = []

    async def supervise(post: Post) -> None:
        # What is no Exception is carried out of the nursery by hand, so that it need not be unwrapped from a group.
        try:
            await workplace.staff(post)
        except (Exception, trio.Cancelled):
            raise
        except BaseException as error:  # noqa: BLE001
            interrupts.append(error)
            nursery.cancel_scope.cancel()

    with in_sight(VisibleOffice(workplace), instruments):
        async with trio.open_nursery() as nursery:
            for post in workplace.plan.posts:
                nursery.start_soon(supervise, post)
            nursery.start_soon(door.keep)
            try:
                yield opened
                await opened.quiet()
            except (Exception, trio.Cancelled, BaseExceptionGroup):
                raise
            except BaseException as error:  # noqa: BLE001
                interrupts.append(error)
            nursery.cancel_scope.cancel()
        if interrupts:
            raise interrupts[0]
        workplace.close_books()
        if opened.pending and not leave_pending and not workplace.room.unread:
            raise never_came(workplace, opened.pending)


def never_came(workplace: Workplace, pending: dict[TaskID, list[str]]) -> FeedbackNeverCame:
    """The error that lists the tasks whose feedback never came, and with whom they are."""
    front = workplace.plan.posts[0].desk
    many = len(workplace.plan.posts) > 1
    listed = ", ".join(f"{task!r} ({', '.join(who)})" if many and who else f"{task!r}" for task, who in pending.items())
    tasks = "1 task" if len(pending) == 1 else f"{len(pending)} tasks"
    return FeedbackNeverCame(f"{front.name}: {tasks} still pending: {listed}")
