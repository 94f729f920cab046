"""Listen to the loudest: the highest estimate is the team's.

Only the worker that gave it can learn from the feedback. The others' answers were not used, so they are told that there
is no feedback.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from office.errors import NotANumber
from office.work.arrays import as_numbers, form_of, has_nan, read_only, sealed
from office.work.combining import alone, combine
from office.work.contract import NO_FEEDBACK, Once
from office.work.protocols import Callback, Estimator

__all__ = ["combine_by_maximum", "maximum"]


def maximum(outputs: Sequence[Any], /) -> tuple[Any, Callback]:
    """The highest answer; the member that gave it gets the feedback, and the others `NO_FEEDBACK`.

    `outputs`: numbers, or arrays of one shape, and then every entry has a winner of its own: a member hears
    the feedback on the entries it won and zero for the rest, or `NO_FEEDBACK` if it won none. On a tie the
    first wins. One answer alone passes as it is, so it may be words.

    Raises `NotANumber` if a NaN is among the answers, `WrongType` or `WrongShape` where they cannot be
    compared; the callback raises all three for such feedback on numbers. In the field: maxout
    (Goodfellow et al. 2013, arXiv 1302.4389).
    """
    if len(outputs) == 1 and form_of(outputs[0])[0] is None:
        return alone(outputs[0])
    numbers, shape = as_numbers(outputs, "answers")
    return _loudest_array(numbers) if shape else _loudest_number(numbers)


def combine_by_maximum(estimators: Sequence[Estimator]) -> Estimator:
    """A team that answers with its members' highest answer; see `maximum`. `BadChart` if it is empty."""
    return combine(estimators, maximum)


def _loudest_number(outputs: Sequence[Any]) -> tuple[Any, Callback]:
    winner = 0
    for member, output in enumerate(outputs):
        if output != output:  # noqa: PLR0124  NaN, which would win or lose by its place in the list
            raise NotANumber("answers", " have a NaN among them")
        if output > outputs[winner]:
            winner = member

    def handle_feedback(re_loudest: Any) -> list[Any]:
        feedbacks: list[Any] = [NO_FEEDBACK] * len(outputs)
        feedbacks[winner] = re_loudest
        return feedbacks

    return outputs[winner], Once(handle_feedback, ())


def _loudest_array(outputs: Sequence[Any]) -> tuple[Any, Callback]:
    answers = np.array(outputs)
    loudest, winners = answers.max(axis=0), answers.argmax(axis=0)
    if has_nan(loudest):
        raise NotANumber("answers", " have a NaN among them")

    def share(member: int, re_loudest: Any) -> Any:
        won = winners == member
        entries = np.count_nonzero(won)
        if entries == won.size:  # true of every member where there are no entries at all: none lost
            return read_only(re_loudest)
        return sealed(np.where(won, re_loudest, 0.0)) if entries else NO_FEEDBACK

    def handle_feedback(re_loudest: Any) -> list[Any]:
        return [share(member, re_loudest) for member in range(len(outputs))]

    return sealed(loudest), Once(handle_feedback, loudest.shape, loudest.dtype)
