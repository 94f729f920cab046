"""What holds for all messages on a link: the least time a message takes on it, and whether one may overtake another.

Read from the mail conditions in a journal's head, on the safe side, so that who checks a journal need not trust the
mailroom that wrote it.
"""

from __future__ import annotations

import re
from fractions import Fraction
from math import floor
from typing import NamedTuple

from office.journal import Journal
from office.times import NEVER, UNITS

__all__ = ["LinkBounds", "link_bounds"]

AT_LEAST_ONCE = "at least once"
TIME = r"(\d[\d.]*)(ns|us|ms|s)"
DELAY = re.compile(rf"\bdelay {TIME}(?: {TIME})?(?: [\d.]+%)?(?: distribution (\w+))?")
EARLIEST: dict[str, int | Fraction] = {
    "uniform": 1,
    "exponential": 1,
    "normal": 4,
    "pareto": Fraction(2, 3),
    "paretonormal": Fraction(3, 2),
}
"""A message is early by so many times the jitter, at most."""


class LinkBounds(NamedTuple):
    """What holds for all messages on a link."""

    least: int
    """No message takes less than this, in ns."""
    in_order: bool
    """No message overtakes one that was sent before it."""


def link_bounds(journal: Journal) -> list[LinkBounds]:
    """The bounds of each link of a journal: none, where the head does not tell its conditions."""
    mail, delivery = journal.settings.get("mail", {}), journal.settings.get("delivery", {})
    return [
        _bounds(mail[link], sent_again=delivery.get(link) == AT_LEAST_ONCE)
        if link in mail else LinkBounds(0, in_order=False) for link in journal.link_names
    ]  # fmt: skip


def _bounds(conditions: str, *, sent_again: bool) -> LinkBounds:
    words = conditions.split()
    least, jitter = 0, False
    if "delay" in words:
        delay = DELAY.search(conditions)
        if delay is None or (delay[5] or "uniform") not in EARLIEST:
            return LinkBounds(0, in_order=False)
        early = Fraction(delay[3] or 0) * UNITS[delay[4] or "s"]
        least = floor(Fraction(delay[1]) * UNITS[delay[2]] - early * EARLIEST[delay[5] or "uniform"])
        jitter = early > 0
    if "reorder" in words:  # then some do not wait at all
        return LinkBounds(0, in_order=False)
    # A message that waits for a slot, or for the wire, waits for those before it.
    keeps_order = not jitter or "rate" in words or "slot" in words
    return LinkBounds(min(max(0, least), NEVER), keeps_order and not sent_again)
