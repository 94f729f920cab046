"""Slots: mail that leaves only at certain times, so many messages at once, as on a shared radio link."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf

import numpy as np

from office.mail.netem.delays import SHAPES, Delay
from office.mail.netem.streams import numbers
from office.mail.netem.words import Words, quoted
from office.times import write_time

__all__ = ["SlotTimes", "Slots"]


@dataclass(frozen=True)
class Slots:
    """``slot MIN [MAX] [packets N] [bytes N]``, or ``slot distribution NAME TIME JITTER …``.

    A message leaves when a slot opens, and a slot has room for so many messages and bytes. The first slot opens at
    time 0. The next message is looked at as it is sent, or as the one before it leaves: if the slot opened too early
    for it, another opens a gap after this look. If that is too early too, one opens a gap after the message is ready.
    When a slot is full, the next one opens a gap after it. So `netem_dequeue` and `get_slot_next` in the kernel.
    """

    shortest: int
    longest: int
    distribution: str = ""
    packets: int | None = None
    bytes: int | None = None

    @classmethod
    def read(cls, words: Words) -> Slots:
        """Read the words that follow ``slot``."""
        name = ""
        if words.is_next("distribution"):
            name = next(words, "")
            if name not in SHAPES:
                raise words.complaint(f"unknown distribution {quoted(name)} (known: {', '.join(SHAPES)})")
            first, second = words.time(), words.time()
        else:
            first = words.time()
            second = words.time() if words.number_next() else first
            if second < first or not second:
                raise words.complaint("slots need a time above zero between them, and a MAX that is no less than MIN")
        limits: dict[str, int | None] = {"packets": None, "bytes": None}
        while words.left and words.left[-1] in limits:
            what = next(words)
            limits[what] = words.count()
        return cls(first, second, name, limits["packets"], limits["bytes"])

    def gaps(self, rng: np.random.Generator) -> Iterator[int]:
        """How long after each slot, or after the message that needs the next one, that slot opens, in ns."""
        if self.distribution:
            return Delay(self.shortest, self.longest, self.distribution).times(rng)
        return (self.shortest + round((self.longest - self.shortest) * number) for number in numbers(rng))

    def __str__(self) -> str:
        first, second = write_time(self.shortest), write_time(self.longest)
        times = f"{first} {second}" if self.distribution or first != second else first
        limits = {"packets": self.packets, "bytes": self.bytes}
        words = [f"distribution {self.distribution}"] if self.distribution else []
        return " ".join([*words, times, *(f"{name} {limit}" for name, limit in limits.items() if limit is not None)])


class SlotTimes:
    """The slots of one link, as they fill."""

    def __init__(self, slots: Slots, rng: np.random.Generator) -> None:
        self._gaps = slots.gaps(rng)
        self._limits = [inf if limit is None else limit for limit in (slots.packets, slots.bytes)]
        self._opens = self._last_left = 0
        self._room = list(self._limits)

    def leave(self, at: int, ready: int, size: int) -> int:
        """When a message leaves.

        Args:
            at: when it is sent, in ns.
            ready: when it has its delay behind it, in ns.
            size: how many bytes it has.
        """
        for look in (max(at, self._last_left), ready):
            if self._opens < ready:
                self._open_next(look)
        self._last_left = leaves = self._opens
        self._room[0] -= 1
        self._room[1] -= size
        if self._room[0] < 1 or self._room[1] <= 0:
            self._open_next(leaves)
        return leaves

    def _open_next(self, after: int) -> None:
        self._opens = after + next(self._gaps)
        self._room = list(self._limits)
