"""A link: the way of a message from one tray to another, and its two ends as trio channels."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeAlias

import trio

from office.ids import TaskID
from office.journal import LARGEST_MARK, MARK_BITS, ONE_MORE, Entry
from office.mail.agenda import Agenda
from office.mail.netem.conditions import Conditions
from office.mail.netem.streams import FIRST_BLOCK, LAST_BLOCK
from office.mail.tray import DONE, Tray

__all__ = ["BoundedLink", "Incoming", "Link", "Message", "one_tray"]

Message: TypeAlias = tuple[TaskID, Any]
"""What a channel carries: a task ID and a body."""


class Link(trio.abc.SendChannel[Message]):
    """The sending end of a link, which is the link itself; it belongs to its sender's tray, which is its clock.

    Each message leaves at its sender's own time, and its delay comes from the link's own stream.

    Args:
        name: the link's name.
        rank: its place among all links.
        sender: whose link it is: messages leave at this tray's time.
        receiver: where messages land.
        conditions: what happens to messages on their way: here, a delay and nothing else.
    """

    _agenda: Agenda
    _source: Any

    def __init__(self, name: str, rank: int, sender: Tray, receiver: Tray, conditions: Conditions) -> None:
        self.name = name
        self.rank = rank
        self.sender = sender
        self.receiver = receiver
        self.conditions = conditions
        self.journal = sender.journal
        self.unread = 0
        """How many messages the reader will never get, since they were lost or damaged on their way, copies and all."""
        self._mark = rank << MARK_BITS
        """The mark of the last message, with the link above it."""
        self._delays: list[int] = []

    def send(self, value: Message) -> Awaitable[None]:  # type: ignore[override]
        """Put a message in the mail. The sender does not wait for delivery, so there is nothing to wait for here."""
        task_id, body = value
        sender = self.sender
        now = sender.now
        try:
            time = now + self._delays.pop()
        except IndexError:
            time = now + self._draw_delay()
        self._mark = mark = self._mark + ONE_MORE
        self._agenda.push((time, self.rank, mark, now, task_id, body, sender.cause))
        return DONE

    def _draw_delay(self) -> int:
        """The next delay, in ns; drawn ahead, in blocks that grow with use.

        A generator takes kilobytes, and in a large office most links carry a handful of messages: so it is let go after
        the first block, and a link that needs more makes it again and passes over what was used.
        """
        delay, used = self.conditions.delay, self.sent
        if used <= FIRST_BLOCK:
            self._source = delay.source(self.conditions.seed_in(self.sender.seed), self.name, "delay")
            delay.draw(self._source, used)
        self._delays = delay.draw(self._source, min(max(used, FIRST_BLOCK), LAST_BLOCK))[::-1]
        if not used:
            del self._source
        return self._delays.pop()

    @property
    def sent(self) -> int:
        """How many messages have been put in the mail here."""
        return (self._mark & LARGEST_MARK) // ONE_MORE

    @property
    def deliver(self) -> Callable[[Entry], None]:
        """What puts a message that has arrived into its reader's tray."""
        return self.receiver.arrived.append

    def lose(self, entry: Entry) -> None:
        """A message will not arrive."""
        _, link, mark, sent, task_id, _, cause = entry
        self.journal.record_lost((sent, link, mark, task_id, cause))
        self.unread += 1

    def opened(self, agenda: Agenda) -> None:
        """The mailroom is open: messages go to this agenda from here."""
        self._agenda = agenda

    async def aclose(self) -> None:
        """Nothing to do: links stay open as long as the office does."""

    def __repr__(self) -> str:
        return f"<Link {self.name}: {self.sent} sent>"


class BoundedLink(Link):
    """A link that holds so many messages at most, those on their way and those not yet taken together.

    Args:
        name: the link's name.
        rank: its place among all links.
        sender: whose link it is: messages leave at this tray's time.
        receiver: where messages land.
        conditions: a delay and nothing else.
        capacity: how many messages the link holds.
    """

    def __init__(
        self, name: str, rank: int, sender: Tray, receiver: Tray, conditions: Conditions, capacity: int
    ) -> None:
        super().__init__(name, rank, sender, receiver, conditions)
        self.capacity = capacity
        self.held = 0
        self.waiting = 0
        """How many wait for room to send."""
        receiver.bounded[rank] = self._message_taken

    @property
    def is_full(self) -> bool:
        """Whether there is no room for another message."""
        return self.held >= self.capacity

    async def send(self, value: Message) -> None:
        """Put a message in the mail as soon as there is room for it."""
        while self.is_full:
            with self.a_sender_waiting():
                await self.sender.turn()
            self.sender.now = max(self.sender.now, self.sender.present)
        self.held += 1
        await super().send(value)

    @contextmanager
    def a_sender_waiting(self) -> Iterator[None]:
        """While this lasts, a sender waits for room."""
        self.waiting += 1
        try:
            yield
        finally:
            self.waiting -= 1

    def _message_taken(self) -> None:
        """The receiver has taken a message off the link: a sender that waits for room may go on, at once."""
        self.held -= 1
        if self.waiting:
            self.sender.call_at(self.sender.present)


class Incoming(trio.abc.ReceiveChannel[Message]):
    """The receiving end of a link. What arrives lands in its owner's tray, which reads several links together."""

    def __init__(self, link: Link) -> None:
        self.link = link
        self.tray = link.receiver

    async def receive(self) -> Message:
        """The next message on this link, as ``(task_id, body)``; messages on others stay where they are."""
        return await self.tray.receive_from(self.link.rank)

    async def aclose(self) -> None:
        """Nothing to do: links stay open as long as the office does."""

    def __repr__(self) -> str:
        return f"<Incoming {self.link.name}>"


def one_tray(channels: Mapping[int, Incoming]) -> Tray:
    """The tray in which all these channels end; their messages bear the numbers that the channels have here."""
    tray = next(iter(channels.values())).tray
    for port, end in channels.items():
        if end.tray is not tray:
            raise ValueError(f"{end.link.name} does not end in the tray of {tray.name}")
        tray.ports[end.link.rank] = port
    return tray
