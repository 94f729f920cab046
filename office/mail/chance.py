"""Chances that remember: whether something happens to this message, given what happened to the last.

netem's own correlation: each number is (1 - ρ) of a fresh random one and ρ of the one before it. So the share of
messages that something happens to is the percentage itself only where ρ is 0: with ρ the numbers keep their mean of
1/2, but their variance is (1 - ρ)/(1 + ρ) of what it was, and what happens, happens in clusters.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

import numpy as np

from office.mail.words import Words, percent_text

__all__ = ["Chance", "numbers"]

FIRST_BLOCK, LAST_BLOCK = 8, 4096


def numbers(rng: np.random.Generator, correlation: float = 0.0) -> Iterator[float]:
    """Numbers from 0 to 1 without end; of each, `correlation` percent is the one before it.

    Drawn in blocks that grow with use; blocks of any size give the same numbers.
    """
    share, size = correlation / 100, FIRST_BLOCK
    last = float(rng.random()) if share else 0.0
    while True:
        fresh = rng.random(size).tolist()
        if share:
            fresh = list(accumulate(fresh, lambda before, new: share * before + (1 - share) * new, initial=last))[1:]
            last = fresh[-1]
        yield from fresh
        size = min(2 * size, LAST_BLOCK)


@dataclass(frozen=True)
class Chance:
    """``PERCENT [CORRELATION]``: how likely something is to happen to a message."""

    percent: float
    correlation: float = 0.0

    def events(self, rng: np.random.Generator) -> Iterator[bool]:
        """Whether it happens, message by message."""
        limit = self.percent / 100
        return (number < limit for number in numbers(rng, self.correlation))

    @classmethod
    def read(cls, words: Words) -> Chance:
        """Read the words that follow the name of what happens."""
        return cls(words.percent(), words.percent() if words.number_next() else 0.0)

    def __str__(self) -> str:
        return percent_text(self.percent) + (f" {percent_text(self.correlation)}" if self.correlation else "")
