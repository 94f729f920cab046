"""Whether the messages of each link are numbered as they were sent."""

from __future__ import annotations

import numpy as np

from office.study.checks.finding import Check, finding
from office.study.evidence import Evidence

__all__ = ["numbers"]


def numbers(evidence: Evidence) -> Check:
    """Look whether on each link the originals are 1, 2, … in order of sending, and copies belong to one of them."""
    mail, number, copy = evidence.mail, evidence.number, evidence.copy
    # By link, number and copy: each original before its copies, and after those of the one before.
    rows = np.lexsort((copy, number, mail.link))
    link, number, copy, sent, task = (column[rows] for column in (mail.link, number, copy, mail.sent, mail.task))
    originals = np.flatnonzero(copy == 0)
    first = np.diff(link[originals], prepend=-1) != 0
    step = np.where(first, number[originals], np.diff(number[originals], prepend=0))
    back = ~first & (np.diff(sent[originals], prepend=0) < 0)

    copies = np.flatnonzero(copy)
    own = np.searchsorted(originals, copies) - 1  # the last original before it in this order
    at = originals[np.maximum(own, 0)] if len(originals) else copies
    there = (own >= 0) & (link[at] == link[copies]) & (number[at] == number[copies]) & (copy[at] == 0)
    before = copies - 1
    same = there & (task[at] == task[copies]) & (sent[before] <= sent[copies]) & (copy[before] < copy[copies])
    return finding(
        evidence,
        "numbers",
        "on each link, messages are numbered from 1 in order of sending, and copies belong to one of them",
        {"messages": len(originals), "copies": len(copies)},
        (rows[originals[step > 1]], "the message before it is missing"),
        (rows[originals[step < 1]], "its number is taken"),
        (rows[originals[back & (step == 1)]], "it was sent before the message before it"),
        (rows[copies[~there]], "there is no original of it"),
        (rows[copies[there & ~same]], "it does not follow from its original"),
    )
