"""Cut off at zero."""

from __future__ import annotations

from typing import Any

import numpy as np

from office.work.arrays import as_array, sealed
from office.work.contract import Once
from office.work.protocols import Array, Callback

__all__ = ["relu"]


def relu(inputs: Array, /) -> tuple[Array, Callback]:
    """Every number that is positive, and 0 for the rest; feedback passes where the number was positive.

    `inputs` of any shape; the output and the feedback on the inputs have the same. At 0 itself nothing passes, as in
    PyTorch and JAX. In the field: a rectified linear unit.
    """
    inputs = as_array(inputs)
    output = np.maximum(inputs, 0)

    def handle_feedback(re_output: Any) -> Any:
        return sealed(re_output * (output > 0))  # a third of the time of where(), and feedback is finite

    return sealed(output), Once(handle_feedback, output.shape, output.dtype)
