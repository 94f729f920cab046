"""Losses: how far a result is from its target, and the feedback that follows; and a loss as a worker."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from math import isfinite
from typing import Any

import numpy as np

from office.errors import NotANumber, WrongShape, WrongType
from office.work.arrays import FLOATS, as_array, as_float, overflow, sealed
from office.work.contract import NO_FEEDBACK, Once
from office.work.protocols import Callback, Estimator
from office.work.real_numbers import as_real

__all__ = ["as_loss", "examiner", "half_squared_error", "squared_error"]


def as_loss(loss: Any) -> float:
    """A loss as a float. Raises `WrongType` for what is no real number, and `NotANumber` for one that is not finite."""
    if type(loss) is float and isfinite(loss):
        return loss
    number = as_real(loss)
    if number is None:
        shape = getattr(loss, "shape", ())
        what = f"of shape {shape}" if shape else f"{loss!s:.40}"
        raise WrongType("loss", f" is {what} ({type(loss).__name__.replace('bool_', 'bool')}), and not one real number")
    if not isfinite(number):
        raise NotANumber("loss", f" is {number}: the run has diverged")
    return number


def squared_error(output: Any, target: Any) -> tuple[float, Any]:
    """The mean of the squared differences over all entries, and its gradient, 2·(output - target)/n.

    `output` and `target` are numbers, or real arrays of one shape; feedback on a number is a float. Of arrays
    without entries the loss is 0. Raises `WrongShape` where the shapes differ: numpy would stretch one of
    them, and nothing would look amiss. In the field: mean squared error.
    """
    difference = _difference(output, target)
    if isinstance(difference, float):
        return difference * difference, 2.0 * difference
    entries = max(difference.size, 1)
    return float(np.vdot(difference, difference)) / entries, sealed(difference * (2.0 / entries))


def half_squared_error(output: Any, target: Any) -> tuple[float, Any]:
    """Half the sum of the squared differences, and its gradient, which is the difference: output - target.

    Takes and raises what `squared_error` does. In the field: the loss whose curvature is 1.
    """
    difference = _difference(output, target)
    if isinstance(difference, float):
        return 0.5 * difference * difference, difference
    return 0.5 * float(np.vdot(difference, difference)), sealed(difference)


def _difference(output: Any, target: Any) -> Any:
    if isinstance(output, float) and isinstance(target, (float, int)):
        return float(output) - as_float(target, "target")
    if not (type(output) is type(target) is np.ndarray and output.dtype is target.dtype in FLOATS):
        output, target = as_array(output, None, "output"), as_array(target, None, "target")
    if output.shape != target.shape:
        raise WrongShape("output", f" has shape {output.shape}, but the target has {target.shape}")
    try:
        difference = output - target
    except RuntimeWarning as warning:
        raise overflow("output", warning) from None
    return difference if difference.shape else float(difference)


def examiner(loss: Callable[[Any, Any], tuple[float, Any]]) -> Estimator:
    """A worker that takes `(output, target)` and answers with the loss, a float.

    `loss` is `squared_error`, `softmax_cross_entropy`, or another `(output, target) -> (loss, re_output)`. Feedback on
    the loss (1.0: learn from it as it is) scales the feedback on the output, and goes down as `(re_output,
    NO_FEEDBACK)`, since there is nothing to say about a target. In the field: a loss as the last layer.
    """
    return partial(_examined, loss)


def _examined(loss: Callable[[Any, Any], tuple[float, Any]], inputs: tuple[Any, Any], /) -> tuple[float, Callback]:
    output, target = _pair(inputs)
    loss_of_it, re_output = loss(output, target)

    def handle_feedback(re_loss: Any) -> Any:
        scaled = re_output * re_loss
        return scaled if isinstance(scaled, float) else sealed(scaled), NO_FEEDBACK

    return as_loss(loss_of_it), Once(handle_feedback, ())


def _pair(body: Any) -> tuple[Any, Any]:
    if isinstance(body, tuple) and len(body) == 2:
        return body
    raise WrongType("inputs", f" are a {type(body).__name__}, where a pair (output, target) is asked for")
