"""Chances that remember: whether something happens to this message, given what happened to the last.

netem's own correlation: each number is (1 - ρ) of a fresh random one and ρ of the one before it. So the share of
messages that something happens to is the percentage itself only where ρ is 0: with ρ the numbers keep their mean of
1/2, but their variance is (1 - ρ)/(1 + ρ) of what it was, and what happens, happens in clusters.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from office.mail.netem.streams import numbers
from office.mail.netem.words import Words, percent_text

__all__ = ["Chance"]


@dataclass(frozen=True)
class Chance:
    """``PERCENT [CORRELATION]``: how likely something is to happen to a message."""

    percent: float
    correlation: float = 0.0

    def events(self, rng: np.random.Generator) -> Iterator[bool]:
        """Whether it happens, message by message."""
        limit = self.percent / 100
        return (number < limit for number in numbers(rng, self.correlation))

    @property
    def remembers(self) -> bool:
        """Whether it matters what happened to the messages before."""
        return self.correlation > 0

    @classmethod
    def read(cls, words: Words) -> Chance:
        """Read the words that follow the name of what happens."""
        return cls(words.percent(), words.percent() if words.number_next() else 0.0)

    def __str__(self) -> str:
        return percent_text(self.percent) + (f" {percent_text(self.correlation)}" if self.correlation else "")
