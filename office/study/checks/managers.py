"""Whether managers handed out what they had been given, and waited for every member."""

from __future__ import annotations

import numpy as np

from office.study.checks.check import Check, finding
from office.study.ends import OUTSIDE
from office.study.journal_index import Flags, JournalIndex
from office.study.matching import Moments, counts, last, occurrence, unmatched
from office.study.sequences import Whole

__all__ = ["handing_out", "joins"]


def handing_out(index: JournalIndex) -> Check:
    """Look whether managers sent only tasks they had read, and feedback only to whoever had answered that task.

    Each of them as often, to each member, as they had read the task, or the member's answer.
    """
    ends, mail = index.ends, index.mail
    # A member of a team has both ends of each pair of links with one boss.
    by_boss = (ends.sender != OUTSIDE) & (ends.outbox == OUTSIDE) & (ends.feedback_to_below == OUTSIDE)
    rows, given = index.sent_on(np.where(by_boss, ends.inbox, OUTSIDE))
    _, read = index.read_on(ends.inbox)
    boss = Moments(index.key(index.sender[rows], rows), mail.sent[rows])
    unasked = unmatched(read, boss, nth=occurrence(given))

    feedback, heard = index.sent_on(np.where(by_boss, ends.feedback_from_above, OUTSIDE))
    _, answered = index.read_on(_if_to_a_boss(index))
    return finding(
        "handing out",
        "managers give out tasks that they have read, and tell feedback to whoever has answered, at most once each",
        {"tasks given": len(rows), "feedbacks told": len(feedback)},
        (rows[unasked], "its sender had not read that task, or had given it to this member"),
        (feedback[unmatched(answered, heard)], "this member's answer had not come, or had been spoken of"),
    )


def _if_to_a_boss(index: JournalIndex) -> Whole:
    """By link: whose outbox it is, where a boss reads it."""
    ends = index.ends
    to_boss = (ends.reader != OUTSIDE) & (ends.inbox == OUTSIDE) & (ends.feedback_from_above == OUTSIDE)
    return np.where(to_boss, ends.outbox, OUTSIDE)


def joins(index: JournalIndex) -> Check:
    """Look whether a manager had each member's part of what it sent on: all answers, and all feedbacks to below.

    Tasks that came to it more than once, and tasks with an incident at any desk, are left out.
    """
    ends = index.ends
    by_boss = (ends.sender != OUTSIDE) & (ends.outbox == OUTSIDE) & (ends.feedback_to_below == OUTSIDE)
    to_boss = (ends.reader != OUTSIDE) & (ends.inbox == OUTSIDE) & (ends.feedback_from_above == OUTSIDE)
    managers = np.unique(np.concatenate([ends.sender[by_boss], ends.reader[to_boss]]))
    answers, early = _without_all(index, managers, by_boss & (ends.inbox != OUTSIDE),
                                  to_boss & (ends.outbox != OUTSIDE), ends.outbox)  # fmt: skip
    below, soon = _without_all(index, managers, by_boss & (ends.feedback_from_above != OUTSIDE),
                               to_boss & (ends.feedback_to_below != OUTSIDE), ends.feedback_to_below)  # fmt: skip
    return finding(
        "joins",
        "a manager sends on what is joined from its team's answers, or from their feedbacks, when all of them are in",
        {"answers": answers, "feedbacks to below": below},
        (early, "not every member that was given the task had answered"),
        (soon, "not every member that was told the feedback had passed feedback down"),
    )


def _without_all(
    index: JournalIndex, managers: Whole, asking: Flags, replying: Flags, sending: Whole
) -> tuple[int, Whole]:
    """How many joint messages were looked at, and which were sent before every member who was asked had replied."""
    mail, link = index.mail, index.mail.link
    joint = np.flatnonzero(index.original & np.isin(sending[link], managers))
    keys = index.key(sending[link[joint]], joint)
    tasks, times = np.unique(index.read_on(index.ends.inbox)[1].keys, return_counts=True)
    befell = index.incidents()[1].keys % max(index.tasks, 1)
    plain = ~np.isin(keys, tasks[times > 1]) & ~np.isin(index.task[joint], befell)
    joint, keys = joint[plain], keys[plain]

    asked = np.flatnonzero(asking[link] & index.original)
    replied = np.flatnonzero(replying[link] & index.read)
    replies = Moments(index.key(index.reader[replied], replied), mail.arrived[replied])
    missing = counts(index.key(index.sender[asked], asked), keys) - counts(replies.keys, keys)
    return len(joint), joint[(missing != 0) | (last(replies, keys) > mail.sent[joint])]
