"""Whether desks did what a desk can do: answer what they read, keep their books, do one thing at a time."""

from __future__ import annotations

import numpy as np

from office.journal import NO_CAUSE, IncidentKind
from office.study.books import task_books
from office.study.checks.check import Check, finding
from office.study.ends import OUTSIDE
from office.study.journal_index import NO_TASK, JournalIndex
from office.study.matching import Moments, first, together, unmatched
from office.study.sequences import Whole
from office.times import NEVER

__all__ = ["answers", "causes", "downtime", "incidents", "one_thing_at_a_time", "passing_down", "the_desks_balance"]


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


def one_thing_at_a_time(index: JournalIndex) -> Check:
    """Look whether a desk's pieces of work follow one another, each on a task that a letter had come about."""
    journal = index.journal
    table = [(desk, *entry) for desk, name in enumerate(journal.desks) for entry in journal.work.get(name, ())]
    task = index.places([task_id for _, task_id, _, _ in table])
    desk, begin, end = np.array([(row[0], *row[2:]) for row in table], dtype=np.int64).reshape(-1, 3).T
    letters = np.flatnonzero(index.read)
    came = Moments(index.key(index.reader[letters], letters), index.mail.arrived[letters])
    key = np.where(task == NO_TASK, NO_TASK, (desk + 1) * index.tasks + task)
    overlaps = np.flatnonzero((np.diff(desk) == 0) & (begin[1:] < end[:-1])) + 1
    return finding(
        "work",
        "a desk does one thing at a time, which takes a while, and about which a letter had come",
        {"pieces of work": len(table), "desks": len(np.unique(desk))},
        (np.flatnonzero((end <= begin) | (begin < 0)), "it ends no later than it begins"),
        (overlaps, "the work before it was not done yet"),
        (np.flatnonzero(first(came, key) > begin), "no letter about this task had come"),
        table="work",
    )


EXPIRED = IncidentKind.FEEDBACK_EXPIRED, IncidentKind.RESULTS_EXPIRED, IncidentKind.REPLIES_EXPIRED
GIVEN_UP = IncidentKind.FORGOTTEN, *EXPIRED


def incidents(index: JournalIndex) -> Check:
    """Look whether each incident has what it needs before it: an entry to expire, a crash to forget in, and so on."""
    ends = index.ends
    (_, tasks), (_, answers), (_, feedback) = (
        index.read_on(ends.inbox), index.sent_on(ends.outbox), index.read_on(ends.feedback_from_above)
    )  # fmt: skip
    from_table, taken = index.incidents(IncidentKind.FORGOTTEN, IncidentKind.FEEDBACK_EXPIRED)
    results, unanswered = index.incidents(IncidentKind.RESULTS_EXPIRED)
    replies, unfinished = index.incidents(IncidentKind.REPLIES_EXPIRED)
    strays, astray = index.incidents(IncidentKind.STRAY)
    heard = together(feedback, taken, unanswered)
    rows = index.incident_rows
    return finding(
        "incidents",
        "what expires or is forgotten was there, a stray is about such a task, and who is down comes back first",
        {"incidents": len(rows), "strays": len(strays)},
        (from_table[unmatched(answers, taken)], "there was no answer in this desk's table"),
        (results[unmatched(tasks, unanswered)], "this desk had not been given that task"),
        (replies[unmatched(heard, unfinished)], "this desk had heard no feedback on that task"),
        (
            strays[first(index.incidents(*GIVEN_UP)[1], astray.keys) > astray.times],
            "nothing of that task had been let go",
        ),
        (_out_of_turn(index), "it does not follow from what befell this desk before"),
        table="incidents",
    )


def _out_of_turn(index: JournalIndex) -> Whole:
    """Incidents that stand before an earlier one; or befell a desk that was down, or back from being up."""
    rows = []
    desk_before, last, down = -1, 0, ""
    for row, desk, time, what, _ in index.incident_rows:
        if desk != desk_before:
            desk_before, last, down = desk, 0, ""
        fits: dict[str, bool] = {IncidentKind.BACK: bool(down), IncidentKind.FORGOTTEN: down == IncidentKind.CRASHED}
        if time < last or not fits.get(what, not down):
            rows.append(row)
        if what in (IncidentKind.STALLED, IncidentKind.CRASHED, IncidentKind.BACK):
            down = "" if what == IncidentKind.BACK else what
        last = time
    return np.array(rows, dtype=np.int64)


def downtime(index: JournalIndex) -> Check:
    """Look whether no desk sent anything after it stalled or crashed, and before it was back."""
    desk, begin, end = _times_down(index)
    sent = np.flatnonzero((index.sender != OUTSIDE) & index.original)
    sender, time = index.sender[sent], index.mail.sent[sent]
    # A desk and a time in one number, in order of desks and then of time.
    moments = np.unique(np.concatenate([begin, time]), return_inverse=True)[1]
    down, when = desk * len(moments) + moments[: len(desk)], sender * len(moments) + moments[len(desk) :]
    last = np.searchsorted(down, when, side="left") - 1  # without any, it is the fence at the end
    is_down = (np.append(desk, OUTSIDE)[last] == sender) & (time < np.append(end, 0)[last])
    return finding(
        "downtime",
        "a desk sends nothing between stalling or crashing and being back",
        {"times down": len(desk), "messages": len(sent)},
        (sent[is_down], "its sender was down"),
    )


def _times_down(index: JournalIndex) -> Whole:
    """`(3, times down)`: the desk, since when, and until when (ns), in the order in which they stand."""
    spans: list[tuple[int, int, int]] = []
    for _, desk, time, what, _ in index.incident_rows:
        if what in (IncidentKind.STALLED, IncidentKind.CRASHED):
            spans.append((desk, time, NEVER))
        elif what == IncidentKind.BACK and spans and spans[-1][0] == desk and spans[-1][2] == NEVER:
            spans[-1] = desk, spans[-1][1], time
    return np.array(spans, dtype=np.int64).reshape(-1, 3).T
