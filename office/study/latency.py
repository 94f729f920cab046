"""How long mail takes: percentiles of the latency, link by link."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from office.journal import Journal
from office.study.link_mail import LinkMail, mail_by_link, mail_on
from office.study.sequences import Whole

__all__ = ["Latency", "latency", "latency_by_link"]

PERCENTS = (0, 50, 90, 99, 100)


@dataclass(frozen=True)
class Latency:
    """How long so many took, in ns."""

    count: int
    mean: float
    """NaN of none."""
    percentiles: dict[int, int]
    """By percent, the least time within which so many of a hundred were there: 0 is the least of all, 100 the most."""

    @classmethod
    def of(cls, lengths: Whole, percents: tuple[int, ...] = PERCENTS) -> Latency:
        """`(n,)` ns -> how they are distributed; any lengths of time, such as those of `Stays`.

        The percentiles are by nearest rank, so that each is a time that occurred. Of none there are none.
        """
        if not len(lengths):
            return cls(0, float("nan"), {})
        times = np.percentile(lengths, percents, method="inverted_cdf")
        return cls(len(lengths), float(lengths.mean()), dict(zip(percents, map(int, times), strict=True)))


def latency(journal: Journal, link: str, percents: tuple[int, ...] = PERCENTS) -> Latency:
    """From sending to arrival on a link.

    The first undamaged copy to arrive is that which counts, from the sending of the original, as in RFC 7679, where
    this is the one-way delay. Messages of which none arrived, or none undamaged, do not count. Raises `ValueError`
    where no link has that name.

    Args:
        journal: What a run has recorded.
        link: The link's name, as in ``"estimates/alex.inbox"``.
        percents: Which percentiles to take.
    """
    return _latency(mail_on(journal, link), percents)


def latency_by_link(journal: Journal, pattern: str = "*", percents: tuple[int, ...] = PERCENTS) -> dict[str, Latency]:
    """The same for each link whose name fits. Raises `ValueError` for a pattern that fits none.

    Args:
        journal: What a run has recorded.
        pattern: As in mail conditions: ``"*.feedback_from_above"``.
        percents: Which percentiles to take.
    """
    return {name: _latency(mail, percents) for name, mail in mail_by_link(journal, pattern).items()}


def _latency(mail: LinkMail, percents: tuple[int, ...]) -> Latency:
    delivered = mail.delivered
    return Latency.of(delivered.arrived - delivered.sent, percents)
