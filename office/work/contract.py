"""What every callback in this room keeps to, and how feedback is given.

A callback is heard once. Feedback has the output's shape, a real floating dtype, and no NaN. What is
refused changes nothing: the right feedback may still come. What is returned cannot be written to, so
nobody can reach into another's notes.

Every feedback to every worker passes through here, so the checks are written for speed: a float costs a
few comparisons, an array one dot product.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np

from office.errors import AlreadyAnswered, BadChart, NotANumber, WrongShape, WrongType
from office.work.no_feedback import NO_FEEDBACK
from office.work.protocols import Array, Array2d

__all__ = [
    "Once",
    "Shape",
    "as_feedback",
    "as_table",
    "common_shape",
    "give_feedback",
    "has_nan",
    "read_only",
    "row_by_row",
    "sealed",
    "shape_of",
    "share_out",
]

Shape: TypeAlias = tuple[int, ...]


class Once:
    """A callback that is heard once, and only when the feedback makes sense.

    `handle` gets the feedback once it is known to have `shape` (a float where that is `()`), or
    `NO_FEEDBACK`. With `shape=None`, as for words, it gets whatever comes. It is let go, with the notes it
    holds, only after it has succeeded.

    Raises `AlreadyAnswered` on a second call, `WrongShape`, `WrongType` or `NotANumber` on feedback that is
    none; after these three the callback is as it was.
    """

    __slots__ = ("_handle", "_shape")

    hears_no_feedback = True

    def __init__(self, handle: Callable[[Any], Any], shape: Shape | None) -> None:
        self._handle: Callable[[Any], Any] | None = handle
        self._shape = shape

    def __call__(self, feedback: Any, /) -> Any:
        """What `handle` says to the feedback."""
        handle = self._handle
        if handle is None:
            raise AlreadyAnswered("second feedback", "")
        if feedback is not NO_FEEDBACK and self._shape is not None:
            feedback = as_feedback(feedback, self._shape)
        reply = handle(feedback)
        self._handle = None
        return reply

    def __repr__(self) -> str:
        state = "answered" if self._handle is None else "pending"
        return f"<callback for an output of shape {self._shape}, {state}>"


def give_feedback(callback: Callable[[Any], Any], feedback: Any) -> Any:
    """What the callback says to the feedback. It is told `NO_FEEDBACK` only if it knows the word.

    Those that know it have a true attribute `hears_no_feedback`. Any other (a plain function, another
    library's) is just dropped, and the word goes down in its stead. Whoever gives feedback goes this way, so
    that every engine treats a callback alike.
    """
    if feedback is NO_FEEDBACK and not getattr(callback, "hears_no_feedback", False):
        return NO_FEEDBACK
    return callback(feedback)


def share_out(callback: Callable[[Any], Sequence[Any]], feedback: Any, members: int) -> Sequence[Any]:
    """Each member's share of the feedback, from a combination's callback; no feedback is no feedback for anyone.

    Raises `WrongShape` where the callback has not one share for each of so many members.
    """
    if feedback is NO_FEEDBACK:
        return [NO_FEEDBACK] * members
    shares = callback(feedback)
    if len(shares) != members:
        raise WrongShape("the combination's feedback", f" is for {len(shares)} members, but {members} answered")
    return shares


def as_feedback(feedback: Any, shape: Shape) -> Any:
    """The feedback itself (as a Python float where `shape` is `()`), if it is feedback on such an output.

    Raises `WrongType` unless it is a real floating number or array of them, `WrongShape`, `NotANumber`.
    """
    if isinstance(feedback, float):
        if shape:
            raise WrongShape("feedback", f" has shape (), but the output had shape {shape}")
        if math.isnan(feedback):
            raise NotANumber("feedback", " is NaN")
        return float(feedback)
    if not isinstance(feedback, (np.ndarray, np.floating)):
        raise WrongType("feedback", f" is a {type(feedback).__name__}, and no real floating number")
    if feedback.dtype.kind != "f":
        raise WrongType("feedback", f" has dtype {feedback.dtype}, and no real floating one")
    if feedback.shape != shape:
        raise WrongShape("feedback", f" has shape {feedback.shape}, but the output had shape {shape}")
    if has_nan(feedback):
        raise NotANumber("feedback", " has a NaN in it")
    return feedback if shape else float(feedback)


def as_table(inputs: Any, columns: int | None = None) -> Array2d:
    """The inputs as a table of float64: the very same array if they are one, else a copy.

    Integers, booleans and nested lists are taken too. A NaN is not looked for: that is a look at every entry.
    Raises `WrongType` for what is not real numbers, `WrongShape` for what has not two dimensions, or not
    `columns` columns.
    """
    table = inputs
    if not isinstance(table, np.ndarray):
        try:
            table = np.asarray(inputs)
        except ValueError:  # rows of unequal length
            raise WrongType("inputs", f" are a {type(inputs).__name__} that is no table") from None
    if table.dtype.kind not in "fiub":
        raise WrongType("inputs", f" have dtype {table.dtype}, and no real numbers")
    if table.ndim != 2:
        raise WrongShape("inputs", f" have shape {table.shape}, where a table is asked for")
    if columns is not None and table.shape[1] != columns:
        raise WrongShape("inputs", f" have {table.shape[1]} columns, where {columns} are asked for")
    return np.asarray(table, dtype=np.float64)


def shape_of(body: Any) -> Shape | None:
    """The shape of a real number or an array of them; None for anything else, such as words."""
    if isinstance(body, float):
        return ()
    if isinstance(body, (np.ndarray, np.generic)):
        return body.shape if body.dtype.kind in "fiu" else None
    return () if isinstance(body, int) and not isinstance(body, bool) else None


def common_shape(bodies: Sequence[Any], subject: str) -> Shape | None:
    """The one shape that all of them have; None if it is one body alone and no number, such as words.

    Raises `BadChart` where there are none, `WrongType` where there are several and one is no number, and
    `WrongShape` where they differ: numpy would stretch the smaller one, and its feedback would not fit.
    """
    if not bodies:
        raise BadChart(f"there are no {subject} to combine: a team needs at least one member")
    shape = shape_of(bodies[0])
    if len(bodies) == 1:
        return shape
    for body in bodies:
        other = shape_of(body)
        if other is None:
            raise WrongType(subject, f": a {type(body).__name__} cannot be combined with others")
        if other != shape:
            raise WrongShape(subject, f": shapes {shape} and {other} cannot be combined")
    return shape


def row_by_row(output: Any, rows: int) -> Array:
    """The output itself, if it is an array with one entry for each of the rows; else raises `WrongShape`."""
    shape = shape_of(output)
    if shape is None or shape[:1] != (rows,):
        raise WrongShape("output", f" has shape {shape}, and not one entry for each of {rows} rows")
    return np.asarray(output)


def has_nan(numbers: Any) -> bool:
    """Whether there is a NaN anywhere in an array of real floating numbers."""
    # A sum of squares has nothing negative in it, so infinities cannot cancel and only NaN makes NaN;
    # the dot product takes a quarter of the time of isnan().any() on small arrays, and never warns.
    return math.isnan(np.vdot(numbers, numbers))


def sealed(array: Array) -> Array:
    """An array of our own making, from now on closed to writing."""
    array.setflags(write=False)
    return array


def read_only(array: Array) -> Array:
    """A view of somebody else's array that cannot be written to; theirs stays as it is."""
    return sealed(array.view()) if array.flags.writeable else array
