"""Whole numbers as arguments: those of numpy are as good as Python's, and True and False are none."""

from __future__ import annotations

from numbers import Integral
from typing import Any, TypeGuard

from office.described import quoted

__all__ = ["count_from", "is_count", "plain", "seed_from"]


def is_count(number: object, least: int = 1) -> TypeGuard[int]:
    """Whether this is a whole number, of `least` or more. Where it is kept, `plain` makes one of Python's of it."""
    return _is_whole(number) and int(number) >= least


def count_from(number: object, what: str, least: int = 1) -> int:
    """This whole number, as one of Python's. Raises `ValueError` where it is none, or less than `least`.

    Args:
        number: The setting.
        what: What is asked for: ``"columns are"``.
        least: The least number that it may be.
    """
    if not is_count(number, least):
        raise ValueError(f"{what} a whole number from {least}, not {quoted(number)}")
    return int(number)


def seed_from(seed: object) -> int:
    """A seed as a whole number of Python's. Raises `ValueError` where it is none."""
    return count_from(seed, "a seed is", 0)


def plain(setting: Any) -> Any:
    """A whole number of numpy's as one of Python's, which a file can keep; anything else as it is."""
    return int(setting) if _is_whole(setting) else setting


def _is_whole(number: object) -> TypeGuard[Integral]:
    """Whether this is a whole number. numpy passes its lengths of time off as such; they are none."""
    if type(number) is int:
        return True
    is_time = getattr(getattr(number, "dtype", None), "kind", "i") == "m"
    return isinstance(number, Integral) and not isinstance(number, bool) and not is_time
