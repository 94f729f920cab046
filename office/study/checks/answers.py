"""Whether every answer is to a task that its desk had been given."""

from __future__ import annotations

from office.study.checks.finding import Check, finding
from office.study.evidence import Evidence
from office.study.pairing import unmatched

__all__ = ["answers"]


def answers(evidence: Evidence) -> Check:
    """Look whether a desk answered each task once for each time that it had read it in its inbox, and not sooner."""
    tasks, read = evidence.read_on(evidence.ends.inbox)
    rows, sent = evidence.sent_on(evidence.ends.outbox)
    return finding(
        evidence,
        "answers",
        "each answer is to a task that its desk had read in its inbox, and each such task is answered at most once",
        {"answers": len(rows), "tasks read": len(tasks)},
        (rows[unmatched(read, sent)], "its sender had not read that task, or had answered it"),
    )
