"""Whole numbers as arguments."""

from __future__ import annotations

from numbers import Integral
from typing import TypeGuard

__all__ = ["is_count"]


def is_count(number: object, least: int = 1) -> TypeGuard[int]:
    """Whether this is a whole number, of `least` or more: Python's or numpy's. True and False are none.

    Where it is kept, `int` makes one of Python's of it.
    """
    return isinstance(number, Integral) and not isinstance(number, bool) and int(number) >= least
