"""Numbers that change with the count of tasks: learning rates that decay, temperatures that fall."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TypeAlias

__all__ = ["Schedule", "as_schedule", "cosine_schedule", "linear_schedule"]

Schedule: TypeAlias = Callable[[int], float]
"""How many tasks there have been before this one, to the number that goes for this one."""


def linear_schedule(start: float, end: float, steps: int) -> Schedule:
    """Go from `start` at count 0 straight to `end` at count `steps`, and stay there.

    Args:
        start: The number for the first task.
        end: The number from count `steps` on.
        steps: Over how many tasks it goes: zero or more, else `ValueError`. With none, it is `end` throughout.
    """
    if steps < 0:
        raise ValueError(f"a schedule cannot have {steps} steps")

    def number_at(count: int) -> float:
        return end if count >= steps else start + (end - start) * (count / steps)

    return number_at


def cosine_schedule(start: float, end: float, steps: int) -> Schedule:
    """Go from `start` at count 0 along half a cosine to `end` at count `steps`, and stay there.

    Loshchilov & Hutter, *SGDR: Stochastic Gradient Descent with Warm Restarts* (arXiv 1608.03983), without restarts.

    Args:
        start: The number for the first task.
        end: The number from count `steps` on.
        steps: Over how many tasks it goes: zero or more, else `ValueError`. With none, it is `end` throughout.
    """
    straight = linear_schedule(0.0, 1.0, steps)

    def number_at(count: int) -> float:
        return end if count >= steps else start + (end - start) * (1 - math.cos(math.pi * straight(count))) / 2

    return number_at


def as_schedule(number: float | Schedule, name: str) -> Schedule:
    """A schedule that gives no negative number and no NaN: `number` throughout, or the schedule it is.

    Raises `ValueError` that speaks of `name`: at once for a number, and for a schedule at the count where
    it goes wrong.
    """
    if not callable(number):
        constant = _checked(float(number), name)
        return lambda _count: constant
    schedule = number
    return lambda count: _checked(float(schedule(count)), f"{name} at count {count}")


def _checked(number: float, name: str) -> float:
    if number >= 0:
        return number
    raise ValueError(f"{name} is {number}, and must be zero or more")
