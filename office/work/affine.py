"""A worker that answers with several numbers a row, each a weighted sum of all columns."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from office.counts import count_from
from office.work.arrays import all_finite, as_table, float_dtype, new_array, sealed
from office.work.contract import NO_FEEDBACK, Once
from office.work.parameters import Parameters, Policy
from office.work.protocols import Array2d, Callback
from office.work.real_numbers import DEVIATION, random_from, real_from
from office.work.rules import Rule
from office.work.schedules import Schedule
from office.work.weighted import Weighted, not_finite

__all__ = ["Affine"]


class Affine(Weighted):
    """`outputs` numbers a row: `inputs @ weights + bias`.

    `inputs: (rows, columns) float -> (rows, outputs) float`, weights `(columns, outputs)`, bias `(outputs,)`; all in
    the dtype of the weights, float32 or float64. Feedback moves the weights. The notes hold the table itself: leave it
    unchanged until the feedback has come.

    Raises `WrongType`, `WrongShape` and `NotANumber` for such inputs; the callback raises them for such feedback, and
    `AlreadyAnswered` for a second one. In the field: a fully connected layer.

    Args:
        weights: To begin with, `(columns, outputs)`.
        bias: To begin with, `(outputs,)`.
        rule: An update rule, or the rate of plain `SGD`, which may be a schedule of the count of tasks.
        says_below: With False, the feedback on the inputs is not worked out, and `NO_FEEDBACK` goes down: for a
            worker whose inputs are data.
        policy: Whose weights a late callback differentiates; see `Parameters`.
    """

    def __init__(
        self,
        weights: ArrayLike,
        bias: ArrayLike,
        rule: Rule | Schedule | float = 0.1,
        *,
        says_below: bool = True,
        policy: Policy = "stash",
    ) -> None:
        weights = new_array(weights, "weights")
        bias = new_array(bias, "bias", weights.dtype)
        if weights.ndim != 2:
            raise ValueError(f"weights are (columns, outputs), and have shape {weights.shape}")
        if bias.shape != weights.shape[1:]:
            raise ValueError(f"bias has shape {bias.shape}, but weights have {weights.shape}")
        self.parameters = Parameters((weights, bias), rule, policy=policy)
        self.says_below = says_below

    @classmethod
    def drawn(
        cls,
        columns: int,
        outputs: int,
        rule: Rule | Schedule | float = 0.1,
        seed: Any = 0,
        *,
        scale: float | None = None,
        dtype: DTypeLike = np.float64,
        says_below: bool = True,
        policy: Policy = "stash",
    ) -> Self:
        """A worker with weights drawn from N(0, scale²) and a bias of zeros.

        Args:
            columns: How many columns the inputs have.
            outputs: How many numbers a row it answers with.
            rule: An update rule, or the rate of plain `SGD`, which may be a schedule of the count of tasks.
            seed: For `numpy.random.default_rng`.
            scale: The standard deviation. None for √(2/columns): Kaiming He and others, *Delving Deep into
                Rectifiers*, 2015, eq. 10.
            dtype: float32 or float64.
            says_below: As for the class.
            policy: As for the class.
        """
        columns, outputs = count_from(columns, "columns are", 0), count_from(outputs, "outputs are", 0)
        scale = (2.0 / max(columns, 1)) ** 0.5 if scale is None else real_from(scale, DEVIATION)
        weights = random_from(seed).normal(0.0, scale, (columns, outputs)).astype(float_dtype(dtype))
        return cls(weights, np.zeros(outputs), rule, says_below=says_below, policy=policy)

    def __call__(self, inputs: Array2d, /) -> tuple[Array2d, Callback]:
        """So many numbers a row, and the callback for the feedback on them."""
        notes = self.parameters.answer()
        weights, bias = notes.weights
        inputs = as_table(inputs, len(weights), weights.dtype)
        try:
            output = inputs.dot(weights)
            output += bias
        except RuntimeWarning:
            raise not_finite(inputs) from None
        if not all_finite(output):
            raise not_finite(inputs)

        def handle_feedback(re_output: Any) -> Any:
            weights, _ = self.parameters.differentiated(notes)
            re_inputs = sealed(re_output.dot(weights.T)) if self.says_below else NO_FEEDBACK
            self.parameters.learn((inputs.T.dot(re_output), np.add.reduce(re_output, axis=0)), notes)
            return re_inputs

        output.setflags(write=False)
        return output, Once(handle_feedback, output.shape, output.dtype, self.parameters.hear_nothing)
