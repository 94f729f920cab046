"""How large feedback was, before and after each desk with weights: whether it fades on its way down, or grows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from office.journal import Journal
from office.study.learning_curve import as_number
from office.study.sequences import Whole

__all__ = ["FeedbackSizes", "feedback_sizes"]


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
