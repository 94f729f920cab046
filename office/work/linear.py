"""Workers that give each column a weight: `Linear` answers with one number a row, `LinearTotal` with one a table.

Both learn in their callback, by plain stochastic gradient descent unless they are given another rule; see `Parameters`.
"""

from __future__ import annotations

from math import isfinite
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from office.counts import count_from
from office.work.arrays import all_finite, as_table, float_dtype, new_array, sealed
from office.work.contract import Once
from office.work.parameters import Parameters, Policy
from office.work.protocols import Array, Array1d, Array2d, Callback
from office.work.real_numbers import DEVIATION, random_from, real_from
from office.work.rules import Rule
from office.work.schedules import Schedule
from office.work.weighted import Weighted, not_finite

__all__ = ["Linear", "LinearTotal"]


class _OneNumber(Weighted):
    """What both have in common.

    Args:
        weights: To begin with, `(columns,)` float; or `(..., columns)` for many copies.
        bias: To begin with, a float; or an array `(...)`.
        rule: An update rule, or the rate of plain `SGD`, which may be a schedule of the count of tasks.
        policy: Whose weights a late callback differentiates; see `Parameters`.
    """

    def __init__(
        self,
        weights: ArrayLike,
        bias: ArrayLike,
        rule: Rule | Schedule | float = 0.1,
        *,
        policy: Policy = "stash",
    ) -> None:
        weights, bias = new_array(weights, "weights"), new_array(bias, "bias")
        if weights.ndim == 0:
            raise ValueError("weights need one number a column, and are a single number")
        if bias.shape != weights.shape[:-1]:
            raise ValueError(f"bias has shape {bias.shape}, but weights have {weights.shape}")
        own_bias = new_array(bias, "bias", weights.dtype) if bias.ndim else float(bias)
        self.parameters = Parameters((weights, own_bias), rule, policy=policy)

    @classmethod
    def drawn(
        cls,
        columns: int,
        rule: Rule | Schedule | float = 0.1,
        seed: Any = 0,
        *,
        scale: float = 1.0,
        dtype: DTypeLike = np.float64,
        policy: Policy = "stash",
    ) -> Self:
        """A worker with weights and bias drawn from N(0, scale²).

        Args:
            columns: How many columns the inputs have.
            rule: An update rule, or the rate of plain `SGD`, which may be a schedule of the count of tasks.
            seed: For `numpy.random.default_rng`.
            scale: The standard deviation.
            dtype: float32 or float64.
            policy: As for the class.
        """
        generator = random_from(seed)
        columns = count_from(columns, "columns are", 0)
        scale = real_from(scale, DEVIATION)
        weights = generator.normal(0.0, scale, columns).astype(float_dtype(dtype))
        return cls(weights, generator.normal(0.0, scale), rule, policy=policy)

    def __repr__(self) -> str:
        name = type(self).__name__
        return f"{name}(weights={self.weights.tolist()}, bias={self.bias}, updates={self.updates})"


class LinearTotal(_OneNumber):
    """One number a table: `bias` plus the sum over the rows of `inputs @ weights`. The text's own estimator.

    `inputs: (rows, columns) float -> float`; feedback on it is a float, and becomes `(rows, columns)` float. Feedback
    moves the weights. The notes do not hold the table itself. In float32 (if the weights are) or float64.

    Raises `WrongType`, `WrongShape` and `NotANumber` for such inputs; the callback raises them for such feedback, and
    `AlreadyAnswered` for a second one. In the field: a linear layer, pooled by a sum.

    Args:
        weights: To begin with, `(columns,)`.
        bias: To begin with, a float.
        rule: An update rule, or the rate of plain `SGD`, which may be a schedule of the count of tasks.
        policy: Whose weights a late callback differentiates; see `Parameters`.
    """

    def __init__(
        self,
        weights: ArrayLike,
        bias: ArrayLike,
        rule: Rule | Schedule | float = 0.1,
        *,
        policy: Policy = "stash",
    ) -> None:
        super().__init__(weights, bias, rule, policy=policy)
        if self.weights.ndim != 1:
            raise ValueError(f"weights have shape {self.weights.shape}, and need just one number a column")

    def __call__(self, inputs: Array2d, /) -> tuple[float, Callback]:
        """The total, and the callback for the feedback on it."""
        notes = self.parameters.answer()
        weights, bias = notes.weights
        inputs = as_table(inputs, len(weights), weights.dtype)
        try:
            rows, column_sums = len(inputs), np.add.reduce(inputs, axis=0)
            output = float(column_sums.dot(weights)) + bias
        except RuntimeWarning:
            raise not_finite(inputs) from None
        if not isfinite(output):
            raise not_finite(inputs)

        def handle_feedback(re_output: Any) -> Any:
            weights, _ = self.parameters.differentiated(notes)
            re_inputs = np.empty((rows, len(weights)), weights.dtype)
            re_inputs[:] = re_output * weights
            self.parameters.learn((re_output * column_sums, re_output), notes)
            return sealed(re_inputs)

        return output, Once(handle_feedback, (), hear_nothing=self.parameters.hear_nothing)


class Linear(_OneNumber):
    """One number a row: `inputs @ weights + bias`.

    `inputs: (rows, columns) float -> (rows,) float`; feedback on it is `(rows,)` float, and becomes `(rows, columns)`
    float. Feedback moves the weights; the gradient is the sum over the rows. The notes hold the table itself: leave it
    unchanged until the feedback has come. In float32 (if the weights are) or float64.

    Weights may have leading axes, `(..., columns)` with a bias `(...)`, for many copies that share the inputs but
    nothing else: output and feedback are `(..., rows)`, feedback on the inputs `(..., rows, columns)`, each copy's own.
    A copy among a thousand behaves as it would alone on an axis of one, to the last bit. That costs a few numpy calls
    for each row and column, so it is for small tables and many copies.

    Raises `WrongType`, `WrongShape` and `NotANumber` for such inputs; the callback raises them for such feedback, and
    `AlreadyAnswered` for a second one. In the field: a linear layer with one output feature.

    Args:
        weights: To begin with, `(columns,)`, or `(..., columns)` for many copies.
        bias: To begin with, a float, or `(...)`.
        rule: An update rule, or the rate of plain `SGD`, which may be a schedule of the count of tasks.
        policy: Whose weights a late callback differentiates; see `Parameters`.
    """

    def __call__(self, inputs: Array2d, /) -> tuple[Array1d, Callback]:
        """One number a row, and the callback for the feedback on them."""
        notes = self.parameters.answer()
        weights, bias = notes.weights
        inputs = as_table(inputs, weights.shape[-1], weights.dtype)
        try:
            if weights.ndim == 1:
                output = inputs.dot(weights) + bias
            else:
                output = _dot(weights[..., None, :], inputs) + bias[..., None]
        except RuntimeWarning:
            raise not_finite(inputs) from None
        if not all_finite(output):
            raise not_finite(inputs)

        def handle_feedback(re_output: Any) -> Any:
            weights, _ = self.parameters.differentiated(notes)
            re_inputs = re_output[..., None] * weights[..., None, :]
            if weights.ndim == 1:
                gradients: tuple[Any, Any] = re_output.dot(inputs), float(re_output.sum())
            else:
                gradients = _dot(re_output[..., None, :], inputs.T), _dot(re_output, np.ones(len(inputs), output.dtype))
            self.parameters.learn(gradients, notes)
            re_inputs.setflags(write=False)
            return re_inputs

        output.setflags(write=False)
        return output, Once(handle_feedback, output.shape, output.dtype, self.parameters.hear_nothing)


def _dot(left: Array, right: Array) -> Array:
    """The products added up along the last axis, from left to right."""
    # Neither `@` nor `sum`: they choose the order of addition by the shape, and then a copy's bits would
    # depend on how many others there are. (With many copies and short axes this is faster, too.)
    total = np.zeros(np.broadcast_shapes(left.shape, right.shape)[:-1], left.dtype)
    for k in range(right.shape[-1]):
        total = total + left[..., k] * right[..., k]
    return total
