"""From any numbers to shares that add up to one."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from office.errors import NotANumber
from office.work.arrays import as_array, sealed
from office.work.contract import Once
from office.work.protocols import Array, Callback

__all__ = ["shares_of", "softmax"]


def softmax(inputs: Array, /) -> tuple[Array, Callback]:
    """exp(x) over the sum of exp(x), along the last axis.

    `inputs: (..., classes) float`; the output and the feedback on the inputs have the same shape. Raises `NotANumber`
    where a row has a NaN or an infinity, or is -infinity throughout: -infinity beside others has no share. For
    learning which class is the right one, `softmax_cross_entropy` takes the numbers themselves, and is more exact. In
    the field: a softmax layer.
    """
    inputs = as_array(inputs)
    shares = shares_of(inputs)[0] if inputs.size else np.array(inputs)

    def handle_feedback(re_shares: Any) -> Any:
        weighed = re_shares * shares
        return sealed(weighed - shares * np.add.reduce(weighed, axis=-1, keepdims=True))

    return sealed(shares), Once(handle_feedback, shares.shape, shares.dtype)


def shares_of(numbers: Array) -> tuple[Array, Array, Array]:
    """The softmax along the last axis; the numbers less the greatest; and the logarithm of the sum of their exp."""
    loudest = np.maximum.reduce(numbers, axis=-1, keepdims=True)
    if not math.isfinite(np.vdot(loudest, loudest)):
        numbers = _within_reach(numbers, loudest)
    shifted = numbers - loudest
    shares = np.exp(shifted)
    total = np.add.reduce(shares, axis=-1, keepdims=True)
    shares /= total
    return shares, shifted, np.log(total)


def _within_reach(numbers: Array, loudest: Array) -> Array:
    """The numbers, no further below the loudest than a number can tell, unless they are -infinity.

    Raises `NotANumber` where the loudest is no finite number.
    """
    if not np.isfinite(loudest).all():
        raise NotANumber("output", " has a NaN or an infinity in it")
    reach = np.maximum(numbers, np.maximum(loudest, 0) - np.finfo(numbers.dtype).max)
    return np.where(numbers == -np.inf, numbers, reach)
