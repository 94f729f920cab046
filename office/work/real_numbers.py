"""Real numbers as arguments and as losses: those of numpy are as good as Python's; True and False are none."""

from __future__ import annotations

import math
from numbers import Real
from typing import Any

import numpy as np

from office.described import quoted

__all__ = ["DEVIATION", "as_real", "random_from", "real_from"]

DEVIATION = "a scale is a standard deviation, zero or more"

NO_NUMBERS = {type(np.ma.masked), np.ma.MaskedArray, np.timedelta64}
"""Types that numpy passes off as real numbers, or as arrays of them."""


def as_real(number: Any) -> float | None:
    """A real number as a float: Python's, numpy's, or an array without axes, of any library; None for anything else.

    True and False are none, nor is a masked number. What is too large for a float is an infinity.
    """
    if hasattr(number, "dtype") and not isinstance(number, np.floating):
        kind = getattr(number.dtype, "kind", "f")
        number = number.item() if number.shape == () and kind in "fiu" and type(number) not in NO_NUMBERS else None
    return _as_float(number) if isinstance(number, Real) and not isinstance(number, bool) else None


def real_from(number: Any, what: str, *, least: float = 0.0, below: float = math.inf) -> float:
    """A setting as a float, if it is a real number from `least` to less than `below`; else raises `ValueError`.

    Args:
        number: The setting.
        what: What is asked for: ``"momentum is from 0 to less than 1"``.
        least: The least number that it may be.
        below: What it must be less than.
    """
    real = as_real(number)
    if real is None or not least <= real < below:
        raise ValueError(f"{what}, not {quoted(number)}")
    return real


def random_from(seed: Any) -> np.random.Generator:
    """A generator of random numbers, as `numpy.random.default_rng` makes it.

    Raises `TypeError` or `ValueError` for what is no seed: a boolean, a number below zero or with a fraction, a text.
    """
    try:
        if not isinstance(seed, (bool, np.bool_, np.timedelta64)):
            return np.random.default_rng(seed)
        kind: type[Exception] = TypeError
    except (TypeError, ValueError) as error:
        kind = type(error)
    raise kind(f"a seed is a whole number from 0, not {quoted(seed)}")


def _as_float(number: Any) -> float:
    try:
        return float(number)
    except OverflowError:  # whole numbers may be of any size
        return math.inf if number > 0 else -math.inf
