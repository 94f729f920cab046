"""Workers that weigh each column: `Linear` gives one number a row, `LinearTotal` one a table.

Both learn by plain stochastic gradient descent, in their callback. A step makes *new* arrays and leaves
the old ones alone, so the notes of every pending task keep the weights it was answered with for free:
however late the feedback, what is said about the inputs is the truth about that answer. In the field:
weight stashing.
"""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike

from office.errors import NotANumber
from office.work.contract import Once, as_table, has_nan, sealed
from office.work.no_feedback import NO_FEEDBACK
from office.work.protocols import Array, Array1d, Array2d, Callback
from office.work.schedules import Schedule, as_schedule

__all__ = ["Linear", "LinearTotal"]


class _Weighing:
    """The weights, and how they learn."""

    weights: Array
    """`(columns,)` float, or `(..., columns)` for many copies; read-only, and replaced by every step."""
    bias: Any
    """A float; for many copies an array of them, read-only."""
    updates: int
    """How many steps the weights have taken."""
    heard: int
    """How many tasks have had their feedback, or word that there is none: what a `rate` schedule counts."""

    def __init__(self, weights: ArrayLike, bias: ArrayLike, rate: float | Schedule = 0.1) -> None:
        self.weights = sealed(np.array(weights, dtype=np.float64))
        if self.weights.ndim == 0:
            raise ValueError("weights need one number a column, and are a single number")
        if np.shape(bias) != self.weights.shape[:-1]:
            raise ValueError(f"bias has shape {np.shape(bias)}, but weights have {self.weights.shape}")
        self.bias = sealed(np.array(bias, dtype=np.float64)) if np.ndim(bias) else float(np.asarray(bias))
        self.updates = self.heard = 0
        self._rate = as_schedule(rate, "the learning rate")

    @classmethod
    def drawn(cls, columns: int, scale: float = 1.0, rate: float | Schedule = 0.1, seed: Any = 0) -> Self:
        """A worker with weights and bias drawn from N(0, scale²) by `numpy.random.default_rng(seed)`."""
        generator = np.random.default_rng(seed)
        return cls(generator.normal(0.0, scale, columns), generator.normal(0.0, scale), rate)

    def __repr__(self) -> str:
        name = type(self).__name__
        return f"{name}(weights={self.weights.tolist()}, bias={self.bias}, updates={self.updates})"

    def _learn(self, re_weights: Array, re_bias: Any) -> None:
        rate = self._rate(self.heard)
        weights, bias = self.weights - rate * re_weights, self.bias - rate * re_bias
        self.weights, self.bias = sealed(weights), bias if isinstance(bias, float) else sealed(bias)
        self.heard += 1
        self.updates += 1

    def _refuse_nan(self, inputs: Array2d) -> None:
        # Asked only once the output is NaN, which every NaN in the inputs makes it. Weights that have
        # diverged do so as well, and that is no fault of the inputs.
        if has_nan(inputs):
            raise NotANumber("inputs", " have a NaN in them")


class LinearTotal(_Weighing):
    """One number a table: `bias` plus the sum over the rows of `inputs @ weights`. The text's own estimator.

    `inputs: (rows, columns) float -> float`; feedback on it is a float, and becomes `(rows, columns)` float.
    Feedback moves the weights by `rate` times their gradient. `rate` may be a schedule of the count of
    tasks this worker has heard about. The notes do not hold the table itself.

    Raises `WrongType`, `WrongShape` and `NotANumber` for such inputs; the callback raises them for such
    feedback, and `AlreadyAnswered` for a second one. In the field: a linear layer, pooled by a sum.
    """

    def __init__(self, weights: ArrayLike, bias: float, rate: float | Schedule = 0.1) -> None:
        super().__init__(weights, bias, rate)
        if self.weights.ndim != 1:
            raise ValueError(f"weights have shape {self.weights.shape}, and need just one number a column")

    def __call__(self, inputs: Array2d, /) -> tuple[float, Callback]:
        """The total, and the callback for the feedback on it."""
        weights = self.weights
        inputs = as_table(inputs, len(weights))
        rows, column_sums = len(inputs), np.add.reduce(inputs, axis=0)
        output = float(column_sums.dot(weights)) + self.bias
        if output != output:  # noqa: PLR0124  NaN, at a tenth of the price of a call
            self._refuse_nan(inputs)

        def handle_feedback(re_output: Any) -> Any:
            if re_output is NO_FEEDBACK:
                self.heard += 1
                return NO_FEEDBACK
            re_inputs = np.empty((rows, len(weights)))
            re_inputs[:] = re_output * weights
            self._learn(re_output * column_sums, re_output)
            return sealed(re_inputs)

        return output, Once(handle_feedback, ())


class Linear(_Weighing):
    """One number a row: `inputs @ weights + bias`.

    `inputs: (rows, columns) float -> (rows,) float`; feedback on it is `(rows,)` float, and becomes
    `(rows, columns)` float. Feedback moves the weights by `rate` times their gradient, summed over the rows.
    `rate` may be a schedule of the count of tasks this worker has heard about. The notes hold the table
    itself: leave it unchanged until the feedback has come.

    Weights may have leading axes, `(..., columns)` with a bias `(...)`, for many copies that share the inputs
    but nothing else: output and feedback are `(..., rows)`, feedback on the inputs `(..., rows, columns)`,
    each copy's own. A copy among a thousand behaves as it would alone on an axis of one, to the last bit.
    That costs a few numpy calls for each row and column, so it is for small tables and many copies.

    Raises `WrongType`, `WrongShape` and `NotANumber` for such inputs; the callback raises them for such
    feedback, and `AlreadyAnswered` for a second one. In the field: a linear layer with one output feature.
    """

    def __call__(self, inputs: Array2d, /) -> tuple[Array1d, Callback]:
        """One number a row, and the callback for the feedback on them."""
        weights = self.weights
        inputs = as_table(inputs, weights.shape[-1])
        if weights.ndim == 1:
            output = inputs.dot(weights) + self.bias
        else:
            output = _dot(weights[..., None, :], inputs) + self.bias[..., None]
        if has_nan(output):
            self._refuse_nan(inputs)

        def handle_feedback(re_output: Any) -> Any:
            if re_output is NO_FEEDBACK:
                self.heard += 1
                return NO_FEEDBACK
            re_inputs = re_output[..., None] * weights[..., None, :]
            if weights.ndim == 1:
                self._learn(re_output.dot(inputs), float(re_output.sum()))
            else:
                re_weights = _dot(re_output[..., None, :], inputs.T)
                self._learn(re_weights, _dot(re_output, np.ones(len(inputs))))
            return sealed(re_inputs)

        return sealed(output), Once(handle_feedback, output.shape)


def _dot(left: Array, right: Array) -> Array:
    """The products added up along the last axis, from left to right."""
    # Neither `@` nor `sum`: they choose the order of addition by the shape, and then a copy's bits would
    # depend on how many others there are. (With many copies and short axes this is faster, too.)
    total = np.zeros(np.broadcast_shapes(left.shape, right.shape)[:-1])
    for k in range(right.shape[-1]):
        total = total + left[..., k] * right[..., k]
    return total
