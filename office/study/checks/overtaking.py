"""Whether messages stayed in order on the links that keep them so."""

from __future__ import annotations

import numpy as np

from office.study.checks.finding import Check, finding
from office.study.evidence import Evidence

__all__ = ["overtaking"]


def overtaking(evidence: Evidence) -> Check:
    """Look whether on a link whose conditions cannot reorder messages, they arrived in the order of their numbers."""
    in_order = np.array([promise.in_order for promise in evidence.promises], dtype=bool)
    rows = np.flatnonzero(evidence.came)
    rows = rows[in_order[evidence.mail.link[rows]]]
    # Rows stand in order of arrival, and sorting keeps them so within each link.
    rows = rows[np.argsort(evidence.mail.link[rows], kind="stable")]
    links, numbers = evidence.mail.link[rows], evidence.number[rows]
    overtaken = np.flatnonzero((np.diff(links) == 0) & (np.diff(numbers) < 0)) + 1
    overtaker = dict(zip(rows[overtaken].tolist(), numbers[overtaken - 1].tolist(), strict=True))
    return finding(
        evidence,
        "overtaking",
        "nothing overtakes where all messages take the same time, or wait for those before them",
        {"arrivals": len(rows), "links that keep order": int(np.count_nonzero(in_order))},
        (rows[overtaken], lambda row: f"message {overtaker[row]} of this link arrived before it"),
    )
