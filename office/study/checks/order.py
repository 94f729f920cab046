"""Whether the rows of the mail stand in their one order."""

from __future__ import annotations

import numpy as np

from office.study.checks.finding import Check, finding
from office.study.evidence import Evidence

__all__ = ["order"]

ARRIVED, ON_ITS_WAY, LOST = range(3)


def order(evidence: Evidence) -> Check:
    """Look whether rows go by time of arrival, link and mark, and what never arrived comes last.

    A message that is there in the instant in which it is sent stands where it came in, after what caused it: it may
    come after messages on links of a higher place.
    """
    mail = evidence.mail
    part = np.where(evidence.came, ARRIVED, np.where(mail.mark < 0, LOST, ON_ITS_WAY))
    back = np.flatnonzero(np.diff(part) < 0) + 1
    there = np.flatnonzero(evidence.came)
    earlier = there[1:][np.diff(mail.arrived[there]) < 0]
    # Of those that took a while all were known when their instant began; of those lost, when each was sent.
    slow = there[mail.sent[there] < mail.arrived[there]]
    lost = np.flatnonzero(part == LOST)
    amiss = [
        _descents(rows, times[rows], mail.link[rows], abs(mail.mark[rows]))
        for rows, times in ((slow, mail.arrived), (lost, mail.sent))
    ]
    return finding(
        evidence,
        "order",
        "messages stand in order of arrival, link and mark, and after them those on their way, and those lost",
        {"messages": len(part)},
        (back, "it stands after messages that came less far"),
        (np.setdiff1d(earlier, back), "the row before it arrived later"),
        (np.setdiff1d(np.concatenate(amiss), np.union1d(earlier, back)), "the row before it should come after it"),
    )


def _descents(rows: np.ndarray, *keys: np.ndarray) -> np.ndarray:
    """Those rows that come after one with greater keys, of which the first counts most."""
    place = np.empty(len(rows), dtype=np.int64)
    place[np.lexsort(keys[::-1])] = np.arange(len(rows))
    return rows[1:][np.diff(place) < 0]
