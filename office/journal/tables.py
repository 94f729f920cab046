"""The tables of a journal: what a row of each holds, and which values it can have.

Every row is a tuple with named fields, and its `is_possible` checks the values of one that was read from a file. The
first rows here are those of the tables in memory; `ArrivedRow` and `UnreadRow` are messages as a file has them.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any, NamedTuple

from office.counts import is_count
from office.ids import TaskID
from office.journal.mail import LARGEST_MARK, MARK_BITS, NO_CAUSE
from office.times import time_text

__all__ = [
    "BY_DESK",
    "TABLES",
    "ArrivedRow",
    "Divergence",
    "Incident",
    "IncidentKind",
    "Learnt",
    "LinkEnds",
    "Loss",
    "UnreadRow",
    "Work",
]


CHANNELS = "", "inbox", "outbox", "feedback_from_above", "feedback_to_below"
"""What a link can be to a desk at its end; nothing where it is not told."""


class LinkEnds(NamedTuple):
    """A link by name, with the desks at its two ends, and which channel it is to each of them.

    A link between two departments of a chain is an own channel of both. To a manager, and to the client, a link from
    or to a member is a channel of that member.
    """

    name: str
    sender: str = ""
    """The desk that sends on it; "client" for the people below and above."""
    reader: str = ""
    """The desk that reads from it."""
    sent_on: str = ""
    """To its sender: its own "outbox" or "feedback_to_below", or a member's "inbox" or "feedback_from_above"."""
    read_on: str = ""
    """To its reader: its own "inbox" or "feedback_from_above", or a member's "outbox" or "feedback_to_below"."""

    def is_possible(self) -> bool:
        """Whether all of these are text, and the channels are such as there are."""
        return all(type(text) is str for text in self) and self.sent_on in CHANNELS and self.read_on in CHANNELS


class Loss(NamedTuple):
    """What the people above said of one result."""

    time: int
    """When, in ns."""
    task_id: TaskID
    loss: float

    def is_possible(self) -> bool:
        """Whether a run can have this row."""
        return _is_time(self.time) and _is_task(self.task_id) and type(self.loss) in (int, float)


class Work(NamedTuple):
    """One piece of work at a desk that takes time."""

    task_id: TaskID
    begin: int
    """When, in ns."""
    end: int
    """When, in ns."""

    def is_possible(self) -> bool:
        """Whether a run can have this row."""
        return _is_task(self.task_id) and _is_time(self.begin) and _is_time(self.end) and self.begin <= self.end


class IncidentKind(StrEnum):
    """What can befall a desk besides its mail."""

    STALLED = "stalled"
    CRASHED = "crashed"
    BACK = "back"
    """From a stall or a crash."""
    FORGOTTEN = "forgotten"
    """A task, in a crash."""
    STRAY = "stray"
    """A message about a task that the desk had let go, which came to nothing."""
    RESULTS_EXPIRED = "results expired"
    """The desk waited no longer for a member's result."""
    FEEDBACK_EXPIRED = "feedback expired"
    """The desk waited no longer for feedback from above."""
    REPLIES_EXPIRED = "replies expired"
    """The desk waited no longer for a member's feedback to below."""


class Incident(NamedTuple):
    """One thing that befell a desk."""

    time: int
    """When, in ns."""
    kind: str
    """An `IncidentKind`."""
    task_id: TaskID | None
    """The task that it concerns; None where it is the desk as a whole."""

    def is_possible(self) -> bool:
        """Whether a run can have this row."""
        return _is_time(self.time) and self.kind in KINDS and (self.task_id is None or _is_task(self.task_id))


KINDS = tuple(kind.value for kind in IncidentKind)


class Learnt(NamedTuple):
    """One feedback that a desk with weights learnt from."""

    time: int
    """When, in ns."""
    task_id: TaskID
    staleness: int
    """How late the feedback was, in updates of the desk's weights."""
    updates: int
    """How many updates there had been before it."""
    from_above: float | None
    """How large the feedback was: the root mean square of its numbers; None where it had none."""
    to_below: float | None
    """How large the desk's feedback to below then was, in the same way."""

    def is_possible(self) -> bool:
        """Whether a run can have this row."""
        counts, sizes = (self.time, self.staleness, self.updates), (self.from_above, self.to_below)
        return _is_task(self.task_id) and all(map(_is_time, counts)) and all(map(_is_size, sizes))


class Divergence(NamedTuple):
    """Where a run came to a number that is not finite, or too large, and ended."""

    time: int
    """When, in ns."""
    desk: str
    """Whose work it was; "client" for the people below and above."""
    task_id: TaskID | None
    """The task that it was about; None where it was about none."""
    what: str
    """The error, in words."""

    def is_possible(self) -> bool:
        """Whether a run can have ended so."""
        is_about = self.task_id is None or _is_task(self.task_id)
        return _is_time(self.time) and is_about and type(self.desk) is type(self.what) is str

    def __str__(self) -> str:
        task = "" if self.task_id is None else f", task {self.task_id!r}"
        return f"{self.desk}{task}: {self.what}, at {time_text(self.time)}"


class ArrivedRow(NamedTuple):
    """A message that arrived, as a file has it."""

    sent: int
    arrived: int
    link: int
    """The place of its link in the head."""
    task_id: TaskID
    mark: int
    cause_link: int | None
    """The link of the message whose handling sent it, if there is one, …"""
    cause_mark: int | None
    """… and its mark there."""

    def is_possible(self) -> bool:
        """Whether a run can have this row."""
        return _is_time(self.sent) and _is_time(self.arrived) and self.arrived >= self.sent and _is_message(self)

    @property
    def cause(self) -> int:
        """Its cause as `Mail` has it."""
        return _cause(self)


class UnreadRow(NamedTuple):
    """A message that never arrived, as a file has it: it was lost, or was still on its way when the run ended."""

    sent: int
    link: int
    task_id: TaskID
    mark: int
    cause_link: int | None
    cause_mark: int | None

    def is_possible(self) -> bool:
        """Whether a run can have this row."""
        return _is_time(self.sent) and _is_message(self)

    @property
    def cause(self) -> int:
        """Its cause as `Mail` has it."""
        return _cause(self)


TABLES: dict[str, Any] = {
    "mail": ArrivedRow,
    "losses": Loss,
    "work": Work,
    "incidents": Incident,
    "learnt": Learnt,
    "lost": UnreadRow,
    "in flight": UnreadRow,
}
"""The tables of a file, by the word that each of their rows begins with."""
BY_DESK = "work", "incidents", "learnt"
"""In rows of these tables the desk comes before everything else."""


def _is_message(row: ArrivedRow | UnreadRow) -> bool:
    has_cause = _is_time(row.cause_link) and _is_mark(row.cause_mark)
    return (
        _is_time(row.link)
        and _is_task(row.task_id)
        and _is_mark(row.mark)
        and (has_cause or row.cause_link is row.cause_mark is None)
    )


def _cause(row: ArrivedRow | UnreadRow) -> int:
    if row.cause_link is None or row.cause_mark is None:
        return NO_CAUSE
    return row.cause_link << MARK_BITS | row.cause_mark


def _is_time(number: Any) -> bool:
    """Whether it is a whole number from 0: a time, or a count."""
    return is_count(number, least=0)


def _is_mark(number: Any) -> bool:
    return is_count(number) and number <= LARGEST_MARK


def _is_size(number: Any) -> bool:
    return number is None or (type(number) in (int, float) and not number < 0)


def _is_task(task_id: Any) -> bool:
    return type(task_id) in (int, str)
