"""Everybody's answer side by side, nothing lost."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import Any

import numpy as np

from office.errors import BadChart, WrongShape, WrongType
from office.work.bodies import read_only, sealed, shape_of
from office.work.combining import combine
from office.work.contract import Once
from office.work.no_feedback import NO_FEEDBACK
from office.work.protocols import Callback, Estimator

__all__ = ["combine_by_concatenation", "concatenation"]


def concatenation(outputs: Sequence[Any], /) -> tuple[Any, Callback]:
    """The answers side by side, in the order of the team; each member hears the feedback on his own columns.

    `outputs`: tables `(rows, columns_i)`, or `(rows,)` for one column, all of the same rows -> `(rows, columns) float`.
    Raises `BadChart` where there are none, and `WrongType` or `WrongShape` where they do not go together. In the
    field: concatenation of branches along the features.
    """
    if not outputs:
        raise BadChart("there are no answers to combine: a team needs at least one member")
    shapes = [_checked(shape_of(output), output) for output in outputs]
    rows = shapes[0][0]
    if any(shape[0] != rows for shape in shapes):
        raise WrongShape("answers", f": shapes {', '.join(map(str, shapes))} do not stand side by side")
    joined = np.concatenate([np.reshape(output, (rows, -1)) for output in outputs], axis=1)
    ends = list(accumulate((shape[1] if len(shape) > 1 else 1 for shape in shapes), initial=0))

    def handle_feedback(re_joined: Any) -> list[Any]:
        if re_joined is NO_FEEDBACK:
            return [NO_FEEDBACK] * len(shapes)
        heard = read_only(re_joined)
        return [heard[:, start:end].reshape(shape) for shape, (start, end) in zip(shapes, pairwise(ends), strict=True)]

    return sealed(joined), Once(handle_feedback, joined.shape, joined.dtype)


def combine_by_concatenation(estimators: Sequence[Estimator]) -> Estimator:
    """A team that answers with its members' answers side by side; see `concatenation`. `BadChart` if it is empty."""
    return combine(estimators, concatenation)


def _checked(shape: tuple[int, ...] | None, output: Any) -> tuple[int, ...]:
    if shape is None:
        raise WrongType("answers", f": a {type(output).__name__} cannot be combined with others")
    if len(shape) not in (1, 2):
        raise WrongShape("answers", f": shape {shape} cannot stand beside others; it has no rows, or too much in each")
    return shape
