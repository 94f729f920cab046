"""The life of one task: every message about it, what was said of it, and what befell it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from office.ids import CLIENT, TaskID
from office.journal import DAMAGED, Journal, Mail
from office.study.ends import OUTSIDE, Ends, ends
from office.study.versions import Versions

__all__ = ["Fate", "Hop", "Life", "Work", "fate_of", "find_task", "why"]

Fate: TypeAlias = Literal["read", "repeat", "damaged", "lost", "on its way"]


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


def why(journal: Journal, task_id: TaskID) -> Life:
    """The life of one task: each message about it in order of sending, its lateness, and what was said and befell.

    Raises `ValueError` for a task that no message is about, which names some of those that there are.
    """
    mail = journal.mail
    rows = _rows(journal, mail, task_id)
    if not len(rows):
        raise _unknown(journal, mail, task_id)
    rows = rows[np.lexsort((rows, mail.sent[rows]))]
    told = _Teller(journal, mail)
    return Life(
        task_id,
        tuple(told.hop(row) for row in rows.tolist()),
        tuple((time, loss) for time, about, loss in journal.said if about == task_id),
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


class _Teller:
    """Tells of single rows of the mail."""

    def __init__(self, journal: Journal, mail: Mail) -> None:
        self.journal = journal
        self.mail = mail
        self.ends: Ends = ends(journal)
        self.read = mail.read
        self.workers: dict[int, Versions | None] = {OUTSIDE: None}
        took = np.where(mail.arrived >= 0, mail.arrived - mail.sent, np.iinfo(np.int64).max)
        self.quickest = np.full(len(journal.links), np.iinfo(np.int64).max)
        np.minimum.at(self.quickest, mail.link, took)

    def hop(self, row: int) -> Hop:
        """What there is to say of a message."""
        mail, link = self.mail, int(self.mail.link[row])
        sent, arrived = int(mail.sent[row]), int(mail.arrived[row])
        came = arrived >= 0
        number, copy = int(mail.number[row]), int(mail.copy[row])
        answering, hearing = int(self.ends.outbox[link]), int(self.ends.feedback_from_above[link])
        version = staleness = None
        if copy == 0 and (worker := self._worker(answering)):
            version = worker.of_answer(row)
        if worker := self._worker(hearing):
            staleness = worker.staleness(row)
        return Hop(
            sent,
            arrived if came else None,
            self.journal.links[link].name,
            self._name(int(self.ends.sender[link])),
            self._name(int(self.ends.reader[link])),
            number,
            copy,
            fate_of(mail, self.read, row),
            arrived - sent - int(self.quickest[link]) if came else None,
            version,
            staleness,
        )

    def _name(self, desk: int) -> str:
        return CLIENT if desk == OUTSIDE else self.journal.desks[desk]

    def _worker(self, desk: int) -> Versions | None:
        """The answers of a desk that is nobody's boss; of others nothing."""
        if desk not in self.workers:
            name = self.journal.desks[desk]
            is_boss = any(other.startswith(f"{name}/") for other in self.journal.desks)
            self.workers[desk] = None if is_boss else Versions(self.journal, self.mail, self.read, name)
        return self.workers[desk]
