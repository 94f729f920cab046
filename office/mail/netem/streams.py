"""Random numbers: every use has a stream of its own, known by its name.

So nothing that is turned on or off for one link moves a draw of another, and no stream depends on the order in
which streams are made, on hashing, or on what other libraries do to the global generators.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from itertools import accumulate
from typing import TypeVar

import numpy as np

from office.counts import seed_from

__all__ = ["FIRST_BLOCK", "LAST_BLOCK", "numbers", "stream", "when_needed"]

FIRST_BLOCK, LAST_BLOCK = 8, 4096
"""Numbers are drawn in blocks that grow with use, from the first of these sizes to the last; any size gives the same
numbers."""

T = TypeVar("T")


def stream(seed: int, *names: str) -> np.random.Generator:
    """The random generator that `names` (a link and an impairment, say) have under `seed`, a whole number from 0."""
    number = seed_from(seed)
    key = hashlib.sha256("\0".join(names).encode()).digest()
    words = np.frombuffer(key, dtype="<u4").tolist()
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([number, *words])))


def numbers(rng: np.random.Generator, correlation: float = 0.0) -> Iterator[float]:
    """Numbers from 0 to 1 without end; of each, `correlation` percent is the one before it."""
    share, size = correlation / 100, FIRST_BLOCK
    last = float(rng.random()) if share else 0.0
    while True:
        fresh = rng.random(size).tolist()
        if share:
            fresh = list(accumulate(fresh, lambda before, new: share * before + (1 - share) * new, initial=last))[1:]
            last = fresh[-1]
        yield from fresh
        size = min(2 * size, LAST_BLOCK)


def when_needed(make: Callable[[], Iterator[T]]) -> Iterator[T]:
    """An iterator that is made when its first value is needed: a stream takes kilobytes, and many are never used."""
    yield from make()
