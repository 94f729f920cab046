"""The wisdom of crowds, misremembered: add all the estimates up.

Each answer counts in full, so each member gets all of the feedback.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import add
from typing import Any

from office.work.arrays import as_numbers, overflow, read_only, sealed
from office.work.combining import alone, combine
from office.work.contract import Once
from office.work.protocols import Callback, Estimator

__all__ = ["addition", "combine_by_addition"]


def addition(outputs: Sequence[Any], /) -> tuple[Any, Callback]:
    """The sum of the answers, left to right; each member gets all of the feedback.

    `outputs` are numbers, or arrays of one shape. One answer alone passes as it is, and so does the feedback on it, so
    these may be words. Raises `WrongType` or `WrongShape` where answers cannot be added; the callback raises the same
    for such feedback on numbers, and `NotANumber`. In the field: a sum of branches.
    """
    if len(outputs) == 1:
        return alone(outputs[0])
    outputs, shape = as_numbers(outputs, "answers")
    members = len(outputs)
    try:
        total = reduce(add, outputs)  # not +=, which would write into the first of them
    except RuntimeWarning as warning:
        raise overflow("sum of the answers", warning) from None

    def handle_feedback(re_total: Any) -> list[Any]:
        # Several members now hold the same array, so none may write into what another is yet to read.
        return [read_only(re_total) if shape else re_total] * members

    return sealed(total) if shape else total, Once(handle_feedback, shape, total.dtype if shape else None)


def combine_by_addition(estimators: Sequence[Estimator]) -> Estimator:
    """A team that answers with the sum of its members' answers; see `addition`. `BadChart` if it is empty."""
    return combine(estimators, addition)
