"""The shapes that workers, callbacks and combinations have, for the type checker and for the reader.

A body (a task, an answer, a feedback) may be anything, words too, so where a body is only passed along
its type is `Any`. The numeric workers of this room narrow it to floats and arrays.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["Array", "Array1d", "Array2d", "AsyncEstimator", "Callback", "Combination", "Estimator"]

Array: TypeAlias = NDArray[np.floating[Any]]
"""Real floating numbers, in any number of dimensions."""

Array1d: TypeAlias = NDArray[np.floating[Any]]
"""One number a row: `(rows,)`."""

Array2d: TypeAlias = NDArray[np.floating[Any]]
"""A table: `(rows, columns)`."""

Callback: TypeAlias = Callable[[Any], Any]
"""What a worker leaves behind with an answer: `feedback on the output -> feedback on the inputs`.

It wraps the worker's notes on that one task, and may be called once. Who reads what it returns takes or refuses that;
at the bottom of an office it is for the client, who takes anything, None too. In the field: the backward closure, or
vector-Jacobian product.
"""


class Estimator(Protocol):
    """A worker at work: give it inputs, get its output, and a callback for the feedback on that output.

    The text's own estimator turns a table into a float, and a float of feedback into a table of feedback;
    others give one number a row. This is also the shape of `jax.vjp`. In the field: a layer or a model, in
    its forward pass.
    """

    def __call__(self, inputs: Any, /) -> tuple[Any, Callback]:
        """The output, and the callback that handles the feedback on it."""
        ...


class AsyncEstimator(Protocol):
    """A worker whose output has to be waited for, such as one that asks a service."""

    def __call__(self, inputs: Any, /) -> Awaitable[tuple[Any, Callback]]:
        """Something to await that gives the output, and the callback that handles the feedback on it."""
        ...


class Combination(Protocol):
    """How several answers to one task become one, and how the feedback on the one is shared out.

    The callback gives a list: one feedback for each member, in the order of their outputs; `NO_FEEDBACK` for a member
    that has no share. It never hears `NO_FEEDBACK` itself. In the field: sum, mean, maxout.
    """

    def __call__(self, outputs: Sequence[Any], /) -> tuple[Any, Callable[[Any], list[Any]]]:
        """The one output, and the callback that shares out the feedback on it."""
        ...
