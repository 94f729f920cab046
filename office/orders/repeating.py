"""Whether an order can be run again: a chart that keeps what outlives an order, or unseeded chance, would forbid it."""

from __future__ import annotations

from itertools import zip_longest
from reprlib import repr as short
from typing import Any

import numpy as np

from office.engines.delivery_order import Choices, order_text
from office.errors import BadChart
from office.orders.outcome import Outcome
from office.orders.untimed_run import run

__all__ = ["check_repeated", "not_repeated"]


def not_repeated(what: str = "") -> BadChart:
    """The error where a run does not go as another did that made the same choices."""
    return BadChart(
        f"the same order comes to something else when it is run again{what}\n"
        "(make_chart, its workers or the client keep what outlives an order, or draw chance without a seed)"
    )


def check_repeated(first: Outcome) -> None:
    """Run an order again. Raises `BadChart`, which names the first message that is not the same."""
    again = run(Outcome(first.office), Choices(order_text(first.choices)))
    for one, other in zip_longest(first.trail, again.trail):
        if one is None or other is None or one[:5] != other[:5] or not alike(one[5], other[5]):
            _, link, _, _, task_id, *_ = one or other
            was, now = (short(each[5]) if each else "nothing" for each in (one, other))
            raise not_repeated(f": task {task_id!r} on {first.office.plan.ways[link].name} was {was}, and then {now}")


def alike(one: Any, other: Any) -> bool:
    """Whether two bodies are equal; what equals itself alone is like all of its type."""
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray):
        return (one.dtype, one.shape, one.tobytes()) == (other.dtype, other.shape, other.tobytes())
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(alike(value, other[key]) for key, value in one.items())
    if isinstance(one, (list, tuple)):
        return len(one) == len(other) and all(map(alike, one, other))
    try:
        equals_itself_alone = "__eq__" not in {name for kind in type(one).__mro__[:-1] for name in vars(kind)}
        return equals_itself_alone or bool(one == other) or bool(one != one)  # noqa: PLR0124  a NaN
    except Exception:  # noqa: BLE001  that of a type of the user's, which cannot be asked
        return True
