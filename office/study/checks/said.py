"""Whether the people above spoke of what they had seen, and the office was told."""

from __future__ import annotations

import numpy as np

from office.study.checks.finding import Check, finding
from office.study.ends import OUTSIDE
from office.study.evidence import Evidence
from office.study.pairing import NO_TIME, Moments, nth_time, occurrence, unmatched

__all__ = ["what_was_said"]


def what_was_said(evidence: Evidence) -> Check:
    """Look whether each word on a task follows its result, and goes into the mail before the next is said."""
    ends, mail, link = evidence.ends, evidence.mail, evidence.mail.link
    result = evidence.read & (ends.outbox != OUTSIDE)[link] & (evidence.reader == OUTSIDE)
    told = evidence.original & (ends.feedback_from_above != OUTSIDE)[link] & (evidence.sender == OUTSIDE)
    tasks = evidence.places([task_id for _, task_id, _ in evidence.journal.said])
    times = np.array([time for time, _, _ in evidence.journal.said], dtype=np.int64)
    said = Moments(tasks, times)
    # Whoever speaks waits till there is room in the mail, and says nothing else meanwhile.
    sent = nth_time(Moments(evidence.task[told], mail.sent[told]), tasks, occurrence(said))
    untold = (sent < times) | (sent > np.append(times[1:], NO_TIME))
    unseen = unmatched(Moments(evidence.task[result], mail.arrived[result]), said)
    return finding(
        evidence,
        "said",
        "what is said of a task comes after its result, once for each, and goes into the mail before the next is said",
        {"tasks spoken of": len(tasks), "results": int(np.count_nonzero(result))},
        (np.flatnonzero(np.diff(times) < 0) + 1, "it stands after what was said later"),
        (np.flatnonzero(untold), "no feedback on it was sent then"),
        (np.flatnonzero(unseen), "its result had not come, or had been spoken of"),
        table="said",
    )
