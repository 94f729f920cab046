"""An agenda: what is on its way, which timers are set, and whose turn is next.

There are three. `Windows` opens a stretch of time at once, where every message takes a while. `Instants` lets one event
happen at a time, where a message may take no time. `ChosenOrder` has no delays: which message arrives next is chosen.
What is common to them is here; the mailroom picks one when it opens.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Iterable
from typing import Protocol

from office.errors import TimeStandsStill
from office.journal import Entry
from office.times import LAST, time_text

__all__ = ["Agenda", "Reader"]


class Reader(Protocol):
    """A tray, as an agenda sees it."""

    index: int
    """Its place among all trays."""
    awaits_mail: bool
    """Whether it is to get the baton when mail arrives."""
    settling: bool
    """Whether it waits until the instant is otherwise quiet."""
    timer: int | None
    """When it is to get the baton in any case, in ns."""
    arrived: deque[Entry]
    """Its mail, in order of arrival."""

    def wake(self) -> None:
        """Let the reader run: it has the baton."""


class Agenda(ABC):
    """Messages on their way and timers, in the order in which they come.

    Nothing happens until every reader has asked for a turn for the first time, nor after `close`.

    Args:
        readers: how many readers there are.
        when_quiet: called when nothing more can happen; it may name a reader that gets the baton all the same.
        until: nothing happens after this time (ns); None for no such time.
        in_an_instant: more events than this at one instant mean that the office never leaves it.
    """

    def __init__(
        self, readers: int, when_quiet: Callable[[], Reader | None], until: int | None, in_an_instant: int
    ) -> None:
        self.horizon = 0
        """Everything that happens before this time (ns) is known to the reader that has the baton."""
        self.limit = -1
        """Nothing that comes later than this (ns) may happen yet."""
        self.until = LAST if until is None else until
        """Nothing happens after this time (ns)."""
        self.in_an_instant = in_an_instant
        self._when_quiet = when_quiet
        self._absent = readers
        """How many readers have not asked for a turn yet."""
        self._is_closed = False

    @property
    @abstractmethod
    def happened(self) -> int:
        """Until this time (ns) everything has happened, in whatever the reader that has the baton is broken off."""

    @abstractmethod
    def push(self, entry: Entry) -> None:
        """A message is on its way."""

    @abstractmethod
    def call_at(self, reader: Reader, time: int) -> None:
        """Give a reader the baton at this time (ns), if it is its `timer` then."""

    @abstractmethod
    def settle_at(self, reader: Reader, time: int) -> bool:
        """Give a reader the baton when everything that arrives at this time (ns) has arrived; False if it has."""

    @abstractmethod
    def next_turn(self) -> Reader | None:
        """Who gets the baton from the reader that hands it on; None if no reader does."""

    @abstractmethod
    def in_flight(self) -> Iterable[Entry]:
        """The messages that have not arrived."""

    @abstractmethod
    def by_links(self) -> None:
        """Order what several tasks have sent that ran together: link by link, since the order of tasks is random."""

    def begin(self) -> None:
        """Every reader is there: let time run."""
        self.limit = self.until

    def end_at(self, time: int) -> None:  # noqa: ARG002
        """A reader has failed at this time (ns), and nothing comes after. Everything before has happened already."""
        self.limit = self.until = -1

    def stands_still(self, time: int) -> TimeStandsStill:
        """The error of an office that never leaves this instant (ns)."""
        return TimeStandsStill(
            f"more than {self.in_an_instant:,} events at {time_text(time)}: the office never leaves that instant "
            "(an office that is meant to be so busy takes a larger in_an_instant=)"
        )

    def close(self) -> None:
        """From now on no reader gets the baton."""
        self.limit = -1
        self._is_closed = True

    def nothing_more(self) -> Reader | None:
        """Who gets the baton when nothing happens any more, or nothing has begun."""
        if self._is_closed:
            return None
        if self._absent:
            self._absent -= 1
            if self._absent:
                return None
            self.by_links()
            self.begin()
            return self.next_turn()
        return self._when_quiet()
