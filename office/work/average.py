"""The wisdom of crowds: take the average of the estimates.

It is addition with a division after it, so the feedback is divided too, on its way back. In one step, n equal workers
then move the average n² times less far than they would move the sum: n times for the feedback, n times for the answer.
They end at the same place; the largest learning rate that converges is another.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from office.work.addition import addition
from office.work.arrays import form_of, sealed
from office.work.combining import combine
from office.work.contract import Once
from office.work.protocols import Callback, Estimator

__all__ = ["average", "combine_by_average"]


def average(outputs: Sequence[Any], /) -> tuple[Any, Callback]:
    """The mean of the answers; each member gets the feedback divided by the number of members.

    `outputs` are numbers, or arrays of one shape. One answer alone passes as it is, and so does the feedback on it, so
    these may be words. Raises what `addition` raises. In the field: a mean of branches.
    """
    total, handle_total_feedback = addition(outputs)
    members = len(outputs)
    if members == 1:
        return total, handle_total_feedback
    mean = total / members
    shape, dtype = form_of(mean)

    def handle_feedback(re_mean: Any) -> list[Any]:
        shares: list[Any] = handle_total_feedback(re_mean / members)
        return shares

    return sealed(mean) if shape else mean, Once(handle_feedback, shape, dtype)


def combine_by_average(estimators: Sequence[Estimator]) -> Estimator:
    """A team that answers with the mean of its members' answers; see `average`. `BadChart` if it is empty."""
    return combine(estimators, average)
