"""The words of mail conditions, one after another, and the kinds of word: times, percentages, counts, rates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from office.errors import BadConditions, BadTime
from office.times import UNITS, nanoseconds

__all__ = ["Words", "percent_text", "quoted", "rate_text"]

MOST_QUOTED = 100
"""So many letters of a text, or of a word in it, are quoted."""

PERCENT = re.compile(r"([0-9]+(?:\.[0-9]*)?|\.[0-9]+)%?")
RATE = re.compile(r"([0-9]+(?:\.[0-9]*)?|\.[0-9]+)([a-zA-Z]+)")
BITS = {"bit": 1, "kbit": 10**3, "mbit": 10**6, "gbit": 10**9, "tbit": 10**12}
BITS |= {"kibit": 2**10, "mibit": 2**20, "gibit": 2**30, "tibit": 2**40}
RATES = BITS | {unit.replace("bit", "bps"): 8 * bits for unit, bits in BITS.items()}
"""Bits a second, by unit; as in tc, "bps" is bytes a second."""


class Words(Iterator[str]):
    """The words of a text, with a look ahead. An unreadable one raises `BadConditions`, which quotes the whole text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.left = text.split()[::-1]

    def __next__(self) -> str:
        if not self.left:
            raise StopIteration
        return self.left.pop()

    def is_next(self, *words: str) -> bool:
        """Whether the next word is one of these; if so, take it."""
        is_next = bool(self.left) and self.left[-1] in words
        if is_next:
            self.left.pop()
        return is_next

    def number_next(self) -> bool:
        """Whether the next word begins like a number."""
        return bool(self.left) and self.left[-1][0] in "-.0123456789"

    def complaint(self, what: str) -> BadConditions:
        """The error that says what is wrong with these conditions."""
        return BadConditions(f"{quoted(self.text)}: {what}")

    def take(self, what: str) -> str:
        """The next word, where there must be one."""
        if not self.left:
            raise self.complaint(f"{what} is missing at the end")
        return self.left.pop()

    def time(self) -> int:
        """A time, in ns."""
        word = self.take("a time")
        try:
            return nanoseconds(word)
        except BadTime as error:
            if self.left and self.left[-1] in UNITS:
                raise self.complaint(f'write "{word}{self.left[-1]}", without the space') from None
            raise self.complaint(str(error)) from None

    def percent(self) -> float:
        """A probability or a correlation, ``25%`` or ``25``, as a number from 0 to 100."""
        word = self.take("a percentage")
        match = PERCENT.fullmatch(word)
        if match is None or not 0 <= float(match[1]) <= 100:
            raise self.complaint(f"{quoted(word)} is no percentage from 0% to 100%")
        return float(match[1])

    def count(self) -> int:
        """A whole number from 1."""
        word = self.take("a whole number")
        if not (word.isascii() and word.isdigit() and len(word) < 19 and int(word) > 0):
            raise self.complaint(f"{quoted(word)} is no whole number from 1")
        return int(word)

    def whole(self, *, negative: bool = False) -> int:
        """A whole number from 0, or of any sign."""
        word = self.take("a whole number")
        digits = word.removeprefix("-") if negative else word
        if not (digits.isascii() and digits.isdigit() and len(digits) < 19):
            raise self.complaint(f"{quoted(word)} is no whole number" + ("" if negative else " from 0"))
        return int(word)

    def rate(self) -> int:
        """Bits a second."""
        word = self.take("a rate")
        match = RATE.fullmatch(word)
        if match is None or len(word) > 40 or match[2].lower() not in RATES:
            raise self.complaint(
                f"{quoted(word)} is no rate: write a number and bit, kbit, mbit, gbit, or bps, kbps, …"
            )
        bits = int(Fraction(match[1]) * RATES[match[2].lower()])
        if bits < 1:
            raise self.complaint(f"{quoted(word)} is less than a bit a second")
        return bits


def quoted(text: str) -> str:
    """Text in quotes, on one line, as far as an error shows it."""
    text = text if text.isprintable() else " ".join(text.split())
    return f'"{text}"' if len(text) <= MOST_QUOTED else f'"{text[: MOST_QUOTED - 1]}…"'


def percent_text(percent: float) -> str:
    """A percentage as it is written: ``25%``, ``0.1%``."""
    return f"{np.format_float_positional(percent, trim='-')}%"


def rate_text(bits: int) -> str:
    """A rate as it is written, in the largest unit that is exact: ``1mbit``."""
    unit, size = max(((unit, size) for unit, size in BITS.items() if bits % size == 0 and "i" not in unit[:-2]),
                     key=lambda pair: pair[1])  # fmt: skip
    return f"{bits // size}{unit}"
