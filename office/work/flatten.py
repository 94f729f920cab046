"""Batches: many small tables become one giant table, and the answers are dealt out again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from itertools import accumulate, pairwise
from typing import Any

import numpy as np

from office.errors import WrongShape, WrongType
from office.work.arrays import as_table, read_only, row_by_row, sealed
from office.work.contract import NO_FEEDBACK, Once, as_feedback, give_feedback
from office.work.protocols import Array, Array1d, Array2d, Callback, Estimator

__all__ = ["with_flatten"]


def with_flatten(worker: Estimator) -> Estimator:
    """The same worker, given a list of tables at once: it sees one giant table, and is called once.

    Inputs are a list of tables `(rows_i, columns) float`, the output is a list of what `worker` says of each,
    `(rows_i,)`, tables without rows included. Feedback is a list like the output, and becomes a list like the
    inputs. With no tables at all there is nothing to ask: the worker is not called, and the output is `[]`.

    `worker` must answer with one number (or one array) a row. Raises `WrongType` or `WrongShape` for tables
    that are none or do not fit together, and `WrongShape` if the worker does not answer row by row; the
    callback refuses feedback that is not a list with one fit feedback for each table. In the field: batching
    of ragged examples.
    """
    return partial(_flattened, worker)


def _flattened(worker: Estimator, tables: Sequence[Array2d], /) -> tuple[list[Array1d], Callback]:
    if not isinstance(tables, Iterable):
        raise WrongType("inputs", f" of type {type(tables).__name__} cannot be taken: pass a list of tables")
    tables = [as_table(table) for table in tables]
    if not tables:
        return [], Once(lambda re_outputs: _each_like(re_outputs, []), None)
    if len({table.shape[1] for table in tables}) > 1:
        columns = [table.shape[1] for table in tables]
        raise WrongShape("inputs", f" have tables of {columns} columns, which do not fit together")
    lengths = [len(table) for table in tables]
    output, callback = worker(sealed(np.concatenate(tables)))
    outputs = _deal_out(row_by_row(output, sum(lengths)), lengths)

    def handle_feedback(re_outputs: Any) -> Any:
        re_inputs = give_feedback(callback, sealed(np.concatenate(_each_like(re_outputs, outputs))))
        return re_inputs if re_inputs is NO_FEEDBACK else _deal_out(re_inputs, lengths)

    return outputs, Once(handle_feedback, None, hear_nothing=lambda: give_feedback(callback, NO_FEEDBACK))


def _deal_out(rows: Array, lengths: list[int]) -> list[Array]:
    return [read_only(rows[start:end]) for start, end in pairwise(accumulate(lengths, initial=0))]


def _each_like(feedbacks: Any, outputs: list[Array]) -> list[Array]:
    if not isinstance(feedbacks, (list, tuple)):
        raise WrongType("feedback", f" is a {type(feedbacks).__name__}, where a list is asked for")
    if len(feedbacks) != len(outputs):
        raise WrongShape("feedback", f" is about {len(feedbacks)} tables, but there were {len(outputs)}")
    return [
        as_feedback(feedback, output.shape, output.dtype) for feedback, output in zip(feedbacks, outputs, strict=True)
    ]
