"""Whether what befell desks could befall them."""

from __future__ import annotations

import numpy as np

from office.study.checks.finding import Check, finding
from office.study.evidence import Evidence
from office.study.pairing import first, together, unmatched
from office.study.sequences import Whole

__all__ = ["incidents"]

GIVEN_UP = "forgotten", "feedback expired", "results expired", "replies expired"


def incidents(evidence: Evidence) -> Check:
    """Look whether each incident has what it needs before it: an entry to expire, a crash to forget in, and so on."""
    ends = evidence.ends
    (_, tasks), (_, answers), (_, feedback) = (
        evidence.read_on(ends.inbox), evidence.sent_on(ends.outbox), evidence.read_on(ends.feedback_from_above)
    )  # fmt: skip
    from_table, taken = evidence.incidents("forgotten", "feedback expired")
    results, unanswered = evidence.incidents("results expired")
    replies, unfinished = evidence.incidents("replies expired")
    strays, astray = evidence.incidents("stray")
    heard = together(feedback, taken, unanswered)
    rows = evidence.incident_rows
    return finding(
        evidence,
        "incidents",
        "what expires or is forgotten was there, a stray is about such a task, and who is down comes back first",
        {"incidents": len(rows), "strays": len(strays)},
        (from_table[unmatched(answers, taken)], "there was no answer in this desk's table"),
        (results[unmatched(tasks, unanswered)], "this desk had not been given that task"),
        (replies[unmatched(heard, unfinished)], "this desk had heard no feedback on that task"),
        (
            strays[first(evidence.incidents(*GIVEN_UP)[1], astray.keys) > astray.times],
            "nothing of that task had been let go",
        ),
        (_out_of_turn(evidence), "it does not follow from what befell this desk before"),
        table="incidents",
    )


def _out_of_turn(evidence: Evidence) -> Whole:
    """Incidents that stand before an earlier one; or befell a desk that was down, or back from being up."""
    found = []
    desk_before, last, down = -1, 0, ""
    for row, desk, time, what, _ in evidence.incident_rows:
        if desk != desk_before:
            desk_before, last, down = desk, 0, ""
        fits = {"back": bool(down), "forgotten": down == "crashed"}
        if time < last or not fits.get(what, not down):
            found.append(row)
        down = {"stalled": what, "crashed": what, "back": ""}.get(what, down)
        last = time
    return np.array(found, dtype=np.int64)
