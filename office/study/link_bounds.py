"""What holds for all messages on a link: how long they take, whether they may overtake, and what may become of them.

Read from the mail conditions in a journal's head, on the safe side, so that who checks a journal need not trust the
mailroom that wrote it.
"""

from __future__ import annotations

import re
from fractions import Fraction
from math import ceil, floor
from typing import NamedTuple

from office.journal import Journal
from office.times import NEVER, UNITS

__all__ = ["LinkBounds", "delay_bounds", "link_bounds"]

AT_LEAST_ONCE = "at least once"
TIME = r"(\d[\d.]*)(ns|us|ms|s)"
DELAY = re.compile(rf"\bdelay {TIME}(?: {TIME})?(?: [\d.]+%)?(?: distribution (\w+))?")
WORDS = {"delay", "distribution", "loss", "random", "state", "gemodel", "duplicate", "corrupt", "reorder", "gap"}
WORDS |= {"rate", "slot", "packets", "bytes", "limit", "seed"}
NAMES = re.compile(r"[a-z]+")
EARLIEST: dict[str, int | Fraction] = {
    "uniform": 1,
    "exponential": 1,
    "normal": 4,
    "pareto": Fraction(2, 3),
    "paretonormal": Fraction(3, 2),
}
"""A message is early by so many times the jitter, at most."""
LATEST: dict[str, int | None] = {"uniform": 1, "normal": 4, "pareto": 4, "paretonormal": 4, "exponential": None}
"""It is late by so many times the jitter, at most; None for any number."""


class LinkBounds(NamedTuple):
    """What holds for all messages on a link: anything may happen there, but for what this says."""

    least: int = 0
    """No message takes less than this, in ns."""
    longest: int = NEVER
    """No message takes more than this, in ns."""
    in_order: bool = False
    """No message overtakes one that was sent before it."""
    may_lose: bool = True
    """Whether messages can get lost; here partitions do not count."""
    may_damage: bool = True
    may_double: bool = True
    """Whether a message can arrive twice that was sent once."""
    timeout: int = 0
    """After so long, in ns, a message that was not acknowledged is sent for the second time; 0 where none is."""


ANYTHING = LinkBounds()


def link_bounds(journal: Journal) -> list[LinkBounds]:
    """The bounds of each link of a journal: none, where the head does not tell its conditions."""
    mail, delivery = journal.settings.get("mail", {}), journal.settings.get("delivery", {})
    return [
        _bounds(mail[link], sent_again=delivery.get(link) == AT_LEAST_ONCE) if link in mail else ANYTHING
        for link in journal.link_names
    ]


def _bounds(conditions: str, *, sent_again: bool) -> LinkBounds:
    words = conditions.split()
    span = delay_bounds(conditions)
    if span is None:
        return ANYTHING
    least, longest, mean, jitter = span
    # A message that waits for a slot, or for the wire, waits for those before it; some that are reordered do not wait.
    waits, jumps = "rate" in words or "slot" in words, "reorder" in words
    # Of words that are not known here anything may come.
    names = (match[0] for word in words if (match := NAMES.match(word)))
    is_known = all(name in WORDS or name in EARLIEST for name in names)
    return LinkBounds(
        0 if jumps else least,
        longest if is_known and not waits else NEVER,
        in_order=(not jitter or waits) and not jumps and not sent_again,
        may_lose=not is_known or "loss" in words or "limit" in words,
        may_damage=not is_known or "corrupt" in words,
        may_double=not is_known or "duplicate" in words,
        timeout=min(2 * mean + max(UNITS["ms"], 4 * jitter), NEVER) if sent_again else 0,
    )


def delay_bounds(text: str) -> tuple[int, int, int, int] | None:
    """Of conditions with a delay: the least time, the most, the mean and the jitter, in ns; None where it is not told.

    What has no delay takes no time. The most is `NEVER` where there is no such time.
    """
    if "delay" not in text.split():
        return 0, 0, 0, 0
    delay = DELAY.search(text)
    shape = "" if delay is None else delay[5] or "uniform"
    if delay is None or shape not in EARLIEST:
        return None
    mean, jitter = Fraction(delay[1]) * UNITS[delay[2]], Fraction(delay[3] or 0) * UNITS[delay[4] or "s"]
    latest = LATEST[shape]
    longest = ceil(mean + jitter * latest) if latest is not None else NEVER
    bounds = max(0, floor(mean - jitter * EARLIEST[shape])), longest if jitter else ceil(mean), int(mean), int(jitter)
    least, longest, middle, spread = (min(time, NEVER) for time in bounds)
    return least, longest, middle, spread
