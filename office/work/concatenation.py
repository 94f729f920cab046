"""All answers side by side, nothing lost."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import Any

import numpy as np

from office.errors import BadChart, WrongShape, WrongType
from office.work.arrays import as_array, form_of, read_only, sealed
from office.work.combining import combine
from office.work.contract import Once
from office.work.protocols import Array2d, Callback, Estimator

__all__ = ["combine_by_concatenation", "concatenation"]


def concatenation(outputs: Sequence[Any], /) -> tuple[Any, Callback]:
    """The answers side by side, in the order of the team; each member gets the feedback on its own columns.

    `outputs` are tables `(rows, columns_i)`, or `(rows,)` for one column, all of the same rows; the combined output is
    `(rows, columns) float`. Raises `BadChart` where there are none, and `WrongType` or `WrongShape` where they do not
    go together. In the field: concatenation of branches along the features.
    """
    if not outputs:
        raise BadChart("there are no answers to combine: a team needs at least one member")
    tables = [_columns(output) for output in outputs]
    if len({len(table) for table in tables}) > 1:
        shapes = ", ".join(str(np.shape(output)) for output in outputs)
        raise WrongShape("answers", f": shapes {shapes} do not stand side by side")
    joined = np.concatenate(tables, axis=1)
    ends = list(accumulate((table.shape[1] for table in tables), initial=0))

    def handle_feedback(re_joined: Any) -> list[Any]:
        heard = read_only(re_joined)
        shares = [heard[:, start:end] for start, end in pairwise(ends)]
        return [share.reshape(np.shape(output)) for share, output in zip(shares, outputs, strict=True)]

    return sealed(joined), Once(handle_feedback, joined.shape, joined.dtype)


def combine_by_concatenation(estimators: Sequence[Estimator]) -> Estimator:
    """A team that answers with its members' answers side by side; see `concatenation`. `BadChart` if it is empty."""
    return combine(estimators, concatenation)


def _columns(output: Any) -> Array2d:
    """An answer as a table: one number a row makes one column."""
    shape, _ = form_of(output)
    if shape is None:
        raise WrongType("answers", f": a {type(output).__name__} cannot be combined with others")
    if len(shape) not in (1, 2):
        raise WrongShape("answers", f": shape {shape} cannot stand beside others; it has no rows, or too much in each")
    table = as_array(output, None, "answers")
    return table if len(shape) == 2 else table[:, None]
