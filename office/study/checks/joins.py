"""Whether managers waited for everybody."""

from __future__ import annotations

import numpy as np

from office.study.checks.finding import Check, finding
from office.study.ends import OUTSIDE
from office.study.evidence import Evidence, Flags
from office.study.pairing import Moments, counts, last
from office.study.sequences import Whole

__all__ = ["joins"]


def joins(evidence: Evidence) -> Check:
    """Look whether a manager had everybody's part of what he sent on: all answers, and all feedbacks to below.

    Tasks that came to him more than once, or over which something befell anybody, are left out.
    """
    ends = evidence.ends
    by_boss = (ends.sender != OUTSIDE) & (ends.outbox == OUTSIDE) & (ends.feedback_to_below == OUTSIDE)
    to_boss = (ends.reader != OUTSIDE) & (ends.inbox == OUTSIDE) & (ends.feedback_from_above == OUTSIDE)
    managers = np.unique(np.concatenate([ends.sender[by_boss], ends.reader[to_boss]]))
    answers, early = _without_all(evidence, managers, by_boss & (ends.inbox != OUTSIDE),
                                  to_boss & (ends.outbox != OUTSIDE), ends.outbox)  # fmt: skip
    below, soon = _without_all(evidence, managers, by_boss & (ends.feedback_from_above != OUTSIDE),
                               to_boss & (ends.feedback_to_below != OUTSIDE), ends.feedback_to_below)  # fmt: skip
    return finding(
        evidence,
        "joins",
        "a manager sends on what is joined from his team's answers, or from their feedbacks, when all of them are in",
        {"answers": answers, "feedbacks to below": below},
        (early, "not everybody who was given the task had answered"),
        (soon, "not everybody who was told the feedback had said what it means"),
    )


def _without_all(
    evidence: Evidence, managers: Whole, asking: Flags, replying: Flags, sending: Whole
) -> tuple[int, Whole]:
    """How many joint messages were looked at, and which were sent before every member who was asked had replied."""
    mail, link = evidence.mail, evidence.mail.link
    joint = np.flatnonzero(evidence.original & np.isin(sending[link], managers))
    keys = evidence.key(sending[link[joint]], joint)
    tasks, times = np.unique(evidence.read_on(evidence.ends.inbox)[1].keys, return_counts=True)
    befell = evidence.incidents()[1].keys % max(evidence.tasks, 1)
    plain = ~np.isin(keys, tasks[times > 1]) & ~np.isin(evidence.task[joint], befell)
    joint, keys = joint[plain], keys[plain]

    asked = np.flatnonzero(asking[link] & evidence.original)
    replied = np.flatnonzero(replying[link] & evidence.read)
    replies = Moments(evidence.key(evidence.reader[replied], replied), mail.arrived[replied])
    missing = counts(evidence.key(evidence.sender[asked], asked), keys) - counts(replies.keys, keys)
    return len(joint), joint[(missing != 0) | (last(replies, keys) > mail.sent[joint])]
