"""Which of several classes? How surprised the people above are by the truth."""

from __future__ import annotations

from functools import lru_cache
from math import isfinite
from typing import Any

import numpy as np

from office.errors import NotANumber, WrongShape, WrongType
from office.work.arrays import as_array, numbers_in, sealed
from office.work.protocols import Array2d
from office.work.softmax import shares_of

__all__ = ["softmax_cross_entropy"]

FEW = 256
"""For so many classes the identity matrix, of which a truth is made, is kept at hand."""


def softmax_cross_entropy(output: Any, target: Any) -> tuple[float, Any]:
    """The mean over the rows of -log softmax(output)[target], and its gradient, (softmax(output) - target)/rows.

    `output: (rows, classes) float`, any numbers: the softmax is taken here. `target` is `(rows,)` whole numbers, the
    class of each row from 0, or `(rows, classes)` probabilities. -infinity is a class that is ruled out, and is refused
    only as the truth. Of no rows the loss is 0. Raises `WrongShape`, `WrongType` or `NotANumber`. In the
    field: softmax with cross-entropy, of logits.
    """
    output, target = as_array(output, None, "output"), numbers_in(target, "target")
    if output.ndim != 2:
        raise WrongShape("output", f" has shape {output.shape}, where a table is asked for")
    by_class = target.dtype.kind in "iu" and target.ndim == 1
    if target.shape != (output.shape[:1] if by_class else output.shape):
        raise WrongShape("output", f" has shape {output.shape}, but the target has {target.shape}")
    truth = _one_hot(target, output) if by_class else as_array(target, output.dtype, "target")
    if not output.size:
        return 0.0, sealed(np.zeros_like(output))
    shares, shifted, log_total = shares_of(output)
    if not by_class:  # rows of probabilities may add up to something else than 1
        weights = np.add.reduce(truth, axis=1, keepdims=True)
        shares, log_total = weights * shares, weights * log_total
    loss = float(np.add.reduce(log_total, axis=None)) - float(np.vdot(truth, shifted))
    if not isfinite(loss):
        loss = float(np.add.reduce(log_total, axis=None)) - _agreement(truth, shifted)
    shares -= truth
    shares /= len(output)
    return loss / len(output), sealed(shares)


def _agreement(truth: Array2d, shifted: Array2d) -> float:
    """The product of both, added up, where -infinity goes for nothing that the truth calls impossible."""
    agreement = float(np.vdot(truth, np.where(truth == 0, 0, shifted)))
    if not isfinite(agreement):
        raise NotANumber("output", " has a NaN or an infinity in it, or -infinity where the truth is")
    return agreement


def _one_hot(classes: Any, output: Array2d) -> Array2d:
    """A table with a 1 in each row where its class is, and 0 elsewhere."""
    columns = output.shape[1]
    if classes.size and np.maximum.reduce(classes.astype(np.uint64)) >= columns:  # so the negative ones are large
        raise WrongType("target", f" has a class that is not from 0 to {columns - 1}")
    if columns <= FEW:
        truth: Array2d = _identity(columns, output.dtype).take(classes.astype(np.intp), axis=0)  # half the time
    else:
        truth = np.zeros_like(output)
        truth[np.arange(len(classes)), classes] = 1
    return truth


@lru_cache(maxsize=8)
def _identity(columns: int, dtype: Any) -> Array2d:
    return sealed(np.eye(columns, dtype=dtype))
