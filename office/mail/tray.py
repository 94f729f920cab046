"""A tray: where one desk's mail lands, from all the links it reads, and the clock of whoever sits there."""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import trio

from office.journal import MARK_BITS, NO_CAUSE
from office.mail.done import DONE
from office.mail.escapes import escaped_wait
from office.times import NEVER, time_text

if TYPE_CHECKING:
    from office.ids import TaskID
    from office.journal import Entry
    from office.mail.link import BoundedLink, Incoming, Letter, Link
    from office.mail.mailroom import Mailroom

__all__ = ["Tray", "one_tray"]


class Tray:
    """One reader's mail, in order of arrival, and that reader's own virtual time.

    Iterate over it: ``async for mail in tray: for port, task_id, body in mail: ...``. The reader must be one task, and
    wait for nothing but its tray and its links: the mailroom passes a baton, so that one reader runs at a time.
    """

    def __init__(self, name: str, index: int, room: Mailroom) -> None:
        self.name = name
        self.index = index
        self.room = room
        self.now = 0
        """The reader's own time, in ns. It may be ahead of other readers' by less than the least delay of the mail."""
        self.cause = NO_CAUSE
        """The message that the reader handles: what it sends now is recorded as caused by it."""
        self.arrived: deque[Entry] = deque()
        self.ports: dict[int, int] = {}
        self.bounded: dict[int, BoundedLink] = {}
        self.awaits_mail = False
        self.settling = False
        self.timer: int | None = None
        self.excuse = ""
        """Why the reader leaves mail unread, if he does."""
        self.parked = False
        self.task: trio.lowlevel.Task | None = None

    def __aiter__(self) -> Tray:
        return self

    async def __anext__(self) -> Iterator[tuple[int, TaskID, Any]]:
        """Wait for mail; then all that has come, letter by letter, in order of arrival."""
        while not self.arrived:
            self.awaits_mail = True
            await self.wait_turn()
        return self.letters()

    def letters(self) -> Iterator[tuple[int, TaskID, Any]]:
        """All that has come: on which port, for which task, and the body. At each, the clock moves to its arrival."""
        arrived, take = self.arrived, self.take
        while arrived:
            yield take()

    def take(self) -> tuple[int, TaskID, Any]:
        """The first letter of those that have come; the clock moves to its arrival."""
        time, link, mark, _, task_id, body, _ = self.arrived.popleft()
        if time > self.now:  # noqa: PLR1730  a ninth of the time of max(), and every message comes by here
            self.now = time
        self.cause = link << MARK_BITS | mark
        if self.bounded:
            self.make_room(link)
        return self.ports[link], task_id, body

    async def receive_from(self, link: Link) -> Letter:
        """The next message on one link; those on others stay."""
        while True:
            for place, entry in enumerate(self.arrived):
                if entry[1] == link.rank:
                    del self.arrived[place]
                    self.now = max(self.now, entry[0])
                    self.taken(entry)
                    return entry[4], entry[5]
            self.awaits_mail = True
            await self.wait_turn()

    def taken(self, entry: Entry) -> None:
        """The reader handles this message now, which has left the tray."""
        self.cause = entry[1] << MARK_BITS | entry[2]
        self.make_room(entry[1])

    def make_room(self, link: int) -> None:
        """A message of this link has left the tray: if the link holds only so many, there is room for one more."""
        if link in self.bounded:
            self.bounded[link].message_taken()

    async def mail(self) -> None:
        """Wait until there is mail in the tray; the clock does not move past it."""
        while not self.arrived:
            self.awaits_mail = True
            await self.wait_turn()

    async def mail_until(self, time: int) -> bool:
        """Wait until there is mail or the clock reaches `time`, which may be `NEVER`, and say whether it is mail.

        At one and the same instant the clock comes first.
        """
        while True:
            if self.arrived and self.arrived[0][0] < time:
                return True
            if time < self.room.horizon:
                self.now = max(self.now, time)
                return False
            self.awaits_mail = True
            if time < NEVER:
                self.call_at(time)
            await self.wait_turn()
            self.awaits_mail = False

    async def sleep_until(self, time: int) -> None:
        """Let the clock reach `time`, whatever mail comes meanwhile."""
        while time >= self.room.horizon:
            self.call_at(time)
            await self.wait_turn()
        self.now = max(self.now, time)

    async def settle(self) -> None:
        """Wait until everything that arrives by now is in the tray."""
        self.settling = self.room.settle_at(self, self.now)
        while self.settling:
            await self.wait_turn()

    async def wait_to_send(self, link: BoundedLink) -> None:
        """Wait until there may be room on a full link."""
        with link.somebody_waiting():
            await self.wait_turn()
        self.now = max(self.now, self.room.horizon - 1)

    async def turn(self) -> None:
        """Hand the baton on, and wait until it is back, for whatever reason."""
        await self.wait_turn()

    async def outside(self, task_id: TaskID, awaitable: Awaitable[Any]) -> Any:
        """Wait for something that is not mail, over one task, with the baton in hand, and return what comes of it.

        The mailroom's `escapes` says whether that is allowed: raises `EscapedWait`, or `Deadlock`.
        """
        who = f"{self.name}: task {task_id!r}"
        return await escaped_wait(awaitable, who, time_text(self.now), self.room.escapes)

    def call_at(self, time: int) -> None:
        """Give this tray's reader the baton when the clock is at `time` (ns); a later call replaces an earlier."""
        if self.timer != time:
            self.timer = time
            self.room.call_at(self, time)

    def leave(self) -> None:
        """The reader goes home: the baton passes on, and what comes for him stays in the tray."""
        self.awaits_mail, self.timer = False, None
        turn = self.room.next_turn()
        if turn is not None:
            turn.wake()

    def wait_turn(self) -> Awaitable[None]:
        """Hand the baton on; wait for it to come back, unless it has come straight back."""
        turn = self.room.next_turn()
        if turn is self:
            return DONE
        self.task = trio.lowlevel.current_task()
        self.parked = True
        if turn is not None:
            turn.wake()
        return trio.lowlevel.wait_task_rescheduled(self._abort)  # noqa: ASYNC105  the caller awaits it

    def wake(self) -> None:
        """Let the reader run: the baton is here."""
        self.parked = False
        trio.lowlevel.reschedule(self.task)  # type: ignore[arg-type]

    def _abort(self, _: object) -> trio.lowlevel.Abort:
        self.parked = False
        self.room.close()
        return trio.lowlevel.Abort.SUCCEEDED

    def __repr__(self) -> str:
        return f"<Tray of {self.name}: {len(self.arrived)} to read>"


def one_tray(channels: Mapping[int, Incoming]) -> Tray:
    """The tray in which all these channels end; their messages bear the numbers that the channels have here."""
    ends = list(channels.values())
    tray = ends[0].tray
    for port, end in channels.items():
        if end.tray is not tray:
            raise ValueError(f"{end.link.name} does not end in the tray of {tray.name}")
        tray.ports[end.link.rank] = port
    return tray
