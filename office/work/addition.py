"""The wisdom of crowds, misremembered: add all the estimates up.

Each answer counts in full, so each member gets all of the feedback.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from office.work.arrays import common_shape, dtype_of, read_only
from office.work.combining import add_up, combine
from office.work.contract import Once
from office.work.protocols import Callback, Estimator

__all__ = ["addition", "combine_by_addition"]


def addition(outputs: Sequence[Any], /) -> tuple[Any, Callback]:
    """The sum of the answers, left to right; each member gets all of the feedback.

    `outputs` are numbers, or arrays of one shape. One answer alone passes as it is, and so does the feedback on it, so
    these may be words. Raises `WrongType` or `WrongShape` where answers cannot be added; the callback raises the same
    for such feedback on numbers, and `NotANumber`. In the field: a sum of branches.
    """
    members, shape = len(outputs), common_shape(outputs, "answers")
    if members == 1:
        return outputs[0], Once(_to_the_only_member, shape, dtype_of(outputs[0]))

    def handle_feedback(re_total: Any) -> list[Any]:
        # Several members now hold the same array, so none may write into what another is yet to read.
        return [read_only(re_total) if shape else re_total] * members

    total = add_up(outputs, "answers")
    return total, Once(handle_feedback, shape, dtype_of(total))


def _to_the_only_member(re_total: Any) -> list[Any]:
    return [re_total]


def combine_by_addition(estimators: Sequence[Estimator]) -> Estimator:
    """A team that answers with the sum of its members' answers; see `addition`. `BadChart` if it is empty."""
    return combine(estimators, addition)
