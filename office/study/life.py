"""The life of one task: every message about it, what was said of it, and what befell it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from office.ids import TaskID
from office.journal import DAMAGED, Journal, Mail
from office.study.ends import managers
from office.study.staleness import Hearing, hearing_of, learners

__all__ = ["Fate", "Hop", "Life", "Work", "fate_of", "find_task", "why"]

Fate: TypeAlias = Literal["read", "repeat", "damaged", "lost", "on its way"]


def fate_of(mail: Mail, read: NDArray[np.bool_], row: int) -> Fate:
    """What became of a message.

    Args:
        mail: The journal's mail.
        read: `(rows,)` what `mail.read` says.
        row: Which message.
    """
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
    """Where a worker answers: how many feedbacks it had heard before. In the field: the version of the weights."""
    staleness: int | None = None
    """Where a worker hears feedback: how many others it has heard since it answered."""

    @property
    def took(self) -> int | None:
        """How long it was on its way, in ns."""
        return None if self.arrived is None else self.arrived - self.sent


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
    losses: tuple[tuple[int, float], ...]
    """When the client replied about it (ns), and the loss."""
    work: tuple[Work, ...]
    incidents: tuple[tuple[int, str, str], ...]
    """What befell it: when (ns), at which desk, and what."""

    def as_dict(self) -> dict[str, Any]:
        """The same, as JSON has it."""
        return {
            "task": self.task,
            "hops": [asdict(hop) | {"took": hop.took} for hop in self.hops],
            "losses": [{"time": time, "loss": loss} for time, loss in self.losses],
            "work": [asdict(work) for work in self.work],
            "incidents": [{"time": time, "desk": desk, "what": what} for time, desk, what in self.incidents],
        }


def why(journal: Journal, task_id: TaskID) -> Life:
    """The life of one task: each message about it in order of sending, its lateness, and what was said and befell.

    Raises `ValueError` for a task that no message is about, which names some of those that there are.
    """
    mail = journal.mail
    rows = _rows(journal, mail, task_id)
    if not len(rows):
        raise _unknown(journal, mail, task_id)
    rows = rows[np.lexsort((rows, mail.sent[rows]))]
    hops = _Hops(journal, mail)
    return Life(
        task_id,
        tuple(hops.hop(row) for row in rows.tolist()),
        tuple((time, loss) for time, about, loss in journal.losses if about == task_id),
        tuple(
            Work(desk, begin, end)
            for desk in journal.desks
            for about, begin, end in journal.work.get(desk, ())
            if about == task_id
        ),
        tuple(
            sorted(
                (time, desk, what)
                for desk in journal.desks
                for time, what, about in journal.incidents.get(desk, ())
                if about == task_id and about is not None
            )
        ),
    )


def find_task(journal: Journal, word: str) -> TaskID:
    """The task that a word means: 7 for "7" where there is a task 7, else "7". Raises `ValueError` as `why` does."""
    mail = journal.mail
    meant: list[TaskID] = [word]
    if word.removeprefix("-").isascii() and word.removeprefix("-").isdigit():
        meant.insert(0, int(word))
    for task_id in meant:
        if len(_rows(journal, mail, task_id)):
            return task_id
    raise _unknown(journal, mail, meant[0])


def _rows(journal: Journal, mail: Mail, task_id: TaskID) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    code = journal.columns.code(task_id)
    return np.flatnonzero(mail.task == code) if code is not None else np.arange(0)


def _unknown(journal: Journal, mail: Mail, task_id: TaskID) -> ValueError:
    codes, first = np.unique(mail.task, return_index=True)
    known = [journal.task_id(int(code)) for code in codes[np.argsort(first)][:8]]
    some = ", ".join(map(repr, known)) + (", …" if len(codes) > len(known) else "")
    return ValueError(f"no message in this journal is about task {task_id!r} (tasks: {some or 'none'})")


class _Hops:
    """What there is to say of single rows of the mail."""

    def __init__(self, journal: Journal, mail: Mail) -> None:
        self.journal = journal
        self.mail = mail
        self.read = mail.read
        self.managers = managers(journal)
        self.hearings: dict[str, Hearing] = {}
        took = np.where(mail.arrived >= 0, mail.arrived - mail.sent, np.iinfo(np.int64).max)
        self.quickest = np.full(len(journal.links), np.iinfo(np.int64).max)
        np.minimum.at(self.quickest, mail.link, took)

    def hop(self, row: int) -> Hop:
        """One message, or a copy of it."""
        mail, link = self.mail, self.journal.links[self.mail.link[row]]
        sent, arrived, copy = int(mail.sent[row]), int(mail.arrived[row]), int(mail.copy[row])
        came = arrived >= 0
        is_answer = link.sent_on == "outbox" and link.sender not in self.managers
        is_feedback = link.read_on == "feedback_from_above" and link.reader not in self.managers
        return Hop(
            sent,
            arrived if came else None,
            link.name,
            link.sender,
            link.reader,
            int(mail.number[row]),
            copy,
            fate_of(mail, self.read, row),
            arrived - sent - int(self.quickest[mail.link[row]]) if came else None,
            self._heard_before(link.sender, row) if is_answer and not copy else None,
            self._staleness(link.reader, row) if is_feedback else None,
        )

    def _hearing(self, desk: str) -> Hearing:
        if desk not in self.hearings:
            self.hearings[desk] = hearing_of(self.journal, self.mail, desk)
        return self.hearings[desk]

    def _heard_before(self, desk: str, row: int) -> int:
        """How many feedbacks a worker had heard when it sent this answer."""
        hearing = self._hearing(desk)
        (sent_after,) = hearing.sent_after[hearing.answers == row]
        return int(np.searchsorted(hearing.feedback, sent_after, side="right"))

    def _staleness(self, desk: str, row: int) -> int | None:
        """How late feedback was; None if the worker learnt nothing from it."""
        hearing, task = self._hearing(desk), self.mail.task[row]
        place = int(np.searchsorted(hearing.feedback, row))
        if row not in hearing.feedback or hearing.late[place] < 0:
            return None
        if desk in learners(self.journal):
            code = self.journal.columns.code
            written = [entry.staleness for entry in self.journal.learnt.get(desk, ()) if code(entry.task_id) == task]
            alike = hearing.feedback[self.mail.task[hearing.feedback] == task]
            if len(written) in (0, len(alike)):  # else which of them had nothing to say is not known
                return written[int(np.searchsorted(alike, row))] if written else None
        return int(hearing.late[place])
