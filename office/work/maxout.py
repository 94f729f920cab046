"""A layer in which several pieces compete for every output, and the greatest is taken."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from office.counts import count_from
from office.work.affine import Affine
from office.work.arrays import float_dtype, new_array, sealed
from office.work.contract import NO_FEEDBACK, Once, give_feedback
from office.work.parameters import Policy
from office.work.protocols import Array2d, Callback
from office.work.real_numbers import DEVIATION, random_from, real_from
from office.work.rules import Rule
from office.work.schedules import Schedule
from office.work.weighted import Weighted

__all__ = ["Maxout"]


class Maxout(Weighted):
    """For each output, the greatest answer of its pieces: a `maximum` team of `Affine` workers at one desk.

    `inputs: (rows, columns) float -> (rows, outputs) float`, weights `(columns, outputs, pieces)`, bias `(outputs,
    pieces)`. Each row has winners of its own, and only they hear the feedback; on a tie the first wins. Dtypes and
    refusals are those of `Affine`; which pieces won is in the notes, under every policy. In the field: maxout
    (Goodfellow et al. 2013, arXiv 1302.4389).

    Args:
        weights: To begin with, `(columns, outputs, pieces)`.
        bias: To begin with, `(outputs, pieces)`.
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
        if weights.ndim != 3 or not weights.shape[2]:
            raise ValueError(f"weights are (columns, outputs, pieces), and have shape {weights.shape}")
        if bias.shape != weights.shape[1:]:
            raise ValueError(f"bias has shape {bias.shape}, but weights have {weights.shape}")
        self._shape: tuple[int, ...] = weights.shape[1:]
        self._pieces = Affine(
            weights.reshape(len(weights), int(np.prod(self._shape))), np.ravel(bias), rule, policy=policy
        )
        self.parameters = self._pieces.parameters

    @classmethod
    def drawn(
        cls,
        columns: int,
        outputs: int,
        rule: Rule | Schedule | float = 0.1,
        seed: Any = 0,
        *,
        pieces: int = 2,
        scale: float | None = None,
        dtype: DTypeLike = np.float64,
        policy: Policy = "stash",
    ) -> Self:
        """A worker with weights drawn from N(0, scale²) and a bias of zeros.

        Args:
            columns: How many columns the inputs have.
            outputs: How many numbers a row it answers with.
            rule: An update rule, or the rate of plain `SGD`, which may be a schedule of the count of tasks.
            seed: For `numpy.random.default_rng`.
            pieces: How many compete for each output.
            scale: The standard deviation. None for √(1/columns), which gives each piece the variance of the inputs.
            dtype: float32 or float64.
            policy: As for the class.
        """
        columns, outputs = count_from(columns, "columns are", 0), count_from(outputs, "outputs are", 0)
        pieces = count_from(pieces, "pieces are")
        scale = (1.0 / max(columns, 1)) ** 0.5 if scale is None else real_from(scale, DEVIATION)
        weights = random_from(seed).normal(0.0, scale, (columns, outputs, pieces)).astype(float_dtype(dtype))
        return cls(weights, np.zeros((outputs, pieces)), rule, policy=policy)

    @property
    def weights(self) -> Any:
        """Today's weights, `(columns, outputs, pieces)`."""
        flat = self.parameters.arrays[0]
        return flat.reshape(len(flat), *self._shape)

    @property
    def bias(self) -> Any:
        """Today's bias, `(outputs, pieces)`."""
        return self.parameters.arrays[1].reshape(self._shape)

    def __call__(self, inputs: Array2d, /) -> tuple[Array2d, Callback]:
        """The loudest of each output's pieces, and the callback for the feedback on them."""
        flat, callback = self._pieces(inputs)
        answers = flat.reshape(len(flat), *self._shape)
        winners = answers.argmax(axis=-1)[..., None]
        output = np.take_along_axis(answers, winners, axis=-1)[..., 0]

        def handle_feedback(re_output: Any) -> Any:
            re_answers = np.zeros_like(answers)
            np.put_along_axis(re_answers, winners, re_output[..., None], axis=-1)
            return give_feedback(callback, re_answers.reshape(flat.shape))

        return sealed(output), Once(
            handle_feedback, output.shape, output.dtype, lambda: give_feedback(callback, NO_FEEDBACK)
        )
