"""Units of virtual time, for axes."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["TimeUnit", "time_unit"]


class TimeUnit(NamedTuple):
    """A unit of virtual time."""

    name: str
    size: int
    """ns."""


UNITS = (
    TimeUnit("days", 86_400 * 10**9),
    TimeUnit("hours", 3600 * 10**9),
    TimeUnit("s", 10**9),
    TimeUnit("ms", 10**6),
    TimeUnit("µs", 10**3),
)


def time_unit(longest: int) -> TimeUnit:
    """The unit for what takes up to so long (ns): at least two of them fit into it, if it is not ns."""
    return next((unit for unit in UNITS if longest >= 2 * unit.size), TimeUnit("ns", 1))
