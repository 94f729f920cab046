"""What the people above make of a result: how far it is from the target, and the feedback that follows."""

from __future__ import annotations

from typing import Any

import numpy as np

from office.errors import WrongShape
from office.work.bodies import as_array, sealed

__all__ = ["half_squared_error", "squared_error"]


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
        return float(output) - float(target)
    if np.shape(output) != np.shape(target):
        raise WrongShape("output", f" has shape {np.shape(output)}, but the target has {np.shape(target)}")
    difference = as_array(output) - as_array(target)
    return difference if difference.shape else float(difference)
