"""The tables of a journal: what a row of each holds, and which values it can have.

Every row is a tuple with named fields, and its `is_possible` checks the values of one that was read from a file. The
first rows here are those of the tables in memory; `ArrivedRow` and `UnreadRow` are messages as a file has them.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from sys import float_info
from typing import Any, NamedTuple

from office.ids import TaskID
from office.journal.mail import LARGEST_MARK, MARK_BITS, NO_CAUSE
from office.times import NEVER, time_text

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
    "Steps",
    "UnreadRow",
    "Work",
    "are_desks",
    "are_facts",
    "are_links",
    "is_number",
]

MAX_FLOAT = int(float_info.max)


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
        return is_number(self.time) and _is_task(self.task_id) and _is_real(self.loss)


class Work(NamedTuple):
    """One piece of work at a desk that takes time."""

    task_id: TaskID
    begin: int
    """When, in ns."""
    end: int
    """When, in ns."""

    def is_possible(self) -> bool:
        """Whether a run can have this row."""
        return _is_task(self.task_id) and is_number(self.begin) and is_number(self.end) and self.begin <= self.end


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
        return is_number(self.time) and self.kind in KINDS and (self.task_id is None or _is_task(self.task_id))


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
        return _is_task(self.task_id) and all(map(is_number, counts)) and all(map(_is_size, sizes))


class Steps(NamedTuple):
    """What became of the weights of a desk in a run, by their own count; of several `Parameters`, of the first."""

    before: int
    """How many updates there had been when the run began."""
    after: int
    """How many there were when it ended."""
    heard: int
    """How many feedbacks they had word of in the run, those that brought no gradients among them."""
    learnt: int
    """How many rows the desk has in the table of what was learnt."""

    def is_possible(self) -> bool:
        """Whether a run can end so."""
        return all(map(is_number, self)) and self.before <= self.after


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
        return is_number(self.time) and is_about and type(self.desk) is type(self.what) is str

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
        return is_number(self.sent) and is_number(self.arrived) and self.arrived >= self.sent and _is_message(self)

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
        return is_number(self.sent) and _is_message(self)

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
    has_cause = is_number(row.cause_link) and _is_mark(row.cause_mark)
    return (
        is_number(row.link)
        and _is_task(row.task_id)
        and _is_mark(row.mark)
        and (has_cause or row.cause_link is row.cause_mark is None)
    )


def _cause(row: ArrivedRow | UnreadRow) -> int:
    if row.cause_link is None or row.cause_mark is None:
        return NO_CAUSE
    return row.cause_link << MARK_BITS | row.cause_mark


def is_number(number: Any) -> bool:
    """Whether it is a whole number from 0 that a column can hold: a time, or a count."""
    return type(number) is int and 0 <= number <= NEVER


def _is_mark(number: Any) -> bool:
    return type(number) is int and 0 < number <= LARGEST_MARK


def _is_size(number: Any) -> bool:
    return number is None or (_is_real(number) and not number < 0)


def _is_real(number: Any) -> bool:
    """Whether it is a float, or a whole number that can be one."""
    return type(number) is float or (type(number) is int and abs(number) <= MAX_FLOAT)


def _is_task(task_id: Any) -> bool:
    return type(task_id) in (int, str)


# The head


def are_desks(desks: Any) -> bool:
    """Whether these can be the desks of a head: names, each once."""
    return _are_texts(desks) and len(set(desks)) == len(desks)


def are_links(rows: Any) -> bool:
    """Whether these can be the links of a head: `LinkEnds`, each name once."""
    if not isinstance(rows, list) or not all(isinstance(row, list) and 0 < len(row) <= 5 for row in rows):
        return False
    return all(LinkEnds(*row).is_possible() for row in rows) and len({row[0] for row in rows}) == len(rows)


def are_facts(facts: dict[str, Any]) -> bool:
    """Whether all that a head says besides is as runs write it."""
    settings, weights = facts.get("settings", {}), facts.get("weights", {})
    if not isinstance(settings, dict) or not _is_by_name(weights, _are_weights):
        return False
    return all(is_possible(settings[name]) for name, is_possible in SETTINGS.items() if name in settings)


def _is_by_name(values: Any, is_possible: Callable[[Any], bool]) -> bool:
    return isinstance(values, dict) and all(map(is_possible, values.values()))


def _is_text(text: Any) -> bool:
    return type(text) is str


def _are_texts(texts: Any) -> bool:
    return isinstance(texts, list) and all(map(_is_text, texts))


def _are_weights(weights: Any) -> bool:
    """Whether these can be the weights of a desk."""
    return isinstance(weights, list) and all(
        isinstance(each, dict)
        and is_number(each.get("bytes"))
        and _is_text(each.get("rule"))
        and _is_text(each.get("policy"))
        for each in weights
    )


def _texts_by_name(values: Any) -> bool:
    return _is_by_name(values, _is_text)


def _numbers_by_name(values: Any) -> bool:
    return _is_by_name(values, is_number)


SETTINGS: dict[str, Callable[[Any], bool]] = {
    "seed": lambda seed: type(seed) is int and seed >= 0,
    "mail": _texts_by_name,
    "delivery": _texts_by_name,
    "capacity": _numbers_by_name,
    "faults": _are_texts,
    "expire": _numbers_by_name,
    "paces": _texts_by_name,
    "patience": is_number,
    "until": is_number,
}
"""Of settings that are named so, what they can be."""
