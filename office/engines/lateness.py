"""A client whose feedback comes as late as a list says: for orders that no mail would have."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle
from typing import Any

import numpy as np
from numpy.typing import NDArray

from office.counts import is_count, plain
from office.engines.replies import recorded
from office.errors import BadClient

__all__ = ["late_by"]

UPDATE = 1_000_000  # ns from one feedback to the next


def late_by(order: Sequence[int] | NDArray[np.integer[Any]], tasks: int) -> dict[str, Any]:
    """When so many tasks are to come, and how long to wait with each reply, for feedback late by the list, over and
    over: ``Client(tasks, feedback, **late_by((0, 1, 2, 2), len(tasks)))``.

    `order` is the lateness of the first feedback, the second, …, in updates; at the beginning no feedback can be later
    than there have been updates. One feedback comes each ms, to an office whose mail takes no time. An order that no
    other is worse than, within a bound, is ``study.worst_order(2, 6)[1]``. Raises `BadClient` for a list that is none.
    In the field: an adversarial schedule of bounded delays.
    """
    is_list = isinstance(order, (Sequence, np.ndarray)) and not isinstance(order, str)
    listed = list(map(plain, order)) if is_list else []
    if not listed or not all(is_count(late, 0) for late in listed):
        raise BadClient(f"an order is a list of whole numbers of updates from 0, not {order!r}")
    if not is_count(tasks, 0):
        raise BadClient(f"tasks are a whole number from 0, not {tasks!r}")
    heard = zip(range(tasks), cycle(listed), strict=False)
    answered = sorted((update - min(late, update), update) for update, late in heard)
    return {
        "arrivals": [then * UPDATE for then, _ in answered],
        "replies": recorded([(update - then) * UPDATE + UPDATE // 2 for then, update in answered]),
    }
