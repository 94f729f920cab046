"""Whether managers gave their teams what they had been given, and told them about what they had heard."""

from __future__ import annotations

import numpy as np

from office.study.checks.finding import Check, finding
from office.study.ends import OUTSIDE
from office.study.evidence import Evidence
from office.study.pairing import Moments, occurrence, unmatched
from office.study.sequences import Whole

__all__ = ["handing_out"]


def handing_out(evidence: Evidence) -> Check:
    """Look whether managers sent only tasks they had read, and feedback only to whoever had answered that task.

    Each of them as often, to each member, as they had read the task, or the member's answer.
    """
    ends, mail = evidence.ends, evidence.mail
    # A member of a team has both ends of each pair of links with one boss.
    by_boss = (ends.sender != OUTSIDE) & (ends.outbox == OUTSIDE) & (ends.feedback_to_below == OUTSIDE)
    rows, given = evidence.sent_on(np.where(by_boss, ends.inbox, OUTSIDE))
    _, read = evidence.read_on(ends.inbox)
    boss = Moments(evidence.key(evidence.sender[rows], rows), mail.sent[rows])
    unasked = unmatched(read, boss, nth=occurrence(given))

    told, said = evidence.sent_on(np.where(by_boss, ends.feedback_from_above, OUTSIDE))
    _, answered = evidence.read_on(_if_to_a_boss(evidence))
    return finding(
        evidence,
        "handing out",
        "managers give out tasks that they have read, and tell feedback to whoever has answered, at most once each",
        {"tasks given": len(rows), "feedbacks told": len(told)},
        (rows[unasked], "its sender had not read that task, or had given it to this member"),
        (told[unmatched(answered, said)], "this member's answer had not come, or had been spoken of"),
    )


def _if_to_a_boss(evidence: Evidence) -> Whole:
    """By link: whose outbox it is, where a boss reads it."""
    ends = evidence.ends
    to_boss = (ends.reader != OUTSIDE) & (ends.inbox == OUTSIDE) & (ends.feedback_from_above == OUTSIDE)
    return np.where(to_boss, ends.outbox, OUTSIDE)
