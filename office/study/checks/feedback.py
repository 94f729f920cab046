"""Whether feedback reached whoever had done the task."""

from __future__ import annotations

from office.study.checks.finding import Check, finding
from office.study.evidence import Evidence
from office.study.pairing import unmatched

__all__ = ["feedback"]


def feedback(evidence: Evidence) -> Check:
    """Look whether each feedback read from above is on an answer its desk had sent, and each answer has one at most.

    So it is for strays too, which come when a desk has forgotten its answer, or given it up.
    """
    answered, sent = evidence.sent_on(evidence.ends.outbox)
    rows, heard = evidence.read_on(evidence.ends.feedback_from_above)
    strays = evidence.incidents("stray")[0]
    amiss = unmatched(sent, heard)
    return finding(
        evidence,
        "feedback",
        "feedback reaches whoever has answered the task, and each answer has one at most",
        {"feedbacks": len(rows), "answers": len(answered), "strays": len(strays)},
        (rows[amiss], "its reader had not answered that task, or had had the feedback on it"),
    )
