"""Whole numbers as arguments."""

from __future__ import annotations

from typing import TypeGuard

__all__ = ["is_count"]


def is_count(number: object, least: int = 1) -> TypeGuard[int]:
    """Whether this is an int, of `least` or more. True and False are none, nor are the ints of numpy."""
    return isinstance(number, int) and not isinstance(number, bool) and number >= least
