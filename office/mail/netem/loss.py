"""How messages get lost: independently, or in bursts.

The models and the order of their draws are those of the Linux kernel's netem (net/sched/sch_netem.c, `loss_4state` and
`loss_gilb_ell`), after Salsano, Ludovici, Ordine and Giannuzzi, *Definition of a general and intuitive loss model for
packet networks and its implementation in the Netem module* (2012). The states' chances are given in percent.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import astuple, dataclass
from typing import ClassVar, TypeAlias

import numpy as np

from office.mail.netem.chance import Chance
from office.mail.netem.streams import numbers
from office.mail.netem.words import Words, percent_text

__all__ = ["FourStates", "GilbertElliott", "Loss", "read_loss"]


@dataclass(frozen=True)
class GilbertElliott:
    """``gemodel p [r [1-h [1-k]]]``: good times and bad times (Gilbert 1960, Elliott 1963).

    p: from good to bad; r: from bad to good; 1-h and 1-k: the shares that are lost in bad times and in good ones. Bad
    times last 1/r messages on average, and p/(p + r) of all messages fall into them.
    """

    p: float
    r: float
    bad: float = 100.0
    good: float = 0.0
    remembers: ClassVar[bool] = True

    def events(self, rng: np.random.Generator) -> Iterator[bool]:
        """Whether it is lost, message by message. The state changes first; what is lost is that of the one before."""
        p, r, bad, good = (share / 100 for share in astuple(self))
        drawn, in_bad_times = numbers(rng), False
        while True:
            change, loss = next(drawn), next(drawn)
            if in_bad_times:
                in_bad_times = change >= r
                yield loss < bad
            else:
                in_bad_times = change < p
                yield loss < good

    def __str__(self) -> str:
        return "gemodel " + " ".join(map(percent_text, astuple(self)))


@dataclass(frozen=True)
class FourStates:
    """``state p13 [p31 [p32 [p23 [p14]]]]``: gaps and bursts, with losses within either.

    State 1: received in a gap; 2: received in a burst; 3: lost in a burst; 4: lost alone. With p13 alone, losses are
    independent.
    """

    p13: float
    p31: float
    p32: float = 0.0
    p23: float = 100.0
    p14: float = 0.0
    remembers: ClassVar[bool] = True

    def events(self, rng: np.random.Generator) -> Iterator[bool]:
        """Whether it is lost, message by message: what state the chain has come to."""
        p13, p31, p32, p23, p14 = (share / 100 for share in astuple(self))
        state = 1
        for number in numbers(rng):
            if state == 1:
                state = 4 if number < p14 else 3 if number < p14 + p13 else 1
            elif state == 2:
                state = 3 if number < p23 else 2
            elif state == 3:
                state = 2 if number < p32 else 1 if number < p32 + p31 else 3
            else:
                state = 1
            yield state >= 3

    def __str__(self) -> str:
        return "state " + " ".join(map(percent_text, astuple(self)))


Loss: TypeAlias = Chance | GilbertElliott | FourStates


def read_loss(words: Words) -> Loss:
    """Read the words that follow ``loss``; what is left out is as in tc."""
    if words.is_next("gemodel"):
        p, *others = _percents(words, 4)
        return GilbertElliott(p, *(others or [100.0 - p]))
    if words.is_next("state"):
        p13, *others = _percents(words, 5)
        return FourStates(p13, *(others or [100.0 - p13]))
    words.is_next("random")
    return Chance.read(words)


def _percents(words: Words, limit: int) -> list[float]:
    percents = [words.percent()]
    while len(percents) < limit and words.number_next():
        percents.append(words.percent())
    return percents
