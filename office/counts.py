"""Whole numbers as arguments: those of numpy are as good as Python's, and True and False are none."""

from __future__ import annotations

from numbers import Integral
from typing import Any, TypeGuard

__all__ = ["is_count", "plain"]


def is_count(number: object, least: int = 1) -> TypeGuard[int]:
    """Whether this is a whole number, of `least` or more. Where it is kept, `plain` makes one of Python's of it."""
    return isinstance(number, Integral) and not isinstance(number, bool) and int(number) >= least


def plain(setting: Any) -> Any:
    """A whole number of numpy's as one of Python's, which a file can keep; anything else as it is."""
    return int(setting) if isinstance(setting, Integral) and not isinstance(setting, bool) else setting
