"""The books of a run: what became of every message on a link, and of every task that a desk has filed."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from office.journal import IncidentKind, Journal
from office.study.journal_index import JournalIndex
from office.study.link_mail import mail_by_link
from office.study.matching import counts
from office.study.sequences import Whole

__all__ = ["DeskBook", "MailBook", "TaskBooks", "desk_books", "mail_books", "task_books"]


class MailBook(NamedTuple):
    """How many messages, copies among them, were put in the mail on a link, and what became of them."""

    sent: int
    read: int
    """Came to their reader."""
    repeats: int
    """Arrived as well as another copy that had been read."""
    damaged: int
    lost: int
    on_its_way: int
    """Had not arrived when the run ended."""

    @property
    def balances(self) -> bool:
        """Whether each became just one of these."""
        return self.sent == sum(self[1:])


class DeskBook(NamedTuple):
    """How many tasks a desk has filed in its pending table, and what became of them."""

    filed: int
    answered: int
    """Taken out for the feedback that came. It counts as it arrives, also where a busy desk lets it lie."""
    expired: int
    forgotten: int
    pending: int
    """Still there at the end."""


def mail_books(journal: Journal, pattern: str = "*") -> dict[str, MailBook]:
    """The book of each link whose name fits. Raises `ValueError` for a pattern that fits none."""
    books = {}
    for name, mail in mail_by_link(journal, pattern).items():
        came, damaged = mail.arrived >= 0, mail.mark % 2 == 1
        parts = mail.read, came & ~damaged & ~mail.read, came & damaged, mail.lost, (mail.arrived == -1) & ~mail.lost
        books[name] = MailBook(len(mail.sent), *(int(np.count_nonzero(part)) for part in parts))
    return books


class TaskBooks(NamedTuple):
    """A `DeskBook` for each task of each desk, column by column."""

    keys: Whole
    """`(books,)` the desk and the task, as in `JournalIndex.key`."""
    filed: Whole
    answered: Whole
    expired: Whole
    forgotten: Whole

    @property
    def pending(self) -> Whole:
        """`(books,)` less than 0 where more was taken out of the table than had been filed."""
        return self.filed - self.answered - self.expired - self.forgotten


def desk_books(journal: Journal) -> dict[str, DeskBook]:
    """The book of each desk."""
    index = JournalIndex(journal)
    tasks = task_books(index)
    desk = tasks.keys // max(index.tasks, 1) - 1
    columns = *tasks[1:], tasks.pending
    totals = [np.bincount(desk, column, len(journal.desks)).astype(int).tolist() for column in columns]
    return {name: DeskBook(*book) for name, *book in zip(journal.desks, *totals, strict=True) if name in index.staff}


def task_books(index: JournalIndex) -> TaskBooks:
    """The books by desk and task. A feedback for what had been let go, forgotten or expired, answers nothing."""
    sent, heard = index.sent_on(index.ends.outbox)[1], index.read_on(index.ends.feedback_from_above)[1]
    expired, forgotten = index.incidents(IncidentKind.FEEDBACK_EXPIRED)[1], index.incidents(IncidentKind.FORGOTTEN)[1]
    events = sent, heard, expired, forgotten
    keys = np.unique(np.concatenate([each.keys for each in events]))
    filed, came, late, lost = (counts(each.keys, keys) for each in events)
    return TaskBooks(keys, filed, came - np.minimum(came, late + lost), late, lost)
