"""Which letter each message follows from: the last that its sender had read, of the kind that leads to such a message.

A task leads to a task for a member of the team, or to a worker's answer; a member's answer to the team's answer;
feedback from above to feedback for a member, or to a worker's feedback to below; and a member's feedback to below to
the team's. The client speaks of an answer, and submits for no reason.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np

from office.journal import Mail
from office.study.ends import OUTSIDE, Ends
from office.study.sequences import Whole

__all__ = ["NOTHING", "answered"]

NOTHING = -1


class Kind(IntEnum):
    """What a letter is to its reader."""

    TASK = 0
    ANSWER = 1
    FEEDBACK = 2
    FEEDBACK_TO_BELOW = 3


def answered(mail: Mail, there: Ends, read: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Whole:
    """`(rows,)`: the row of the letter that each message follows from; -1 where there is none, and for copies.

    `there` are the ends of the journal's links, and `read` says which messages came to their readers.
    """
    came_as, follows = _kinds(there)
    letters, sent = np.flatnonzero(read), np.flatnonzero(mail.copy == 0)
    tasks = np.unique(mail.task, return_inverse=True)[1]
    span = int(tasks.max(initial=0)) + 1
    keys = ((there.reader + 1) * len(Kind) + came_as)[mail.link[letters]] * span + tasks[letters]
    asked = ((there.sender + 1) * len(Kind) + follows)[mail.link[sent]] * span + tasks[sent]
    # What is there in the instant in which it is sent follows from a letter that stands before it.
    clock = mail.arrived[: np.count_nonzero(mail.arrived >= 0)]
    until = np.where(mail.arrived == mail.sent, np.arange(len(read)), np.searchsorted(clock, mail.sent, side="right"))
    rows_and_one = len(read) + 1
    known = np.sort(keys * rows_and_one + letters)
    places = np.searchsorted(known, asked * rows_and_one + until[sent]) - 1
    found = np.append(known, NOTHING)[places]
    right = (places >= 0) & (found // rows_and_one == asked)
    found %= rows_and_one
    rows = np.full(len(mail.sent), NOTHING)
    rows[sent] = np.where(right, found, NOTHING)
    return rows


def _kinds(there: Ends) -> tuple[Whole, Whole]:
    """`(links,)` what a message on each link is to its reader, and `(links,)` what its sender had read before."""
    goes_in, goes_out, comes_down = there.inbox != OUTSIDE, there.outbox != OUTSIDE, there.feedback_to_below != OUTSIDE
    told = there.feedback_from_above != OUTSIDE
    came_as = np.select(
        [goes_in, told, goes_out], [Kind.TASK, Kind.FEEDBACK, Kind.ANSWER], default=Kind.FEEDBACK_TO_BELOW
    )
    bosses = np.concatenate([there.sender[~goes_out & ~comes_down], there.reader[~goes_in & ~told]])
    by_boss = np.isin(there.sender, bosses)
    follows = np.select(
        [goes_out & by_boss, goes_out, comes_down & by_boss, comes_down, goes_in, there.sender == OUTSIDE],
        [Kind.ANSWER, Kind.TASK, Kind.FEEDBACK_TO_BELOW, Kind.FEEDBACK, Kind.TASK, Kind.ANSWER],
        default=Kind.FEEDBACK,
    )
    return came_as, follows
