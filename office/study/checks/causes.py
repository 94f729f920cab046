"""Whether whatever a desk sent had a cause."""

from __future__ import annotations

import numpy as np

from office.study.checks.finding import Check, finding
from office.study.ends import OUTSIDE
from office.study.evidence import Evidence
from office.study.pairing import Moments, first

__all__ = ["causes"]


def causes(evidence: Evidence) -> Check:
    """Look whether each message about a task came after something about it had come to its sender.

    That is a message that he read, at or before the time of sending and in an earlier row. The client needs no cause.
    """
    mail = evidence.mail
    sent = np.flatnonzero((evidence.sender != OUTSIDE) & evidence.original)
    letters = np.flatnonzero((evidence.reader != OUTSIDE) & evidence.read)
    asked = evidence.key(evidence.sender[sent], sent)
    keys = evidence.key(evidence.reader[letters], letters)
    time = first(Moments(keys, mail.arrived[letters]), asked)
    row = first(Moments(keys, letters), asked)
    caused = (time <= mail.sent[sent]) & ((row < sent) | ~evidence.came[sent])
    return finding(
        evidence,
        "causes",
        "what a desk sends about a task comes after something about it has come to that desk",
        {"messages": len(sent), "letters that desks read": len(letters)},
        (sent[~caused], "nothing about that task had come to its sender"),
    )
