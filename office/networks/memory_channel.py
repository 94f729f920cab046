"""Channels between tasks of one's own, as trio's memory channels are, whose messages are a network's mail."""

from __future__ import annotations

from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import trio

from office.mail import NetworkDoor
from office.networks.mailbox import Mailbox

__all__ = ["NetworkReceiveChannel", "NetworkSendChannel"]


@dataclass
class Between:
    """What both ends of a channel share."""

    door: NetworkDoor
    entrance: Mailbox
    exit: Mailbox
    senders: int = 0
    """How many ends to send with are open."""
    receivers: int = 0

    @property
    def is_over(self) -> bool:
        """Whether nothing comes any more: nobody can send, and nothing is under way."""
        return not self.senders and not self.door.is_under_way(self.entrance.name, self.exit.name)


class _End:
    """One end of a channel; it can be cloned, and each clone is closed by itself."""

    def __init__(self, between: Between) -> None:
        self.between = between
        self.is_closed = False
        self._count(1)

    def _count(self, change: int) -> None:
        raise NotImplementedError

    def clone(self) -> Self:
        """One more such end, that is open until it is closed itself. Raises `trio.ClosedResourceError`."""
        self._check_open()
        return type(self)(self.between)

    def close(self) -> None:
        """Close it, at once."""
        if not self.is_closed:
            self.is_closed = True
            self._count(-1)
            self.between.door.look_again()

    async def aclose(self) -> None:
        """Close it."""
        self.close()
        await self.between.door.let_others_run()

    def _check_open(self) -> None:
        if self.is_closed:
            raise trio.ClosedResourceError(f"this end of {self.between.entrance.name} is closed")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class NetworkSendChannel(_End, trio.abc.SendChannel[Any]):
    """The end to send with."""

    def _count(self, change: int) -> None:
        self.between.senders += change

    async def send(self, value: Any) -> None:
        """Put a value in the mail. There is always room.

        Raises `trio.ClosedResourceError` where this end is closed, and `trio.BrokenResourceError` where all that could
        receive it are.
        """
        await self.between.door.checkpoint()
        self.send_nowait(value)

    def send_nowait(self, value: Any) -> None:
        """As `send`, without a checkpoint."""
        self._check_open()
        if not self.between.receivers:
            raise trio.BrokenResourceError
        self.between.entrance.post(self.between.exit.name, value)


class NetworkReceiveChannel(_End, trio.abc.ReceiveChannel[Any]):
    """The end to receive from."""

    def _count(self, change: int) -> None:
        self.between.receivers += change

    async def receive(self) -> Any:
        """The next value. Raises `trio.EndOfChannel` where all who can send are closed and all they sent has come."""
        between = self.between
        await between.door.wait_until(
            lambda: self.is_closed or between.exit.has_mail or between.is_over, f"{between.exit.name} for a value"
        )
        return self.receive_nowait()

    def receive_nowait(self) -> Any:
        """The next value, if one has come; else raises `trio.WouldBlock`, or as `receive` does."""
        self._check_open()
        if not self.between.exit.has_mail and self.between.is_over:
            raise trio.EndOfChannel
        return self.between.exit.receive_nowait()[1]
