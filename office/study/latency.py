"""How long mail takes: percentiles of the latency, link by link."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from office.journal import Journal
from office.study.link_mail import mail_by_link
from office.study.sequences import Whole

__all__ = ["Latency", "latencies", "latency"]

PERCENTS = (0, 50, 90, 99, 100)


@dataclass(frozen=True)
class Latency:
    """How long so many took, in ns."""

    count: int
    mean: float
    """NaN of none."""
    percentiles: dict[int, int]
    """By percent, the least time within which so many of a hundred were there: 0 is the least of all, 100 the most."""


def latency(lengths: Whole, percents: tuple[int, ...] = PERCENTS) -> Latency:
    """`(n,)` ns -> how they are distributed; any lengths of time, such as those of `Stays`.

    The percentiles are by nearest rank, so that each is a time that occurred. Of none there are none.
    """
    if not len(lengths):
        return Latency(0, float("nan"), {})
    found = np.percentile(lengths, percents, method="inverted_cdf")
    return Latency(len(lengths), float(lengths.mean()), dict(zip(percents, map(int, found), strict=True)))


def latencies(journal: Journal, pattern: str = "*", percents: tuple[int, ...] = PERCENTS) -> dict[str, Latency]:
    """From sending to arrival, for each link whose name fits.

    The first undamaged copy to arrive is that which counts, from the sending of the original, as in RFC 7679, where
    this is the one-way delay. Messages of which none arrived, or none undamaged, do not count.

    Raises `ValueError` for a pattern that fits no link.
    """
    found = {}
    for name, mail in mail_by_link(journal, pattern):
        there = mail.delivered
        found[name] = latency(there.arrived - there.sent, percents)
    return found
