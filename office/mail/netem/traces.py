"""Delays that were recorded somewhere, and are replayed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import isqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from office.errors import BadConditions
from office.mail.netem.conditions import Conditions, conditions
from office.mail.netem.delays import Delay
from office.mail.netem.streams import LAST_BLOCK
from office.times import Time, nanoseconds

__all__ = ["Recorded", "trace"]


def trace(times: Sequence[Time] | NDArray[np.integer[Any]], others: str = "") -> Conditions:
    """A link's delays as they were recorded: the first message sent on it takes the first time, and so on.

    A lost message has used up its time; copies, and acknowledgements, take the times from the first on. Each link that
    has these conditions goes through all the times by itself, and raises `BadConditions` when none is left.

    Args:
        times: ints of nanoseconds (an array of whole numbers will do), or words such as ``"20ms"``.
        others: what else happens to the messages, as in ``"loss 1%"``.

    Raises:
        BadTime: for what is no time.
        BadConditions: where `others` cannot be read or has a delay.
    """
    waits = tuple(nanoseconds(time) for time in (times.tolist() if isinstance(times, np.ndarray) else times))
    read = conditions(f"delay 1ns {others}")  # this delay stands for the recorded ones, so that `others` has none
    return replace(read, delay=Recorded.of(waits))


@dataclass(frozen=True)
class Recorded(Delay):
    """Delays as they were recorded, one after another; `time` is their mean, and `jitter` their standard deviation."""

    waits: tuple[int, ...] = field(default=(), repr=False)

    @classmethod
    def of(cls, waits: tuple[int, ...]) -> Recorded:
        """Delays in ns, in the order of the messages."""
        count = max(len(waits), 1)
        mean = sum(waits) // count
        return cls(mean, isqrt(sum((wait - mean) ** 2 for wait in waits) // count), waits=waits)

    @cached_property
    def least(self) -> int:
        """None is shorter than this, in ns."""
        return min(self.waits, default=0)

    def source(self, seed: int, link: str, what: str) -> _Place:  # noqa: ARG002
        """How far one use on one link has come through the times.

        Args:
            seed: of no use here, since nothing is drawn.
            link: the link's name, for the error when no time is left.
            what: of no use here.
        """
        return _Place(link)

    def draw(self, rng: Any, count: int) -> list[int]:
        """The next `count` times, or as many as are left; blocks of any size give the same."""
        block = self.waits[rng.used : rng.used + count]
        if count and not block:
            raise BadConditions(
                f"{rng.link}: {len(self.waits)} delays were recorded, and there is none for one message more"
            )
        rng.used += count
        return list(block)

    def times(self, rng: Any) -> Iterator[int]:
        """One time after another, to the last."""
        while True:
            yield from self.draw(rng, LAST_BLOCK)

    @cached_property
    def digest(self) -> str:
        """Eight hexadecimal digits that are the same for the same times."""
        return hashlib.sha256(np.array(self.waits, dtype="<i8").tobytes()).hexdigest()[:8]

    def __str__(self) -> str:
        return f"recorded {len(self.waits)} times {self.digest}"


@dataclass
class _Place:
    """How many of the times one use on one link has had."""

    link: str
    used: int = 0
