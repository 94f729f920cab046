"""A tray: where one desk's mail lands, from all the links it reads, and the clock of the reader that sits there."""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable, Generator, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import trio

from office.ids import TaskID
from office.journal import MARK_BITS, NO_CAUSE, Entry, Incident, IncidentKind, Journal, Work
from office.mail.agenda import Agenda
from office.mail.escapes import Escapes, escaped_wait
from office.mail.netem.streams import stream
from office.times import NEVER, time_text

__all__ = ["DONE", "Tray"]

TIMER, SETTLED = -1, -2
"""What a reader is at that handles no arrival: its timer, or the end of an instant."""
PLACE = {TIMER: 0, SETTLED: 2}
"""At one instant timers come first, then arrivals, and then those who waited for its end."""


class _Done:
    """Something to await that takes no time: an empty tuple's iterator. It saves a coroutine at every message."""

    if TYPE_CHECKING:

        def __await__(self) -> Generator[Any, Any, None]: ...

    else:
        __await__ = ().__iter__


DONE = _Done()


class Tray:
    """One reader's mail, in order of arrival, and that reader's own virtual time.

    Iterate over it: ``async for mail in tray: for port, task_id, body in mail: ...``. The reader must be one task, and
    wait for nothing but its tray and its links: a baton is passed, so that one reader runs at a time.

    Args:
        name: the desk's name.
        index: the tray's place among all trays.
        seed: of the run.
        journal: of the run.
    """

    agenda: Agenda
    """What passes the baton on; it is there when the mailroom is open."""

    def __init__(self, name: str, index: int, seed: int, journal: Journal) -> None:
        self.name = name
        self.index = index
        self.seed = seed
        self.journal = journal
        self.escapes: Escapes = "refuse"
        """What becomes of a wait for something that is not mail."""
        self.now = 0
        """The reader's own time, in ns. It may be ahead of other readers' by less than the least delay of the mail."""
        self.cause = NO_CAUSE
        """The message that the reader handles: what it sends now is recorded as caused by it."""
        self.event: int | None = None
        """What the reader is at: the mark of an arrival, with its link above it, or `TIMER`, or `SETTLED`. None for a
        reader that never asks for anything but mail: it is at its `cause`."""
        self.arrived: deque[Entry] = deque()
        self.ports: dict[int, int] = {}
        self.bounded: dict[int, Callable[[], None]] = {}
        """By link, where the link holds only so many messages: what to call when a message has left the tray."""
        self.awaits_mail = False
        self.settling = False
        self.timer: int | None = None
        self.excuse = ""
        """Why the reader leaves mail unread, if it does."""
        self.parked = False
        self.task: trio.lowlevel.Task | None = None

    def opened(self, agenda: Agenda, escapes: Escapes) -> None:
        """The mailroom is open."""
        self.agenda = agenda
        self.escapes = escapes

    @property
    def present(self) -> int:
        """The latest time, in ns, of which everything is known."""
        return self.agenda.horizon - 1

    def stream(self, what: str) -> np.random.Generator:
        """The desk's own random numbers for one use."""
        return stream(self.seed, self.name, what)

    def record_work(self, task_id: TaskID, begin: int) -> None:
        """Write down that the desk has worked on a task since `begin` (ns), until now."""
        self.journal.work.setdefault(self.name, []).append(Work(task_id, begin, self.now))

    def record_incident(self, kind: IncidentKind, task_id: TaskID | None = None) -> None:
        """Write down what befalls the desk now, and which task it is about, if any."""
        self.journal.incidents.setdefault(self.name, []).append(Incident(self.now, kind, task_id))

    def __aiter__(self) -> Tray:
        return self

    async def __anext__(self) -> Iterator[tuple[int, TaskID, Any]]:
        """Wait for mail; then all that has come, letter by letter, in order of arrival."""
        while not self.arrived:
            self.awaits_mail = True
            await self.wait_turn()
        return self.letters()

    def letters(self) -> Iterator[tuple[int, TaskID, Any]]:
        """All that has come: on which port, for which task, and the body. `take` in a loop, without its calls."""
        arrived, ports, bounded = self.arrived, self.ports, self.bounded
        while arrived:
            time, link, mark, _, task_id, body, _ = arrived.popleft()
            if time > self.now:  # noqa: PLR1730  as in `take`
                self.now = time
            self.cause = mark
            if bounded:
                self.make_room(link)
            yield ports[link], task_id, body

    def take(self) -> tuple[int, TaskID, Any]:
        """The first letter of those that have come; the clock moves to its arrival."""
        time, link, mark, _, task_id, body, _ = self.arrived.popleft()
        if time > self.now:  # noqa: PLR1730  a ninth of the time of max()
            self.now = time
        self.cause = self.event = mark
        if self.bounded:
            self.make_room(link)
        return self.ports[link], task_id, body

    async def receive_from(self, link: int) -> tuple[TaskID, Any]:
        """The next message on the link of this rank; messages on others stay."""
        while True:
            for place, entry in enumerate(self.arrived):
                if entry[1] == link:
                    del self.arrived[place]
                    self.now = max(self.now, entry[0])
                    self.taken(entry)
                    return entry[4], entry[5]
            self.awaits_mail = True
            await self.wait_turn()

    def taken(self, entry: Entry) -> None:
        """The reader handles this message now, which has left the tray."""
        self.cause = entry[2]
        self.make_room(entry[1])

    def make_room(self, link: int) -> None:
        """A message of this link has left the tray: if the link holds only so many, there is room for one more."""
        if link in self.bounded:
            self.bounded[link]()

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
            if time < self.agenda.horizon:
                self.move_on(time)
                return False
            self.awaits_mail = True
            if time < NEVER:
                self.call_at(time)
            await self.wait_turn()
            self.awaits_mail = False

    async def sleep_until(self, time: int) -> None:
        """Let the clock reach `time`, whatever mail comes meanwhile."""
        while time >= self.agenda.horizon:
            self.call_at(time)
            await self.wait_turn()
        self.move_on(time)

    def move_on(self, time: int) -> None:
        """The clock is at `time` (ns), unless it was there before."""
        if time > self.now:
            self.now, self.event = time, TIMER

    async def settle(self) -> None:
        """Wait until everything that arrives by now is in the tray."""
        self.settling = self.agenda.settle_at(self, self.now)
        while self.settling:
            await self.wait_turn()
        self.event = SETTLED

    async def turn(self) -> None:
        """Hand the baton on, and wait until it is back, for whatever reason."""
        await self.wait_turn()

    async def outside(self, task_id: TaskID, awaitable: Awaitable[Any]) -> Any:
        """Wait for something that is not mail, over one task, with the baton in hand, and return what comes of it.

        `escapes` says whether that is allowed: raises `EscapedWait`, or `Deadlock`.
        """
        who = f"{self.name}: task {task_id!r}"
        return await escaped_wait(awaitable, who, time_text(self.now), self.escapes)

    def call_at(self, time: int) -> None:
        """Give this tray's reader the baton when the clock is at `time` (ns); a later call replaces an earlier."""
        if self.timer != time:
            self.timer = time
            self.agenda.call_at(self, time)

    def leave(self) -> None:
        """The reader goes home: the baton passes on, and mail that arrives later stays in the tray."""
        self.awaits_mail, self.timer = False, None
        turn = self.agenda.next_turn()
        if turn is not None:
            turn.wake()

    @property
    def place(self) -> tuple[int, int, int]:
        """Where the reader is in the order of everything: the time (ns), and at that time as `Instants` has it."""
        event = self.cause if self.event is None else self.event
        kind = PLACE.get(event, 1)
        return self.now, kind, event >> MARK_BITS if kind == 1 else self.index

    def fail(self) -> tuple[int, int, int]:
        """The reader has failed, and goes home: where. The others go on with what may have come before that."""
        place = self.place
        self.agenda.end_at(self.now)
        self.leave()
        return place

    def wait_turn(self) -> Awaitable[None]:
        """Hand the baton on; wait for it to come back, unless it has come straight back."""
        turn = self.agenda.next_turn()
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
        self.agenda.close()
        return trio.lowlevel.Abort.SUCCEEDED

    def __repr__(self) -> str:
        return f"<Tray of {self.name}: {len(self.arrived)} to read>"
