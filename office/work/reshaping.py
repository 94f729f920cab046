"""The same numbers in another shape, for workers that take them so."""

from __future__ import annotations

import math
from functools import partial
from typing import Any

import numpy as np

from office.counts import is_count
from office.errors import WrongShape
from office.work.arrays import as_array, read_only, row_by_row
from office.work.contract import NO_FEEDBACK, Once, give_feedback
from office.work.protocols import Array, Callback, Estimator

__all__ = ["reshape", "with_rows"]


def reshape(*shape: int) -> Estimator:
    """A worker that gives each row another shape: `inputs: (rows, ...) float -> (rows, *shape) float`.

    One number of `shape` may be -1: whatever is left. Feedback comes back in the shape of the inputs. Raises
    `WrongShape` for inputs that have no rows or do not fit. In the field: a reshape of every example.
    """
    if not all(is_count(length, -1) for length in shape):
        raise ValueError(f"a shape is whole numbers, not {shape!r}")
    return partial(_reshaped, shape)


def _reshaped(shape: tuple[int, ...], inputs: Array, /) -> tuple[Array, Callback]:
    inputs = as_array(inputs)
    if not inputs.ndim:
        raise WrongShape("inputs", " have shape (), and no rows")
    output = _in_shape(inputs, shape)

    def handle_feedback(re_output: Any) -> Any:
        return read_only(re_output.reshape(inputs.shape))

    return output, Once(handle_feedback, output.shape, output.dtype)


def with_rows(worker: Estimator) -> Estimator:
    """The same worker, given a whole batch of tables: it sees one giant table, and is called once.

    `inputs: (..., columns) float` become `(rows, columns)`, and the worker's answers to each row, `(rows, ...)`, get
    the leading axes back. For tables of different lengths there is `with_flatten`. Raises `WrongShape` for inputs
    without columns, or if the worker does not answer row by row. In the field: a layer that acts on the last axis.
    """
    return partial(_by_rows, worker)


def _by_rows(worker: Estimator, inputs: Array, /) -> tuple[Array, Callback]:
    inputs = as_array(inputs)
    if not inputs.ndim:
        raise WrongShape("inputs", " have shape (), and no columns")
    leading = inputs.shape[:-1]
    rows = int(np.prod(leading))
    answer, callback = worker(read_only(inputs.reshape(rows, inputs.shape[-1])))
    answer = row_by_row(answer, rows)
    output = read_only(answer.reshape((*leading, *answer.shape[1:])))

    def handle_feedback(re_output: Any) -> Any:
        re_inputs = give_feedback(callback, np.reshape(re_output, answer.shape))
        return re_inputs if re_inputs is NO_FEEDBACK else read_only(re_inputs.reshape(inputs.shape))

    return output, Once(handle_feedback, output.shape, output.dtype, lambda: give_feedback(callback, NO_FEEDBACK))


def _in_shape(inputs: Array, shape: tuple[int, ...]) -> Array:
    """The inputs with another shape for each row: numpy would not notice where there are none."""
    size, known = math.prod(inputs.shape[1:]), math.prod(length for length in shape if length != -1)
    fits = (size % known == 0 if known else size == 0) if shape.count(-1) == 1 else size == known
    if not fits or shape.count(-1) > 1 or any(length < -1 for length in shape):
        raise WrongShape("inputs", f" have {size} numbers a row, which are not {shape}")
    left = size // known if known else 0
    return read_only(inputs.reshape(len(inputs), *(left if length == -1 else length for length in shape)))
