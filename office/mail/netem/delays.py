"""How long things take, and how that varies: netem's delay, jitter, correlation and distributions."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import erfc
from typing import Any

import numpy as np

from office.mail.netem.streams import FIRST_BLOCK, LAST_BLOCK, stream
from office.mail.netem.words import Words, percent_text, quoted
from office.times import NEVER, write_time

__all__ = ["SHAPES", "Delay"]

TAIL = 32767 / 8192
"""netem's tables hold 16-bit numbers, 8192 to the standard deviation: nothing is further out than this."""

Numbers = np.ndarray[tuple[int], np.dtype[np.float64]]
Draw = Callable[[np.random.Generator, int], Numbers]


def _pareto(uniform: Numbers) -> Numbers:
    return (((1.0 - uniform) ** (-1 / 3) - 1.5) * (4 / 3)).clip(None, TAIL)


def _pareto_normal(rng: np.random.Generator, count: int) -> Numbers:
    """A quarter of a normal number and three quarters of the Pareto one that is as far up among its kind."""
    normal = rng.standard_normal(count).clip(-TAIL, TAIL)
    above = np.array([erfc(number / math.sqrt(2)) / 2 for number in normal.tolist()])
    mixed: Numbers = 0.25 * normal + 0.75 * _pareto(1.0 - above)
    return mixed.clip(None, TAIL)


# Each shape: a function that draws numbers, which are multiplied by the jitter, and the least of them. The shapes have
# mean 0 and standard deviation 1 but for three: netem's uniform has half-width 1, its Pareto (alpha = 3) is divided by
# its variance 3/4 where one expects the standard deviation, and its paretonormal is a mixture of that and the normal,
# quantile by quantile; we keep them as they are (iproute2's netem/pareto.c and netem/paretonormal.c). "exponential" is
# not in netem; it is an exponential of mean 1, less 1.
SHAPES: dict[str, tuple[Draw, float]] = {
    "uniform": (lambda rng, n: rng.uniform(-1.0, 1.0, n), -1.0),
    "normal": (lambda rng, n: rng.standard_normal(n).clip(-TAIL, TAIL), -TAIL),
    "pareto": (lambda rng, n: _pareto(rng.random(n)), (1.0 - 1.5) * (4 / 3)),
    "paretonormal": (_pareto_normal, -0.25 * TAIL + 0.75 * (1.0 - 1.5) * (4 / 3)),
    "exponential": (lambda rng, n: rng.standard_exponential(n) - 1.0, -1.0),
}


@dataclass(frozen=True)
class Delay:
    """How long something takes: `time` ns on average, give or take `jitter` ns, never less than nothing.

    As in netem, a jitter without a distribution is uniform (so the kernel; the manual page says normal). With a
    `correlation` in percent, each number that is multiplied by the jitter is that share of the one before it and
    the rest of a fresh one (so the manual page; in the kernel, next to nothing of it is left).
    """

    time: int = 0
    jitter: int = 0
    distribution: str = "uniform"
    correlation: float = 0.0

    @property
    def least(self) -> int:
        """No draw is shorter than this, in ns."""
        return max(0, math.floor(self.time + self.jitter * SHAPES[self.distribution][1])) if self.jitter else self.time

    @property
    def remembers(self) -> bool:
        """Whether one draw depends on the draw before it."""
        return bool(self.jitter and self.correlation)

    def source(self, seed: int, link: str, what: str) -> Any:
        """What `draw` and `times` draw from, for one use on one link: its own stream.

        Args:
            seed: of the run, a whole number from 0.
            link: the link's name.
            what: what is drawn there, such as ``"delay"``.
        """
        return stream(seed, link, what)

    def draw(self, rng: np.random.Generator, count: int) -> list[int]:
        """`count` independent delays in ns; blocks of any size give the same numbers."""
        if not self.jitter:
            return [self.time] * count
        return self._whole(SHAPES[self.distribution][0](rng, count))

    def times(self, rng: np.random.Generator) -> Iterator[int]:
        """Delays in ns without end, correlated each with the one before it."""
        size, share = FIRST_BLOCK, self.correlation / 100
        last = float(SHAPES[self.distribution][0](rng, 1)[0]) if self.remembers else 0.0
        while True:
            if not self.remembers:
                yield from self.draw(rng, size)
            else:
                block = []
                for fresh in SHAPES[self.distribution][0](rng, size).tolist():
                    last = share * last + (1 - share) * fresh
                    block.append(last)
                yield from self._whole(np.array(block))
            size = min(2 * size, LAST_BLOCK)

    def _whole(self, deviates: Numbers) -> list[int]:
        times = np.rint(np.maximum(self.time + self.jitter * deviates, 0.0))
        whole: list[int] = (
            times.astype(np.int64).tolist() if times.max(initial=0) < NEVER else [*map(int, times.tolist())]
        )
        return whole

    @classmethod
    def read(cls, words: Words) -> Delay:
        """Read ``TIME [JITTER [CORRELATION]] [distribution NAME]``."""
        if words.is_next("recorded"):
            raise words.complaint("this says that delays were recorded, and not which: pass trace(times) itself")
        time, jitter, correlation = words.time(), 0, 0.0
        if words.number_next():
            jitter = words.time()
            if words.number_next():
                correlation = words.percent()
        if not words.is_next("distribution"):
            return cls(time, jitter, correlation=correlation)
        name = next(words, "")
        if name not in SHAPES:
            raise words.complaint(f"unknown distribution {quoted(name)} (known: {', '.join(SHAPES)})")
        if not jitter:
            raise words.complaint("a distribution needs a jitter before it")
        return cls(time, jitter, name, correlation)

    def __str__(self) -> str:
        words = [write_time(self.time)]
        if self.jitter or self.correlation:
            words.append(write_time(self.jitter))
        if self.correlation:
            words.append(percent_text(self.correlation))
        if self.jitter and self.distribution != "uniform":
            words += ["distribution", self.distribution]
        return " ".join(words)
