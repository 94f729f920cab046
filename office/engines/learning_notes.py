"""The journal's table of what each desk with weights learnt from, as an instrument."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from office.engines.instruments import Instrument, WatchedDesk
from office.ids import TaskID
from office.journal import Learnt
from office.work import NO_FEEDBACK, root_mean_square

__all__ = ["LearningNotes"]


class LearningNotes(Instrument):
    """Writes down what each desk with weights learnt from. In the field: workers that report their staleness.

    Where a desk has several `Parameters`, the first counts.

    Args:
        desks: those with weights.
        rows: gets a list for each of them: the journal's `learnt`.
    """

    def __init__(self, desks: Iterable[WatchedDesk], rows: dict[str, list[Learnt]]) -> None:
        rows |= {desk.name: [] for desk in desks}
        self.rows = rows
        self._from_above: dict[str, float | None] = {}

    def before_feedback(self, desk: WatchedDesk, task_id: TaskID, feedback: Any) -> None:
        """Note how large the feedback is."""
        is_news = feedback is not NO_FEEDBACK and task_id in desk.table
        self._from_above[desk.name] = root_mean_square(feedback) if is_news else None

    def after_feedback(self, desk: WatchedDesk, task_id: TaskID, _feedback: Any, re_inputs: Any) -> None:
        """Note how late the feedback was, if the weights learnt from it, and how large that is which goes down."""
        heard = desk.heard
        if heard is not None:
            name, to_below = desk.name, root_mean_square(re_inputs)
            row = Learnt(desk.clock.now, task_id, heard.staleness, heard.updates, self._from_above[name], to_below)
            self.rows[name].append(row)
