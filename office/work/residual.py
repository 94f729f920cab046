"""A worker that answers with a change to the inputs, instead of everything anew."""

from __future__ import annotations

from functools import partial
from typing import Any

from office.errors import WrongShape
from office.work.arrays import as_array, form_of, overflow, read_only, sealed
from office.work.combining import add_up
from office.work.contract import NO_FEEDBACK, Once, give_feedback
from office.work.protocols import Array, Callback, Estimator

__all__ = ["identity", "residual"]


def identity(inputs: Any, /) -> tuple[Any, Callback]:
    """The inputs as they are, and the feedback as it is: a worker that only passes things on."""
    return inputs, Once(lambda feedback: feedback, None)


def residual(worker: Estimator) -> Estimator:
    """The inputs plus what the worker makes of them; the feedback goes to the worker, and down beside the worker's own.

    `worker` answers `inputs: (...) float` in the same shape. A `Team` of `identity` and the worker, combined by
    `addition`, is the same by mail. Raises `WrongShape` where the answer has another shape. In the field: a residual
    connection (He et al. 2015, arXiv 1512.03385).
    """
    return partial(_residual, worker)


def _residual(worker: Estimator, inputs: Array, /) -> tuple[Array, Callback]:
    inputs = as_array(inputs)
    change, callback = worker(read_only(inputs))
    shape, _ = form_of(change, "output")
    if shape != inputs.shape:
        raise WrongShape("output", f" has shape {shape}, and cannot be added to inputs of {inputs.shape}")
    try:
        output = inputs + as_array(change, None, "output")
    except RuntimeWarning as warning:
        raise overflow("output", warning) from None

    def handle_feedback(re_output: Any) -> Any:
        heard = read_only(re_output)
        return add_up([heard, give_feedback(callback, heard)], "feedback on the inputs")

    return sealed(output), Once(
        handle_feedback, output.shape, output.dtype, lambda: give_feedback(callback, NO_FEEDBACK)
    )
