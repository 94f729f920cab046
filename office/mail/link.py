"""A link: the way of a message from one tray to another, and its two ends as trio channels."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeAlias

import trio

from office.journal import ONE_MORE
from office.mail.done import DONE
from office.mail.netem.streams import FIRST_BLOCK, LAST_BLOCK

if TYPE_CHECKING:
    from office.ids import TaskID
    from office.journal import Entry
    from office.mail.netem.conditions import Conditions
    from office.mail.tray import Tray

__all__ = ["BoundedLink", "Incoming", "Letter", "Link"]

Letter: TypeAlias = "tuple[TaskID, Any]"
"""What a channel carries: a task ID and a body."""


class Link(trio.abc.SendChannel[Letter]):
    """The sending end of a link, which is the link itself; it belongs to one sender's tray.

    A message leaves at its sender's own time, and its delay comes from the link's own stream.
    """

    _source: Any

    def __init__(self, name: str, rank: int, sender: Tray, receiver: Tray, conditions: Conditions, seed: int) -> None:
        self.name = name
        self.rank = rank
        self.sender = sender
        self.receiver = receiver
        self.conditions = conditions
        self.deliver: Callable[[Entry], None] = receiver.arrived.append
        """Put a message that has arrived into its reader's tray."""
        self._mark = 0
        self._seed = seed
        self._delays: list[int] = []
        self._push: Callable[[Entry], None]

    def send(self, value: Letter) -> Awaitable[None]:  # type: ignore[override]
        """Put a message in the mail. Whoever sends does not wait for delivery, so there is nothing to wait for here."""
        task_id, body = value
        sender = self.sender
        now = sender.now
        try:
            time = now + self._delays.pop()
        except IndexError:
            time = now + self._draw_delay()
        self._mark = mark = self._mark + ONE_MORE
        self._push((time, self.rank, mark, now, task_id, body, sender.cause))
        return DONE

    def _draw_delay(self) -> int:
        """The next delay, in ns; drawn ahead, in blocks that grow with use.

        A generator takes kilobytes, and in a large office most links carry a handful of messages: so after the first
        block it is let go, and who needs more makes it again and passes over what was used.
        """
        delay, used = self.conditions.delay, self.sent
        if used <= FIRST_BLOCK:
            self._source = delay.source(self._seed, self.name, "delay")
            delay.draw(self._source, used)
        self._delays = delay.draw(self._source, min(max(used, FIRST_BLOCK), LAST_BLOCK))[::-1]
        if not used:
            del self._source
        return self._delays.pop()

    @property
    def sent(self) -> int:
        """How many messages have been put in the mail here."""
        return self._mark // ONE_MORE

    def opened(self, push: Callable[[Entry], None]) -> None:
        """The mailroom is open: this is where messages go from here."""
        self._push = push

    async def aclose(self) -> None:
        """Nothing to do: links stay open as long as the office does."""

    def __repr__(self) -> str:
        return f"<Link {self.name}: {self.sent} sent>"


class BoundedLink(Link):
    """A link that holds so many messages at most, those on their way and those not yet taken together."""

    def __init__(self, capacity: int, *args: Any) -> None:
        super().__init__(*args)
        self.capacity = capacity
        self.held = 0
        self.waiting = 0
        """How many wait for room to send."""

    @property
    def is_full(self) -> bool:
        """Whether there is no room for another message."""
        return self.held >= self.capacity

    async def send(self, value: Letter) -> None:
        """Put a message in the mail as soon as there is room for it."""
        while self.is_full:
            await self.sender.wait_to_send(self)
        self.held += 1
        await super().send(value)

    @contextmanager
    def somebody_waiting(self) -> Iterator[None]:
        """While this lasts, somebody waits for room."""
        self.waiting += 1
        try:
            yield
        finally:
            self.waiting -= 1

    def message_taken(self) -> None:
        """The receiver has taken a message off the link: a sender who waits for room may go on, at once."""
        self.held -= 1
        if self.waiting:
            self.sender.call_at(self.sender.room.horizon - 1)


class Incoming(trio.abc.ReceiveChannel[Letter]):
    """The receiving end of a link. What arrives lands in its owner's tray, which reads several links together."""

    def __init__(self, link: Link) -> None:
        self.link = link
        self.tray = link.receiver

    async def receive(self) -> Letter:
        """The next message on this link, as ``(task_id, body)``; messages on others stay where they are."""
        return await self.tray.receive_from(self.link)

    async def aclose(self) -> None:
        """Nothing to do: links stay open as long as the office does."""

    def __repr__(self) -> str:
        return f"<Incoming {self.link.name}>"
