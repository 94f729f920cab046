"""The wisdom of crowds, misremembered: add all the estimates up.

Everybody's answer counts in full, so everybody gets all of the feedback.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from office.work.arrays import common_shape, dtype_of, read_only
from office.work.combining import add_up, combine
from office.work.contract import NO_FEEDBACK, Once
from office.work.protocols import Callback, Estimator

__all__ = ["addition", "combine_by_addition"]


def addition(outputs: Sequence[Any], /) -> tuple[Any, Callback]:
    """The sum of the answers, left to right; all of the feedback goes to everyone.

    `outputs`: numbers, or arrays of one shape. One answer alone passes as it is, and so does the feedback on
    it, so they may be words. Raises `WrongType` or `WrongShape` where answers cannot be added; the callback
    raises the same for such feedback on numbers, and `NotANumber`. In the field: a sum of branches.
    """
    members, shape = len(outputs), common_shape(outputs, "answers")
    if members == 1:
        return outputs[0], Once(_to_him_alone, shape, dtype_of(outputs[0]))

    def handle_feedback(re_total: Any) -> list[Any]:
        # Several now hold the same array: nobody may write into what the others are yet to read.
        heard = read_only(re_total) if shape and re_total is not NO_FEEDBACK else re_total
        return [heard] * members

    total = add_up(outputs, "answers")
    return total, Once(handle_feedback, shape, dtype_of(total))


def _to_him_alone(re_total: Any) -> list[Any]:
    return [re_total]


def combine_by_addition(estimators: Sequence[Estimator]) -> Estimator:
    """A team that answers with the sum of its members' answers; see `addition`. `BadChart` if it is empty."""
    return combine(estimators, addition)
