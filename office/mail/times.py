"""Virtual time: whole nanoseconds, written as "20ms" or "1.5s", or as an int."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TypeAlias

from office.errors import BadTime

__all__ = ["Time", "nanoseconds", "time_text", "write_time"]

Time: TypeAlias = int | str
"""A time or a length of time as callers write it: an int of nanoseconds, or a number with s, ms, us or ns."""

UNITS = {"s": 1_000_000_000, "ms": 1_000_000, "us": 1_000, "ns": 1}
LONGEST = 2**60
LONGEST_NUMBER = 40
WRITTEN = re.compile(r"([0-9]+(?:\.[0-9]+)?|\.[0-9]+)([a-zA-Zµ]*)")


def nanoseconds(time: Time) -> int:
    """Read a time, exactly: ``"1.5ms"`` is 1,500,000.

    A bare float is refused, since times would drift (2,000 sleeps of 0.1 s are not 200 s);
    so are negative times and fractions of a nanosecond. Raises `BadTime`.
    """
    if isinstance(time, bool) or not isinstance(time, (int, str)):
        raise BadTime(f'{time!r} is no time: write an int of nanoseconds, or "20ms" (s, ms, us, ns)')
    if isinstance(time, int):
        if time < 0:
            raise BadTime(f"{time} ns is before time began: times are not negative")
        return _not_too_long(time)
    if time == "0":
        return 0
    match = WRITTEN.fullmatch(time)
    if match is None:
        raise BadTime(f'"{time}" is no time: write a number and its unit, as in "20ms" (s, ms, us, ns)')
    number, unit = match.groups()
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
        raise BadTime(f"{time} ns is longer than any office lasts ({LONGEST} ns, 36 years)")
    return time


def time_text(time: int) -> str:
    """Write nanoseconds for people, exactly: 2,500,000,000 is ``"2.5 s"``, 12,000,000 is ``"12 ms"``."""
    for unit, size in UNITS.items():
        if time >= size:
            whole, rest = divmod(time, size)
            decimals = f"{rest:0{len(str(size)) - 1}d}".rstrip("0") if rest else ""
            return f"{whole}{'.' if decimals else ''}{decimals} {unit}"
    return "0 s"


def write_time(time: int) -> str:
    """Write nanoseconds as `nanoseconds` reads them: ``"2.5s"``, ``"12ms"``, ``"0s"``."""
    return time_text(time).replace(" ", "")
