"""Virtual time: whole nanoseconds, written as "20ms" or "1.5s", or as an int; and time as text."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import NamedTuple, TypeAlias

from office.counts import plain
from office.described import quoted
from office.errors import BadTime

__all__ = [
    "LAST",
    "LONGEST",
    "NEVER",
    "SECOND",
    "UNITS",
    "Time",
    "TimeUnit",
    "exact_time",
    "microseconds",
    "nanoseconds",
    "rounded_time",
    "time_text",
    "time_unit",
    "too_late",
    "write_time",
]

Time: TypeAlias = int | str
"""A time or a length of time as callers write it: an int of nanoseconds, or a number with s, ms, us or ns."""

UNITS = {"s": 10**9, "ms": 10**6, "us": 10**3, "ns": 1}
"""Nanoseconds by unit, the longest unit first."""
SECOND = UNITS["s"]
LONGEST = 2**60
"""The longest time that can be written, in ns: 36 years."""
NEVER = 2**63 - 1
"""Later than everything that happens, in ns; the largest number of an array of 64-bit integers."""
LAST = NEVER - 1
"""The last time at which anything may happen, in ns: 292 years after the beginning."""

LONGEST_NUMBER = 40
"""Letters of a number in a time, at most."""
WRITTEN = re.compile(r"([0-9]+(?:\.[0-9]+)?|\.[0-9]+)([a-zA-Zµ]*)")


def nanoseconds(time: Time) -> int:
    """Read a time, exactly: ``"1.5ms"`` is 1,500,000.

    A bare float is refused, since times would drift (2,000 sleeps of 0.1 s are not 200 s);
    so are negative times and fractions of a nanosecond. Raises `BadTime`.
    """
    time = plain(time)
    if isinstance(time, bool) or not isinstance(time, (int, str)):
        raise BadTime(f'{quoted(time)} is no time: write an int of nanoseconds, or "20ms" (s, ms, us, ns)')
    if isinstance(time, int):
        if time < 0:
            raise BadTime(f"{quoted(time)} ns is before time began: times are not negative")
        return _not_too_long(time)
    if time == "0":
        return 0
    match = WRITTEN.fullmatch(time)
    if match is None:
        together = "".join(time.split())
        advice = (
            f'without the space, "{together}"' if WRITTEN.fullmatch(together) else 'a number and its unit, as in "20ms"'
        )
        raise BadTime(f'"{time:.40}" is no time: write {advice} (s, ms, us, ns)')
    number, unit = match.groups()
    if not unit:
        raise BadTime(f'"{time:.40}" has no unit: write "{time:.40}ms", or another of s, ms, us, ns, in one word')
    if unit not in UNITS:
        raise BadTime(f'unknown unit "{unit}" in "{time}" (s, ms, us, ns)')
    if len(number) > LONGEST_NUMBER:
        raise BadTime(f'"{time[:LONGEST_NUMBER]}…" is too long a number')
    exact = Fraction(number) * UNITS[unit]
    if exact.denominator != 1:
        raise BadTime(f'"{time}" is not a whole number of nanoseconds')
    return _not_too_long(int(exact))


def _not_too_long(time: int) -> int:
    if time > LONGEST:
        raise BadTime(f"{quoted(time)} ns is longer than any office lasts ({LONGEST} ns, 36 years)")
    return time


def too_late(what: str, time: float) -> BadTime:
    """The error for what would happen after `LAST`: ``"alex.inbox: task 3 would arrive at 2^70 ns, …"``.

    Args:
        what: the desk, link or client, the task, and what was asked, up to the time.
        time: when it would happen, in ns.
    """
    return BadTime(f"{what} at {quoted(time)} ns, and no office lasts longer than {LAST} ns (292 years)")


def exact_time(time: int) -> str:
    """Write a length of time for people, exactly: 2,500,000 ns is ``"2.5 ms"``, -12 ns is ``"-12 ns"``."""
    for unit, size in UNITS.items():
        if abs(time) >= size:
            whole, rest = divmod(abs(time), size)
            decimals = f".{rest:0{len(str(size)) - 1}d}".rstrip("0") if rest else ""
            return f"{'-' if time < 0 else ''}{whole}{decimals} {unit}"
    return "0 ns"


def time_text(time: int) -> str:
    """Write a time of the office's clock for people, exactly: ``"2.5 s"``; the beginning is ``"0 s"``."""
    return exact_time(time) if time else "0 s"


def write_time(time: int) -> str:
    """Write nanoseconds as `nanoseconds` reads them: ``"2.5s"``, ``"12ms"``, ``"0s"``."""
    return time_text(time).replace(" ", "")


def rounded_time(time: float) -> str:
    """Write a time in ns, a mean for example, to three decimals of the unit that suits it: ``"1.333 ms"``."""
    unit, size = next((pair for pair in UNITS.items() if time >= pair[1]), ("ns", 1))
    return f"{time / size:.3f}".rstrip("0").rstrip(".") + f" {unit}"


def microseconds(time: int) -> str:
    """Write nanoseconds as microseconds, exactly and without a unit: 1,500 ns is ``"1.500"``, 1,000 ns is ``"1"``."""
    whole, rest = divmod(time, UNITS["us"])
    return f"{whole}.{rest:03d}" if rest else str(whole)


class TimeUnit(NamedTuple):
    """A unit of virtual time, for an axis."""

    name: str
    size: int
    """ns."""


AXES = (
    TimeUnit("days", 86_400 * SECOND),
    TimeUnit("hours", 3_600 * SECOND),
    TimeUnit("s", SECOND),
    TimeUnit("ms", UNITS["ms"]),
    TimeUnit("µs", UNITS["us"]),
)


def time_unit(longest: int) -> TimeUnit:
    """The unit of an axis that is up to so long (ns): at least two units fit on it, unless the unit is ns."""
    return next((unit for unit in AXES if longest >= 2 * unit.size), TimeUnit("ns", 1))
