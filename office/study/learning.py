"""How learning went: the losses of task after task, and how large feedback was on its way down."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, nan

import numpy as np
from numpy.typing import NDArray

from office.journal import Journal
from office.study.sequences import Whole

__all__ = ["FeedbackSizes", "LearningCurve", "as_number", "feedback_sizes", "learning_curve"]


@dataclass(frozen=True)
class LearningCurve:
    """The losses that were said, in the order in which they were."""

    times: Whole
    """`(tasks,)` ns: when each was said."""
    losses: NDArray[np.float64]
    """`(tasks,)`, finite or not."""

    @property
    def finite(self) -> LearningCurve:
        """Those losses that are numbers: a run that diverges ends in others."""
        which = np.isfinite(self.losses)
        return LearningCurve(self.times[which], self.losses[which])


def learning_curve(journal: Journal) -> LearningCurve:
    """What was said of each task that the people above spoke of."""
    times = np.array([time for time, _, _ in journal.losses], dtype=np.int64)
    return LearningCurve(times, np.array([as_number(loss) for _, _, loss in journal.losses], dtype=float))


def as_number(number: float | None) -> float:
    """A number of a journal as a float; NaN for none."""
    if number is None:
        return nan
    try:
        return float(number)
    except OverflowError:  # a whole number in a journal's file may be of any size
        return inf if number > 0 else -inf


@dataclass(frozen=True)
class FeedbackSizes:
    """The feedback that a desk learnt from, in the order in which it did."""

    times: Whole
    """`(feedbacks,)` ns."""
    from_above: NDArray[np.float64]
    """`(feedbacks,)` the root mean square of the numbers in each; NaN where there were none."""
    to_below: NDArray[np.float64]
    """`(feedbacks,)` the same of what the desk passed down."""


def feedback_sizes(journal: Journal, desk: str) -> FeedbackSizes:
    """How large the feedback was that a desk with weights learnt from, and that which it passed down for it.

    Of any other desk there is none. In the field: vanishing and exploding gradients, stage by stage.
    """
    rows = journal.learnt.get(desk, ())
    return FeedbackSizes(
        np.array([row.time for row in rows], dtype=np.int64),
        np.array([as_number(row.from_above) for row in rows], dtype=float),
        np.array([as_number(row.to_below) for row in rows], dtype=float),
    )
