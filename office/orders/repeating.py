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
    for old, new in zip_longest(first.trail, again.trail):
        if old is None or new is None or old[:5] != new[:5] or not alike(old[5], new[5]):
            _, link, _, _, task_id, *_ = old or new
            was, now = (short(each[5]) if each else "nothing" for each in (old, new))
            raise not_repeated(f": task {task_id!r} on {first.office.plan.ways[link].name} was {was}, and then {now}")


def alike(body: Any, other: Any) -> bool:
    """Whether two bodies are equal; what equals itself alone is like all of its type."""
    if type(body) is not type(other):
        return False
    if isinstance(body, np.ndarray):
        return (body.dtype, body.shape, body.tobytes()) == (other.dtype, other.shape, other.tobytes())
    if isinstance(body, dict):
        return body.keys() == other.keys() and all(alike(value, other[key]) for key, value in body.items())
    if isinstance(body, (list, tuple)):
        return len(body) == len(other) and all(map(alike, body, other))
    try:
        equals_itself_alone = "__eq__" not in {name for kind in type(body).__mro__[:-1] for name in vars(kind)}
        return equals_itself_alone or bool(body == other) or bool(body != body)  # noqa: PLR0124  a NaN
    except Exception:  # noqa: BLE001  that of a type of the user's, which cannot be asked
        return True
