"""Numbers dropped at random, so that a network learns to do without any one of them."""

from __future__ import annotations

from typing import Any

import numpy as np

from office.work.arrays import as_array, overflow, read_only, sealed
from office.work.contract import Once
from office.work.protocols import Array, Callback
from office.work.real_numbers import random_from, real_from

__all__ = ["Dropout"]


class Dropout:
    """Each number is dropped with probability `share`; those that stay are divided by 1 - share, as is their feedback.

    `inputs` of any shape; the output and the feedback on the inputs have the same. Which numbers stay is drawn for each
    task, in the order of answering, and noted with the task. In the field: inverted dropout (Srivastava et al. 2014,
    *Dropout*, section 10).

    Args:
        share: How many numbers are dropped, of all: from 0 to less than 1, else `ValueError`.
        seed: For `numpy.random.default_rng`, from which it is drawn.
        training: With False all numbers stay, and nothing is drawn. It may be set at any time.
    """

    def __init__(self, share: float = 0.5, seed: Any = 0, *, training: bool = True) -> None:
        self.share = real_from(share, "the share that is dropped is from 0 to less than 1", below=1)
        self.training = training
        self._generator = random_from(seed)

    def __call__(self, inputs: Array, /) -> tuple[Array, Callback]:
        """What stays of the inputs, and the callback for the feedback on it."""
        inputs = as_array(inputs)
        if not self.training:
            return read_only(inputs), Once(_as_it_is, inputs.shape, inputs.dtype)
        stays = self._generator.random(inputs.shape) >= self.share
        scale = inputs.dtype.type(1 / (1 - self.share))
        try:
            output = np.where(stays, inputs * scale, 0)
        except RuntimeWarning as warning:
            raise overflow("output", warning) from None

        def handle_feedback(re_output: Any) -> Any:
            return sealed(np.where(stays, re_output * scale, 0))

        return sealed(output), Once(handle_feedback, output.shape, output.dtype)

    def __repr__(self) -> str:
        return f"Dropout({self.share}{'' if self.training else ', training=False'})"


def _as_it_is(re_output: Any) -> Any:
    return read_only(re_output) if isinstance(re_output, np.ndarray) else re_output
