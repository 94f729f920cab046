"""Whether every message took as long as its link asks for."""

from __future__ import annotations

import numpy as np

from office.study.checks.finding import Check, finding
from office.study.evidence import Evidence
from office.times import exact_time

__all__ = ["times"]


def times(evidence: Evidence) -> Check:
    """Look whether nothing arrived before it was sent, nor sooner than the conditions of its link allow."""
    mail, came = evidence.mail, evidence.came
    least = np.array([promise.least for promise in evidence.promises], dtype=np.int64)
    took = mail.arrived - mail.sent
    soonest = least[mail.link] if len(least) else took

    def too_soon(row: int) -> str:
        return f"it took {exact_time(int(took[row]))}, and {exact_time(int(soonest[row]))} is the least there"

    return finding(
        evidence,
        "times",
        "no message is sent before time begins, arrives before it is sent, or sooner than its link allows",
        {"arrivals": int(np.count_nonzero(came)), "of links with a least delay": int(np.count_nonzero(least))},
        (np.flatnonzero(mail.sent < 0), "time begins at 0"),
        (np.flatnonzero(came & (took < 0)), "it arrived before it was sent"),
        (np.flatnonzero(came & (took >= 0) & (took < soonest)), too_soon),
    )
