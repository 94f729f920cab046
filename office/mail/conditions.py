"""Mail conditions: what happens to a message on its way, in tc-netem's words.

So far ``delay TIME [JITTER] [distribution NAME]``. Each further impairment is one more word in `READERS`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from office.errors import BadConditions, BadTime
from office.mail.times import LONGEST, nanoseconds

__all__ = ["Conditions", "Delay", "conditions", "delay"]

TAIL = 32767 / 8192
"""netem's tables hold 16-bit numbers, 8192 to the standard deviation: nothing is further out than this."""

Draw = Callable[[np.random.Generator, int], "np.ndarray[tuple[int], np.dtype[np.float64]]"]

# Each shape: so many draws of a number that is multiplied by the jitter, and the least it can be. The shapes have
# mean 0 and standard deviation 1 but for two: netem's uniform has half-width 1, and its Pareto (alpha = 3, iproute2's
# netem/pareto.c) is divided by its variance 3/4 where one expects the standard deviation; we keep both as they are.
# "exponential" is not in netem; it is an exponential of mean 1, less 1.
SHAPES: dict[str, tuple[Draw, float]] = {
    "uniform": (lambda rng, n: rng.uniform(-1.0, 1.0, n), -1.0),
    "normal": (lambda rng, n: rng.standard_normal(n).clip(-TAIL, TAIL), -TAIL),
    "pareto": (
        lambda rng, n: (((1.0 - rng.random(n)) ** (-1 / 3) - 1.5) * (4 / 3)).clip(None, TAIL),
        (1.0 - 1.5) * (4 / 3),
    ),
    "exponential": (lambda rng, n: rng.standard_exponential(n) - 1.0, -1.0),
}


@dataclass(frozen=True)
class Delay:
    """How long something takes: `time` ns on average, give or take `jitter` ns, never less than nothing.

    As in netem, a jitter without a distribution is uniform (so the kernel; the manual page says normal).
    """

    time: int = 0
    jitter: int = 0
    distribution: str = "uniform"

    @property
    def least(self) -> int:
        """No draw is shorter than this, in ns."""
        return max(0, math.floor(self.time + self.jitter * SHAPES[self.distribution][1])) if self.jitter else self.time

    def draw(self, rng: np.random.Generator, count: int) -> list[int]:
        """`count` delays in ns, one after another from `rng`: blocks of any size give the same numbers."""
        if not self.jitter:
            return [self.time] * count
        numbers = self.time + self.jitter * SHAPES[self.distribution][0](rng, count)
        whole: list[int] = np.rint(np.clip(numbers, 0.0, LONGEST)).astype(np.int64).tolist()
        return whole

    def __str__(self) -> str:
        words = [f"{self.time}ns", *([f"{self.jitter}ns"] if self.jitter else [])]
        return " ".join([*words, *(["distribution", self.distribution] if self.jitter else [])])


@dataclass(frozen=True)
class Conditions:
    """What one link does to its messages."""

    delay: Delay = Delay()

    def __str__(self) -> str:
        """The same conditions as a string that `conditions` reads back."""
        return f"delay {self.delay}"


def conditions(text: str | Conditions) -> Conditions:
    """Read mail conditions such as ``"delay 20ms 5ms distribution exponential"``; nothing at all is no delay.

    TIME is the mean and JITTER the standard deviation (for uniform: the half-width). Raises `BadConditions`, which
    quotes the word that cannot be read.
    """
    if isinstance(text, Conditions):
        return text
    if not isinstance(text, str):
        raise BadConditions(f"mail conditions are a string, not {text!r}")
    words = _Words(text)
    found: dict[str, Delay] = {}
    for word in words:
        if word not in READERS:
            raise words.complaint(f'unknown word "{word}" (known: {", ".join(READERS)})')
        if word in found:
            raise words.complaint(f'"{word}" stands there twice')
        found[word] = READERS[word](words)
    return Conditions(**found)


def delay(text: str | int) -> Delay:
    """Read how long something takes: ``"10ms"``, ``"10ms 2ms distribution normal"``, or an int of nanoseconds."""
    if isinstance(text, str) and " " in text.strip():
        return conditions(f"delay {text}").delay
    return Delay(nanoseconds(text))


class _Words(Iterator[str]):
    """The words of a text, one by one, with a look ahead."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.left = text.split()[::-1]

    def __next__(self) -> str:
        if not self.left:
            raise StopIteration
        return self.left.pop()

    def time_next(self) -> bool:
        return bool(self.left) and self.left[-1][0] in "-.0123456789"

    def complaint(self, what: str) -> BadConditions:
        return BadConditions(f'"{self.text}": {what}')

    def time(self) -> int:
        if not self.left:
            raise self.complaint("a time is missing at the end")
        try:
            return nanoseconds(self.left.pop())
        except BadTime as error:
            raise self.complaint(str(error)) from None


def _read_delay(words: _Words) -> Delay:
    time = words.time()
    jitter = words.time() if words.time_next() else 0
    if not (words.left and words.left[-1] == "distribution"):
        return Delay(time, jitter)
    next(words)
    name = next(words, "")
    if name not in SHAPES:
        raise words.complaint(f'unknown distribution "{name}" (known: {", ".join(SHAPES)})')
    if not jitter:
        raise words.complaint("a distribution needs a jitter before it")
    return Delay(time, jitter, name)


READERS: dict[str, Callable[[_Words], Delay]] = {"delay": _read_delay}
