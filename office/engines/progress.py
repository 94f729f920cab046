"""What goes on in this process, runs and searches through orders, for whoever wants to watch from another thread.

A run knows nothing of it: it is put on a list when it begins, and taken off when it is over. Whoever looks reads a few
numbers while they change. Each of them is right by itself; together they may be of moments a little apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sized
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from office.engines.client_desk import ClientDesk
    from office.engines.workplace import Workplace

__all__ = ["Glimpse", "glimpses", "in_sight", "search_in_sight"]

LATEST = 50
"""The loss is a mean of so many."""


@dataclass(frozen=True)
class Glimpse:
    """A run, or a search, as it was seen at some moment."""

    number: int
    """Which run of this process it is, from 1."""
    time: int
    """How far virtual time is, in ns."""
    messages: int
    """How many have arrived."""
    until: int | None = None
    """How far virtual time will go, in ns, where that is known."""
    tasks: int | None = None
    """How many tasks the client has in all, where that is known."""
    spoken_of: int = 0
    """Of how many of them the people above have spoken."""
    in_flight: int | None = None
    """Tasks whose feedback to below is not in yet; None where there is no client."""
    loss: float | None = None
    """The mean of the latest losses; None where there are none, or all of them are 0."""
    orders: int | None = None
    """How many delivery orders have been run, if this is a search through them."""

    @property
    def share(self) -> float | None:
        """How much of the run is over, from 0 to 1, by tasks or by time; None where nobody knows."""
        parts = (self.spoken_of, self.tasks), (self.time, self.until)
        return max((min(done / of, 1.0) for done, of in parts if of), default=None)


_going_on: list[tuple[int, Callable[[int], Glimpse]]] = []
_numbers = count(1)


@contextmanager
def in_sight(workplace: Workplace, client: ClientDesk | None = None) -> Iterator[None]:
    """While this lasts, `glimpses` show the run."""
    with _going(partial(_glimpse, workplace, client)):
        yield


@contextmanager
def search_in_sight(orders: Callable[[], int]) -> Iterator[None]:
    """While this lasts, `glimpses` show how many delivery orders have been run."""
    with _going(lambda number: Glimpse(number, 0, 0, orders=orders())):
        yield


@contextmanager
def _going(look: Callable[[int], Glimpse]) -> Iterator[None]:
    one = next(_numbers), look
    _going_on.append(one)
    try:
        yield
    finally:
        _going_on.remove(one)


def glimpses() -> list[Glimpse]:
    """What goes on now, those that began first at the front. May be called from any thread."""
    return [look(number) for number, look in list(_going_on)]


def _glimpse(workplace: Workplace, client: ClientDesk | None, number: int) -> Glimpse:
    time, messages = max(workplace.room.horizon - 1, 0), len(workplace.journal)
    if client is None:
        return Glimpse(number, time, messages, workplace.until)
    tasks, epochs = client.client.tasks, client.client.epochs
    said = workplace.journal.said
    losses = [loss for _, _, loss in said[-LATEST:]]
    return Glimpse(
        number,
        time,
        messages,
        workplace.until,
        len(tasks) * epochs if isinstance(tasks, Sized) else None,
        len(said),
        len(client.in_flight),
        sum(losses) / len(losses) if any(losses) else None,
    )
