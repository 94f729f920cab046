"""One feedback that a desk with weights learnt from."""

from __future__ import annotations

from typing import NamedTuple

from office.ids import TaskID

__all__ = ["Learnt"]


class Learnt(NamedTuple):
    """A row of the table of what desks learnt from."""

    time: int
    """When, in ns."""
    task_id: TaskID
    staleness: int
    """How late the feedback was, in updates of the desk's weights."""
    updates: int
    """How many updates there had been before it."""
    from_above: float | None
    """How large the feedback was: the root mean square of its numbers; None where it had none."""
    to_below: float | None
    """How large that was which the desk then passed down, the same way."""
