"""What every callback in this room keeps to, and how feedback is given.

A callback is heard once. Feedback has the output's shape, a real floating dtype, and no NaN; arrays are heard in the
output's own dtype. What is refused changes nothing: the right feedback may still come. What is returned cannot be
written to, so nobody can reach into another's notes.

Every feedback to every worker passes through here, so the checks are written for speed: a float costs a
few comparisons, an array one dot product.
"""

from __future__ import annotations

import enum
import math
from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np

from office.errors import AlreadyAnswered, NotANumber, WrongShape, WrongType
from office.work.arrays import Shape, has_nan

__all__ = [
    "NO_FEEDBACK",
    "NoFeedback",
    "Once",
    "as_feedback",
    "give_feedback",
    "share_out",
]


class NoFeedback(enum.Enum):
    """The type of `NO_FEEDBACK`, its one member."""

    NO_FEEDBACK = "no feedback"

    def __repr__(self) -> str:
        return "NO_FEEDBACK"


NO_FEEDBACK: Final = NoFeedback.NO_FEEDBACK
"""The message that an answer has no feedback: a maximum, for one, did not choose it.

Its hearer drops the notes it took for the task, learns nothing, and passes the message down.
In the field: a gradient that is zero by structure, so that nothing need be computed.
"""


class Once:
    """A callback that is heard once, and only when the feedback makes sense.

    `handle` gets the feedback once it is known to have `shape` (a float where that is `()`), in `dtype` where
    one is given; or it gets `NO_FEEDBACK`. With `shape=None`, as for words, it gets whatever comes. It is let
    go, with the notes it holds, only after it has succeeded.

    Raises `AlreadyAnswered` on a second call, `WrongShape`, `WrongType` or `NotANumber` on feedback that is
    none; after these three the callback is as it was.
    """

    __slots__ = ("_dtype", "_handle", "_shape")

    hears_no_feedback = True

    def __init__(self, handle: Callable[[Any], Any], shape: Shape | None, dtype: np.dtype[Any] | None = None) -> None:
        self._handle: Callable[[Any], Any] | None = handle
        self._shape = shape
        self._dtype = dtype

    def __call__(self, feedback: Any, /) -> Any:
        """What `handle` says to the feedback."""
        handle = self._handle
        if handle is None:
            raise AlreadyAnswered("second feedback", "")
        if feedback is not NO_FEEDBACK and self._shape is not None:
            feedback = as_feedback(feedback, self._shape, self._dtype)
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


def as_feedback(feedback: Any, shape: Shape, dtype: np.dtype[Any] | None = None) -> Any:
    """The feedback itself (as a Python float where `shape` is `()`), if it is feedback on such an output.

    Arrays in another `dtype` than is asked for are converted, a copy, if that is a real floating one.
    Raises `WrongType` unless it is a real floating number or array of them, `WrongShape`, `NotANumber`.
    """
    if not (isinstance(feedback, np.ndarray) and feedback.dtype == dtype and feedback.shape == shape != ()):
        feedback = _fitting(feedback, shape, dtype)
    if has_nan(feedback) if shape else math.isnan(feedback):
        raise NotANumber("feedback", " has a NaN in it" if shape else " is NaN")
    return feedback


def _fitting(feedback: Any, shape: Shape, dtype: np.dtype[Any] | None) -> Any:
    if isinstance(feedback, float):
        if shape:
            raise WrongShape("feedback", f" has shape (), but the output had shape {shape}")
        return float(feedback)
    if not isinstance(feedback, (np.ndarray, np.floating)):
        raise WrongType("feedback", f" is a {type(feedback).__name__}, and no real floating number")
    if feedback.dtype.kind != "f":
        raise WrongType("feedback", f" has dtype {feedback.dtype}, and no real floating one")
    if feedback.shape != shape:
        raise WrongShape("feedback", f" has shape {feedback.shape}, but the output had shape {shape}")
    if not shape:
        return float(feedback)
    return feedback if dtype is None or dtype.kind != "f" else feedback.astype(dtype, copy=False)
