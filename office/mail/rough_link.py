"""A link that does more to its messages than let them take a while: it loses, repeats, damages and overtakes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Any

import numpy as np

from office.ids import TaskID
from office.journal import DAMAGED, ONE_COPY, ONE_MORE, Entry
from office.mail.link import Link, Message
from office.mail.netem.conditions import Conditions
from office.mail.netem.wire import Wire
from office.mail.tray import DONE, Tray

__all__ = ["RoughLink", "size_of"]


class RoughLink(Link):
    """A link whose messages go over a netem `Wire`.

    The reader gets no damaged message, and each message once: a copy is recognised by its number.

    Args:
        name: the link's name.
        rank: its place among all links.
        sender: whose link it is: messages leave at this tray's time.
        receiver: where messages land.
        conditions: what happens to messages on their way.
        cut: from when to when (ns) everything that is sent is lost.
    """

    def __init__(
        self,
        name: str,
        rank: int,
        sender: Tray,
        receiver: Tray,
        conditions: Conditions,
        cut: Sequence[tuple[int, int]] = (),
    ) -> None:
        super().__init__(name, rank, sender, receiver, conditions)
        self._wire = Wire(conditions, sender.seed, name, cut)
        self._to_come: dict[int, int] = {}
        """Of messages that arrive more than once, by number: how many times still."""
        self._read: set[int] = set()
        """Those of them that the reader has got."""

    def send(self, value: Message) -> Awaitable[None]:  # type: ignore[override]
        """Put a message in the mail, whatever becomes of it there."""
        task_id, body = value
        self._mark = mark = self._mark + ONE_MORE
        times = len(self._transmit(mark, self.sender.now, task_id, body))
        if times != 1:
            self._expect(mark, times)
        return DONE

    @property
    def deliver(self) -> Callable[[Entry], None]:
        """What puts a message that has arrived into its reader's tray, if the reader is to get it."""
        return self._deliver

    def _transmit(self, mark: int, at: int, task_id: TaskID, body: Any, *, again: bool = False) -> list[int]:
        """Send a message at a time (ns), once or twice; when it arrives in a state to be read."""
        arrivals, wire, cause = [], self._wire, self.sender.cause
        for arrives, damaged in wire.send(at, size_of(body) if wire.weighs else 0, again=again):
            if arrives is None:
                self.journal.record_lost((at, self.rank, mark, task_id, cause))
            else:
                self._agenda.push((arrives, self.rank, mark | DAMAGED if damaged else mark, at, task_id, body, cause))
                if not damaged:
                    arrivals.append(arrives)
            mark += ONE_COPY
        return arrivals

    def _expect(self, mark: int, times: int) -> None:
        """A message will arrive so many times in a state to be read."""
        if not times:
            self.unread += 1
        elif times > 1:
            self._to_come[mark // ONE_MORE] = times

    def _deliver(self, entry: Entry) -> None:
        mark = entry[2]
        if mark & DAMAGED:
            return
        number = mark // ONE_MORE
        left = self._to_come.get(number)
        if left is not None:
            if left == 1:
                del self._to_come[number]
            else:
                self._to_come[number] = left - 1
            if number in self._read:
                if left == 1:
                    self._read.discard(number)
                return
            if left > 1:
                self._read.add(number)
        self.receiver.arrived.append(entry)


def size_of(body: Any) -> int:
    """The bytes of a body: of arrays their numbers', of text its UTF-8, of a number eight, of a list what is in it.

    Everything else that is unknown here has none; so has the word that there is no feedback, and a list within itself.
    """
    if not isinstance(body, (list, tuple, dict)):
        return _size_of_one(body)
    size, within = 0, [0]
    parts: list[Iterator[Any]] = [iter((body,))]
    while parts:
        part: Any = next(parts[-1], parts)
        if part is parts:
            parts.pop()
            within.pop()
        elif not isinstance(part, (list, tuple, dict)):
            size += _size_of_one(part)
        elif id(part) not in within:
            parts.append(iter(part.values() if isinstance(part, dict) else part))
            within.append(id(part))
    return size


def _size_of_one(body: Any) -> int:
    if isinstance(body, (np.ndarray, np.generic)):
        return int(body.nbytes)
    if isinstance(body, str):
        return len(body.encode(errors="surrogatepass"))
    if isinstance(body, (bytes, bytearray)):
        return len(body)
    return 8 if isinstance(body, (int, float)) else 0
