"""The life of one task: every message about it, what was said of it, and what befell it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from office.ids import TaskID
from office.journal import DAMAGED, Mail
from office.study.tables import Table
from office.times import exact_time

__all__ = ["Fate", "Hop", "Life", "Work", "fate_of"]

Fate: TypeAlias = Literal["read", "repeat", "damaged", "lost", "on its way"]
TITLES = "at", "took", "later", "from", "to", "on", ""
NUMERIC = 3
"""So many columns, from the left, are numbers."""


def fate_of(mail: Mail, read: NDArray[np.bool_], row: int) -> Fate:
    """What became of a message; `read` is what `mail.read` says."""
    if mail.arrived[row] < 0:
        return "lost" if mail.mark[row] < 0 else "on its way"
    return "read" if read[row] else "damaged" if abs(mail.mark[row]) & DAMAGED else "repeat"


@dataclass(frozen=True)
class Hop:
    """One message, or one copy of it."""

    sent: int
    """ns"""
    arrived: int | None
    """ns; None for what never arrived."""
    link: str
    sender: str
    reader: str
    number: int
    """Which message of its link it is, from 1."""
    copy: int
    """0 for the original."""
    fate: Fate
    later: int | None
    """How much longer it took than the quickest on its link, in ns."""
    heard: int | None = None
    """Where a worker answers: how many feedbacks he had heard before. In the field: the version of the weights."""
    staleness: int | None = None
    """Where a worker hears feedback: how many others he has heard since he answered."""

    @property
    def took(self) -> int | None:
        """How long it was on its way, in ns."""
        return None if self.arrived is None else self.arrived - self.sent

    @property
    def told(self) -> str:
        """What else there is to say of it."""
        found: list[str] = [] if self.fate == "read" else [self.fate]
        if self.copy:
            found.append(f"copy {self.copy} of message {self.number}")
        if self.heard is not None:
            found.append(f"{self.sender} had heard {_counted(self.heard, 'feedback')}")
        if self.staleness is not None:
            found.append(f"{_counted(self.staleness, 'update')} late")
        return ", ".join(found)


@dataclass(frozen=True)
class Work:
    """A desk at work on the task, from begin to end (ns)."""

    desk: str
    begin: int
    end: int


@dataclass(frozen=True)
class Life:
    """All that a journal has on one task, each in order of time."""

    task: TaskID
    hops: tuple[Hop, ...]
    said: tuple[tuple[int, float], ...]
    """When the people above spoke of it (ns), and what loss they saw."""
    work: tuple[Work, ...]
    incidents: tuple[tuple[int, str, str], ...]
    """What befell it: when (ns), at which desk, and what."""

    def as_dict(self) -> dict[str, Any]:
        """The same, as JSON has it."""
        return {
            "task": self.task,
            "hops": [asdict(hop) | {"took": hop.took} for hop in self.hops],
            "said": [{"time": time, "loss": loss} for time, loss in self.said],
            "work": [asdict(work) for work in self.work],
            "incidents": [{"time": time, "desk": desk, "what": what} for time, desk, what in self.incidents],
        }

    @property
    def title(self) -> str:
        """Which task it is, and how many messages there are."""
        return f"task {self.task!r}: {_counted(len(self.hops), 'message')}"

    @property
    def table(self) -> Table:
        """A row for each event, in order of time."""
        # At one instant, first what is no message: words, and what befell, come out as messages.
        events = [(time, _alone(f"the people above speak of it: loss {loss:g}")) for time, loss in self.said]
        events += [(work.begin, _alone(f"{work.desk} works on it until {exact_time(work.end)}")) for work in self.work]
        events += [(time, _alone(f"{desk}: {what}")) for time, desk, what in self.incidents]
        events += [(hop.sent, _cells(hop)) for hop in self.hops]
        events.sort(key=lambda event: event[0])
        return Table([(exact_time(time), *cells) for time, cells in events], TITLES, range(NUMERIC))

    def __str__(self) -> str:
        return f"{self.title}\n\n{self.table}"


def _cells(hop: Hop) -> tuple[str, ...]:
    times = ("" if time is None else exact_time(time) for time in (hop.took, hop.later))
    return *times, hop.sender, hop.reader, hop.link, hop.told


def _alone(what: str) -> tuple[str, ...]:
    """The cells of an event that is no message; the words may take the width of several."""
    return "", "", what


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
