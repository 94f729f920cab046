"""Whether desks took no more out of their pending tables than they had filed there."""

from __future__ import annotations

import numpy as np

from office.study.books import task_books
from office.study.checks.finding import Check, finding
from office.study.evidence import Evidence

__all__ = ["the_desks_balance"]


def the_desks_balance(evidence: Evidence) -> Check:
    """Look whether at each desk, for each task, filed - answered - expired - forgotten is not below 0.

    What is named are the results and feedbacks of such tasks at such desks.
    """
    found = task_books(evidence)
    amiss = found.keys[found.pending < 0]
    sent, filed = evidence.sent_on(evidence.ends.outbox)
    heard, feedback = evidence.read_on(evidence.ends.feedback_from_above)
    rows = np.union1d(sent[np.isin(filed.keys, amiss)], heard[np.isin(feedback.keys, amiss)])
    totals = {"filed": found.filed, "answered": found.answered, "expired": found.expired}
    totals |= {"forgotten": found.forgotten, "pending": found.pending}
    return finding(
        evidence,
        "books of the desks",
        "at each desk, for each task, filed = answered + expired + forgotten + pending, and none is below 0",
        {"desks": len(evidence.staff)} | {name: int(column.sum()) for name, column in totals.items()},
        (rows, "more of this task was taken out of the desk's table than had been filed there"),
    )
