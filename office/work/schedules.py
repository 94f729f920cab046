"""Numbers that change with the count of tasks: learning rates that decay, temperatures that fall."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from functools import partial
from typing import Any, TypeAlias

from office.counts import is_count
from office.described import quoted
from office.work.real_numbers import as_real, real_from

__all__ = ["Schedule", "as_schedule", "cosine_schedule", "linear_schedule"]

Schedule: TypeAlias = Callable[[int], float]
"""How many tasks there have been before this one, to the number that goes for this one."""

LARGEST = sys.float_info.max
"""The largest finite number."""


def linear_schedule(start: float, end: float, steps: int) -> Schedule:
    """Go from `start` at count 0 straight to `end` at count `steps`, and stay there.

    Args:
        start: The number for the first task.
        end: The number from count `steps` on.
        steps: Over how many tasks it goes: zero or more, else `ValueError`. With none, it is `end` throughout.
    """
    if not is_count(steps, 0):
        raise ValueError(f"a schedule has a whole number of steps from 0, not {quoted(steps)}")
    return partial(_straight, _end(start), _end(end), steps)


def _end(number: float) -> float:
    return real_from(number, "a schedule goes from one finite number to another", least=-LARGEST)


def _straight(start: float, end: float, steps: int, count: int) -> float:
    return end if count >= steps else start + (end - start) * (count / steps)


def cosine_schedule(start: float, end: float, steps: int) -> Schedule:
    """Go from `start` at count 0 along half a cosine to `end` at count `steps`, and stay there.

    Loshchilov & Hutter, *SGDR: Stochastic Gradient Descent with Warm Restarts* (arXiv 1608.03983), without restarts.

    Args:
        start: The number for the first task.
        end: The number from count `steps` on.
        steps: Over how many tasks it goes: zero or more, else `ValueError`. With none, it is `end` throughout.
    """
    return partial(_cosine, _end(start), _end(end), linear_schedule(0.0, 1.0, steps))


def _cosine(start: float, end: float, progress: Schedule, count: int) -> float:
    done = progress(count)
    return end if done == 1 else start + (end - start) * (1 - math.cos(math.pi * done)) / 2


def as_schedule(number: float | Schedule, name: str, *, largest: float = LARGEST) -> Schedule:
    """A schedule that gives real numbers from zero to `largest`: `number` throughout, or the schedule it is.

    Raises `ValueError` at once for another number, and for a schedule at the count where it goes wrong.

    Args:
        number: The number, or the schedule.
        name: What errors speak of.
        largest: The largest number that it may give: infinity, if that makes sense.
    """
    if not callable(number):
        return partial(_constant, _checked(number, name, largest))
    return partial(_checked_at, number, name, largest)


def _constant(number: float, _count: int) -> float:
    return number


def _checked_at(schedule: Schedule, name: str, largest: float, count: int) -> float:
    return _checked(schedule(count), f"{name} at count {count}", largest)


def _checked(number: Any, name: str, largest: float) -> float:
    real = as_real(number)
    if real is not None and 0 <= real <= largest:
        return real
    kind = "a finite number" if largest == LARGEST else "a number"
    raise ValueError(f"{name} is {quoted(number)}, and must be {kind}, zero or more")
