"""Whether desks did what a desk can do: answer what they read, and keep their books."""

from __future__ import annotations

import numpy as np

from office.journal import NO_CAUSE, IncidentKind
from office.study.books import task_books
from office.study.checks.check import Check, finding
from office.study.checks.incidents import EXPIRED
from office.study.ends import OUTSIDE
from office.study.journal_index import JournalIndex
from office.study.matching import first, together, unmatched

__all__ = ["answers", "causes", "causes_between_actors", "passing_down", "the_desks_balance"]


def causes(index: JournalIndex) -> Check:
    """Look whether the cause of each message was read by its sender before, and is about the same task.

    What a desk sends without a cause, it sends as it lets a task go that has waited too long. The client needs no
    cause.
    """
    mail, sender = index.mail, index.sender
    sent = np.flatnonzero(index.original)
    cause, has_cause = index.cause[sent], mail.cause[sent] != NO_CAUSE
    is_known = has_cause & (cause >= 0)
    effects, letters = sent[is_known], cause[is_known]
    came_later = (mail.arrived[letters] > mail.sent[effects]) | (index.came[effects] & (letters >= effects))
    alone = sent[~has_cause & (sender[sent] != OUTSIDE)]
    let_go = first(index.incidents(*EXPIRED)[1], index.key(sender[alone], alone))
    return finding(
        "causes",
        "the cause of what a desk sends is a message about that task which the desk had read",
        {"messages": len(sent), "with a cause": int(np.count_nonzero(has_cause))},
        (sent[has_cause & (cause < 0)], "there is no such message as its cause"),
        (effects[index.reader[letters] != sender[effects]], "its cause did not go to its sender"),
        (effects[~index.read[letters]], "its sender never read its cause"),
        (effects[index.read[letters] & came_later], "its cause came later"),
        (effects[mail.task[letters] != mail.task[effects]], "its cause is about another task"),
        (alone[let_go > mail.sent[alone]], "it has no cause, and its sender had let nothing of that task go"),
    )


def causes_between_actors(index: JournalIndex) -> Check:
    """Look whether the cause of each message of a network had come to its sender before."""
    mail, sender = index.mail, index.sender
    caused = np.flatnonzero(index.original & (mail.cause != NO_CAUSE))
    cause = index.cause[caused]
    effects, letters = caused[cause >= 0], cause[cause >= 0]
    came_later = ~index.came[letters] | (mail.arrived[letters] > mail.sent[effects])
    return finding(
        "causes",
        "the cause of what an actor sends is a message that had come to it",
        {"messages": int(np.count_nonzero(index.original)), "with a cause": len(caused)},
        (caused[cause < 0], "there is no such message as its cause"),
        (effects[index.reader[letters] != sender[effects]], "its cause did not go to its sender"),
        (effects[came_later], "its cause came later"),
    )


def answers(index: JournalIndex) -> Check:
    """Look whether a desk answered each task once for each time that it had read it in its inbox, and not sooner."""
    tasks, read = index.read_on(index.ends.inbox)
    rows, sent = index.sent_on(index.ends.outbox)
    return finding(
        "answers",
        "each answer is to a task that its desk had read in its inbox, and each such task is answered at most once",
        {"answers": len(rows), "tasks read": len(tasks)},
        (rows[unmatched(read, sent)], "its sender had not read that task, or had answered it"),
    )


def passing_down(index: JournalIndex) -> Check:
    """Look whether each feedback to below follows a feedback from above, or from what let a desk wait no longer."""
    heard, feedback = index.read_on(index.ends.feedback_from_above)
    _, expired = index.incidents(IncidentKind.FEEDBACK_EXPIRED, IncidentKind.RESULTS_EXPIRED)
    rows, sent = index.sent_on(index.ends.feedback_to_below)
    return finding(
        "passing down",
        "each feedback to below follows from one from above, or from an entry that expired",
        {"feedbacks to below": len(rows), "from above": len(heard), "expired": len(expired.keys)},
        (rows[unmatched(together(feedback, expired), sent)], "its sender had heard nothing from above that it is for"),
    )


def the_desks_balance(index: JournalIndex) -> Check:
    """Look whether at each desk, for each task, filed - answered - expired - forgotten is not below 0.

    What is named are the results and feedbacks of such tasks at such desks.
    """
    books = task_books(index)
    overdrawn = books.keys[books.pending < 0]
    sent, filed = index.sent_on(index.ends.outbox)
    heard, feedback = index.read_on(index.ends.feedback_from_above)
    rows = np.union1d(sent[np.isin(filed.keys, overdrawn)], heard[np.isin(feedback.keys, overdrawn)])
    totals = {"filed": books.filed, "answered": books.answered, "expired": books.expired}
    totals |= {"forgotten": books.forgotten, "pending": books.pending}
    return finding(
        "books of the desks",
        "at each desk, for each task, filed = answered + expired + forgotten + pending, and none is below 0",
        {"desks": len(index.staff)} | {name: int(column.sum()) for name, column in totals.items()},
        (rows, "more of this task was taken out of the desk's table than had been filed there"),
    )
