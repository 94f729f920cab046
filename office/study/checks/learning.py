"""Whether feedback reached the desk that did the task, and the client and desks learnt from what had come."""

from __future__ import annotations

import numpy as np

from office.journal import IncidentKind
from office.study.checks.check import Check, finding
from office.study.ends import OUTSIDE
from office.study.journal_index import NO_TASK, JournalIndex
from office.study.matching import NO_TIME, Moments, nth_time, occurrence, unmatched

__all__ = ["feedback", "learning", "what_was_said"]


def learning(index: JournalIndex) -> Check:
    """Look whether a desk learns only from feedback that came to it, and whether its updates only ever grow."""
    journal = index.journal
    table = [(desk, entry) for desk, name in enumerate(journal.desks) for entry in journal.learnt.get(name, ())]
    task = index.places([entry.task_id for _, entry in table])
    rows = np.array(
        [(desk, entry.time, entry.staleness, entry.updates) for desk, entry in table], dtype=np.int64
    ).reshape(-1, 4)
    desk, time, late, updates = rows.T
    _, came = index.read_on(index.ends.feedback_from_above)
    key = np.where(task == NO_TASK, NO_TASK, (desk + 1) * index.tasks + task)
    too_soon = unmatched(came, Moments(key, time))
    goes_back = np.flatnonzero((np.diff(desk) == 0) & ((np.diff(updates) < 0) | (np.diff(time) < 0))) + 1
    return finding(
        "learning",
        "a desk learns from feedback that came to it, no later than it has updates, and neither they nor time go back",
        {"feedbacks learnt from": len(table), "desks": len(np.unique(desk))},
        (np.flatnonzero(too_soon), "no feedback on this task had come, or not that often"),
        (np.flatnonzero(late > updates), "it is later than there had been updates"),
        (goes_back, "it stands after what was learnt later, or after more updates"),
        table="learnt",
    )


def feedback(index: JournalIndex) -> Check:
    """Look whether each feedback read from above is on an answer its desk had sent, and each answer has one at most.

    So it is for strays too, which come when a desk has forgotten its answer, or given it up.
    """
    answered, sent = index.sent_on(index.ends.outbox)
    rows, heard = index.read_on(index.ends.feedback_from_above)
    strays = index.incidents(IncidentKind.STRAY)[0]
    unanswered = unmatched(sent, heard)
    return finding(
        "feedback",
        "feedback reaches whoever has answered the task, and each answer has one at most",
        {"feedbacks": len(rows), "answers": len(answered), "strays": len(strays)},
        (rows[unanswered], "its reader had not answered that task, or had had the feedback on it"),
    )


def what_was_said(index: JournalIndex) -> Check:
    """Look whether each word on a task follows its result, and goes into the mail before the next is spoken."""
    ends, mail, link = index.ends, index.mail, index.mail.link
    result = index.read & (ends.outbox != OUTSIDE)[link] & (index.reader == OUTSIDE)
    sent_feedback = index.original & (ends.feedback_from_above != OUTSIDE)[link] & (index.sender == OUTSIDE)
    tasks = index.places([task_id for _, task_id, _ in index.journal.losses])
    times = np.array([time for time, _, _ in index.journal.losses], dtype=np.int64)
    spoken = Moments(tasks, times)
    # Whoever speaks waits till there is room in the mail, and says nothing else meanwhile.
    sent = nth_time(Moments(index.task[sent_feedback], mail.sent[sent_feedback]), tasks, occurrence(spoken))
    untold = (sent < times) | (sent > np.append(times[1:], NO_TIME))
    unseen = unmatched(Moments(index.task[result], mail.arrived[result]), spoken)
    return finding(
        "said",
        "what is said of a task comes after its result, once for each, and goes into the mail before the next is said",
        {"tasks spoken of": len(tasks), "results": int(np.count_nonzero(result))},
        (np.flatnonzero(np.diff(times) < 0) + 1, "it stands after a later loss"),
        (np.flatnonzero(untold), "no feedback on it was sent then"),
        (np.flatnonzero(unseen), "its result had not come, or had been spoken of"),
        table="losses",
    )
