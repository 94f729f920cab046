"""Whether what desks passed down came from above."""

from __future__ import annotations

from office.study.checks.finding import Check, finding
from office.study.evidence import Evidence
from office.study.pairing import together, unmatched

__all__ = ["passing_down"]


def passing_down(evidence: Evidence) -> Check:
    """Look whether each feedback to below follows a feedback from above, or from what let a desk wait no longer."""
    heard, feedback = evidence.read_on(evidence.ends.feedback_from_above)
    _, expired = evidence.incidents("feedback expired", "results expired")
    rows, sent = evidence.sent_on(evidence.ends.feedback_to_below)
    return finding(
        evidence,
        "passing down",
        "each feedback to below follows from one from above, or from an entry that expired",
        {"feedbacks to below": len(rows), "from above": len(heard), "expired": len(expired.keys)},
        (rows[unmatched(together(feedback, expired), sent)], "its sender had heard nothing from above that it is for"),
    )
