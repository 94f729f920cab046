"""Whether the client spoke of results that it had, of each once, and of no task that it had given up."""

from __future__ import annotations

import numpy as np

from office.study.checks.check import Check, finding
from office.study.ends import OUTSIDE
from office.study.handling import Handling
from office.study.journal_index import Flags, JournalIndex
from office.study.matching import NO_TIME, Moments, among, first, nth_time, occurrence, unmatched
from office.study.sequences import Whole

__all__ = ["client_can_wait", "losses_there", "what_was_said"]


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


def losses_there(index: Handling) -> Check:
    """Look whether there is a loss for each reply of the client, but for those on tasks that had been given up.

    A task is given up when the client's patience with it is over before its result has come, or when the office says
    first that there is no feedback to below to wait for; its result then hears so at once. Whether a result is replied
    to at all is the client's affair, and what users' own tasks reply has no cause and no loss. Where the client waits
    for room on its links, only losses are counted, not their times.
    """
    mail, cause = index.mail, index.cause
    replies = np.flatnonzero(index.is_said & (cause >= 0))
    replies = replies[index.brings_result_to_client[cause[replies]]]
    results = cause[replies]
    task = index.task[results]
    given_up = _gave_up(index, results)
    losses = Moments(
        index.places([task_id for _, task_id, _ in index.journal.losses]),
        np.array([time for time, _, _ in index.journal.losses], dtype=np.int64),
    )
    can_wait = client_can_wait(index)
    spoken = Moments(task, mail.sent[replies])
    missing = ~np.isin(task, losses.keys) if can_wait else ~among(spoken, losses)
    gone, is_known = given_up & ~missing, index.tells_settings and not can_wait
    late = given_up & (mail.sent[replies] != mail.arrived[results])
    return finding(
        "losses",
        "the people above have spoken of each task that was replied to, unless it had been given up",
        {"replies": len(replies), "to what was given up": int(np.count_nonzero(given_up))},
        (replies[missing & ~given_up & index.tells_settings], "there is no loss for it"),
        (replies[gone & is_known], "there is a loss for it, though its task had been given up"),
        (replies[late & is_known], "its task had been given up, and it was not said at once"),
    )


def client_can_wait(index: Handling) -> bool:
    """Whether the client sends on links that hold only so many messages."""
    capacity = index.journal.settings.get("capacity", {})
    return any(
        index.ends.sender[place] == OUTSIDE for place, name in enumerate(index.journal.link_names) if name in capacity
    )


def _gave_up(index: Handling, results: Whole) -> Flags:
    """Whether the task of each of these results had been given up when it came."""
    mail = index.mail
    below = np.flatnonzero(
        index.read & (index.reader == OUTSIDE) & (index.ends.feedback_to_below != OUTSIDE)[mail.link]
    )
    given_up: Flags = first(Moments(index.task[below], below), index.task[results]) < results
    patience = index.journal.settings.get("patience")
    if patience is not None:
        submitted = np.flatnonzero(index.is_submitted)
        since = first(Moments(index.task[submitted], mail.sent[submitted]), index.task[results])
        given_up |= mail.arrived[results] - since >= patience
    return given_up
