"""A mailbox: what one actor sends and receives with."""

from __future__ import annotations

import reprlib
from collections import deque
from typing import Any

import trio

from office.counts import plain
from office.described import quoted
from office.errors import BadTaskID, shortened
from office.ids import TaskID
from office.journal import NO_CAUSE, Entry
from office.mail import NetworkDoor, Parcel

__all__ = ["Mailbox"]

SHORT = reprlib.Repr()
"""It writes sets and dicts in an order that is the same in every process, and of large things a few parts."""
SHORT.maxstring = SHORT.maxother = 200
LARGEST = 10**15


class Mailbox:
    """One actor's place in a network: ``await mailbox.send("bo", "ping")``, ``sender, message = await
    mailbox.receive()``; or ``async for sender, message in mailbox``.

    A message is handed over as it is, and not copied.
    """

    def __init__(self, name: str, door: NetworkDoor) -> None:
        self.name = name
        self._door = door
        self._arrived: deque[Entry] = door.mailbox(name)
        self._cause = NO_CAUSE

    async def send(self, to: str, message: Any, *, about: TaskID | None = None) -> None:
        """Put a message in the mail. It does not wait for anything but its turn.

        Args:
            to: the name of the mailbox that it goes to.
            message: anything.
            about: what journal, diagram and `why` call it; by default the message itself, as text.

        Raises:
            ValueError: where no mailbox has that name.
            BadTaskID: for an `about` that is neither int nor str.
            trio.ClosedResourceError: where the network has ended.
        """
        await self._door.checkpoint()
        self.post(to, message, about=about)

    def post(self, to: str, message: Any, *, about: TaskID | None = None) -> None:
        """As `send`, without a checkpoint.

        Args:
            to: the name of the mailbox that it goes to.
            message: anything.
            about: what it is called.
        """
        if to not in self._door.boxes:
            raise ValueError(f"{self.name} sends {quoted(message)} to {to!r}, and no mailbox has that name")
        about = label(message) if about is None else plain(about)
        if type(about) not in (int, str):
            raise BadTaskID(f"{self.name}>{to}", f": what a message is about is an int or a str, not {quoted(about)}")
        self._door.post(Parcel(self.name, to, about, message, self._cause))

    @property
    def has_mail(self) -> bool:
        """Whether a message has come."""
        return bool(self._arrived)

    async def receive(self) -> tuple[str, Any]:
        """The next message, and who sent it; virtual time runs until there is one.

        Raises `trio.ClosedResourceError` where the network has ended.
        """
        await self._door.wait_until(lambda: self._arrived, f"{self.name} for mail")
        return self.receive_nowait()

    def receive_nowait(self) -> tuple[str, Any]:
        """The next message, if one has come already, and who sent it; else raises `trio.WouldBlock`."""
        if self._door.is_closed:
            raise trio.ClosedResourceError("the network has ended")
        if not self._arrived:
            raise trio.WouldBlock
        entry = self._arrived.popleft()
        self._cause = entry[2]
        return self._door.journal.links[entry[1]].sender, entry[5]

    def __aiter__(self) -> Mailbox:
        return self

    async def __anext__(self) -> tuple[str, Any]:
        return await self.receive()

    def __repr__(self) -> str:
        return f"<Mailbox {self.name}: {len(self._arrived)} to receive>"


def label(message: Any) -> TaskID:
    """What to call a message that says nothing else: whole numbers and text themselves, of others what they look like.

    Where that names a place in memory, which is another in every run, it is the kind of the message alone.
    """
    if type(message) is str:
        return quoted(message)[1:-1]
    if type(message) is int and abs(message) < LARGEST:
        return message
    text = shortened(" ".join(SHORT.repr(message).split()))
    return type(message).__name__ if " at 0x" in text else text
