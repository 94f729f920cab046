"""When tasks are submitted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import count, repeat
from math import inf
from typing import TypeAlias

import numpy as np

from office.errors import BadClient
from office.times import LONGEST, SECOND, Time, nanoseconds
from office.work.real_numbers import as_real

__all__ = ["Arrivals", "all_at_once", "every", "poisson"]

Arrivals: TypeAlias = Callable[[np.random.Generator], Iterator[int]]
"""When tasks are submitted, in ns, one after another and never going back. They may be drawn before they come."""

BLOCK = 256


def all_at_once() -> Arrivals:
    """Every task at the beginning, as far as the limit of tasks in flight allows."""
    return _all_at_once


def _all_at_once(_rng: np.random.Generator) -> Iterator[int]:
    return repeat(0)


def every(gap: Time) -> Arrivals:
    """A task each time that `gap` (``"10ms"``, or ns) has passed, the first at the beginning."""
    return partial(_every, nanoseconds(gap))


def _every(gap: int, _rng: np.random.Generator) -> Iterator[int]:
    return count(0, gap)


def poisson(per_second: float) -> Arrivals:
    """Tasks at random, on average `per_second` in a second of virtual time. In the field: a Poisson process.

    Raises `BadClient` for what is no such rate, and for less than one task in 36 years.
    """
    rate = as_real(per_second)
    if rate is None or not 0 < rate < inf:
        raise BadClient(f"a Poisson process has a positive rate, not {per_second!r} a second")
    if rate < SECOND / LONGEST:
        raise BadClient(f"{per_second!r} tasks a second are less than one in {LONGEST} ns (36 years)")
    return partial(_poisson, SECOND / rate)


def _poisson(mean: float, rng: np.random.Generator) -> Iterator[int]:
    now = 0.0
    while True:
        for gap in (rng.standard_exponential(BLOCK) * mean).tolist():
            now += gap
            yield round(now)
