"""The ends of an office's channels that whoever is outside holds: trio channels, through the front door."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

import trio

from office.errors import BadTaskID
from office.mail.link import BoundedLink, Incoming, Link, Message

if TYPE_CHECKING:
    from office.mail.front_door import FrontDoor

__all__ = ["OfficeReceiveChannel", "OfficeSendChannel"]


class OfficeSendChannel(trio.abc.SendChannel[Message]):
    """The way in, for tasks outside: `await office.inbox.send((task_id, body))`."""

    def __init__(self, door: FrontDoor, link: Link) -> None:
        self.door = door
        self.link = link

    async def send(self, value: Message) -> None:
        """Put a message in the mail, at the office's own time; waits only where the link is full.

        Raises `BadTaskID` for an ID that is neither int nor str, and TypeError for what is no pair.
        """
        if not (isinstance(value, tuple) and len(value) == 2):
            raise TypeError(f"{self.link.name} carries pairs (task_id, body), not {value!r}")
        if type(value[0]) not in (int, str):
            raise BadTaskID(self.link.name, f": a task ID is an int or a str, not {value[0]!r}")
        link, door = self.link, self.door
        if isinstance(link, BoundedLink):
            with link.a_sender_waiting():
                await door.wait_until(lambda: not link.is_full, "")  # what for, the link itself tells
        else:
            await trio.lowlevel.checkpoint()
        door.tray.now = door.now
        await link.send(value)
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
        """The next message, if it has come already; else raises `trio.WouldBlock`."""
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
