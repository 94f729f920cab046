"""Whether desks that were down kept quiet."""

from __future__ import annotations

import numpy as np

from office.study.checks.finding import Check, finding
from office.study.ends import OUTSIDE
from office.study.evidence import Evidence
from office.study.sequences import Whole
from office.times import NEVER

__all__ = ["downtime"]


def downtime(evidence: Evidence) -> Check:
    """Look whether no desk sent anything after it stalled or crashed, and before it was back."""
    desk, begin, end = _times_down(evidence)
    sent = np.flatnonzero((evidence.sender != OUTSIDE) & evidence.original)
    sender, time = evidence.sender[sent], evidence.mail.sent[sent]
    # A desk and a time in one number, in order of desks and then of time.
    moments = np.unique(np.concatenate([begin, time]), return_inverse=True)[1]
    down, when = desk * len(moments) + moments[: len(desk)], sender * len(moments) + moments[len(desk) :]
    last = np.searchsorted(down, when, side="left") - 1  # without any, it is the fence at the end
    is_down = (np.append(desk, OUTSIDE)[last] == sender) & (time < np.append(end, 0)[last])
    return finding(
        evidence,
        "downtime",
        "a desk sends nothing between stalling or crashing and being back",
        {"times down": len(desk), "messages": len(sent)},
        (sent[is_down], "its sender was down"),
    )


def _times_down(evidence: Evidence) -> Whole:
    """`(3, times down)`: the desk, since when, and until when (ns), in the order in which they stand."""
    found: list[tuple[int, int, int]] = []
    for _, desk, time, what, _ in evidence.incident_rows:
        if what in ("stalled", "crashed"):
            found.append((desk, time, NEVER))
        elif what == "back" and found and found[-1][0] == desk and found[-1][2] == NEVER:
            found[-1] = desk, found[-1][1], time
    return np.array(found, dtype=np.int64).reshape(-1, 3).T
