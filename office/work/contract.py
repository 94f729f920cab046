"""The contract of a callback, and how feedback is given.

A callback takes feedback once. Feedback has the output's shape, the dtype float32 or float64, and is finite; an array
is converted to the output's own dtype. A feedback that is refused changes nothing: the right one may still come. What a
callback returns cannot be written to, so no worker can reach into another's notes.

`Once` keeps this contract for every layer, and hears `NO_FEEDBACK` for it: a layer has a forward and a backward
function, and nothing else. Every feedback to every worker passes through here, so the checks are written for speed: a
float costs a few comparisons, an array one dot product.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np

from office.described import described
from office.errors import AlreadyAnswered, NotANumber, WrongShape, WrongType
from office.work.arrays import Shape, all_finite, as_array, numbers_in, overflow
from office.work.protocols import Callback

__all__ = [
    "NO_FEEDBACK",
    "NoFeedback",
    "Once",
    "as_answer",
    "as_combined",
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
    """A callback that takes feedback once, and only feedback that fits.

    It answers `NO_FEEDBACK` with `NO_FEEDBACK`. It lets go of its functions, with the notes they hold, after the one
    that was called has succeeded. A second call raises `AlreadyAnswered`; feedback that does not fit raises
    `WrongShape`, `WrongType` or `NotANumber`, and leaves the callback as it was.

    Args:
        handle: The backward function. It is called with feedback only, never with `NO_FEEDBACK`.
        shape: The shape of the output: `()` for a number, whose feedback then comes as a float. None where any
            feedback fits, as for words.
        dtype: The dtype of an output that is an array; the feedback is converted to it.
        hear_nothing: What to do at `NO_FEEDBACK`, where there is more to do than to forget the notes; it returns
            `NO_FEEDBACK`. A layer with weights counts the task; a worker made of others passes the message on.
    """

    __slots__ = ("_dtype", "_handle", "_hear_nothing", "_shape")

    hears_no_feedback = True

    def __init__(
        self,
        handle: Callable[[Any], Any],
        shape: Shape | None,
        dtype: np.dtype[Any] | None = None,
        hear_nothing: Callable[[], Any] | None = None,
    ) -> None:
        self._handle: Callable[[Any], Any] | None = handle
        self._shape = shape
        self._dtype = dtype
        self._hear_nothing = hear_nothing

    def __call__(self, feedback: Any, /) -> Any:
        """The feedback on the inputs, as `handle` works it out."""
        handle = self._handle
        if handle is None:
            raise AlreadyAnswered("second feedback", "")
        if feedback is NO_FEEDBACK:
            reply = NO_FEEDBACK if self._hear_nothing is None else self._hear_nothing()
        else:
            shape = self._shape
            if shape and type(feedback) is np.ndarray and feedback.dtype is self._dtype and feedback.shape == shape:
                if not all_finite(feedback):
                    raise _not_finite(feedback)
            elif shape is not None:
                feedback = as_feedback(feedback, shape, self._dtype)
            try:
                reply = handle(feedback)
            except RuntimeWarning as warning:
                raise overflow("feedback on the inputs", warning) from None
        self._handle = self._hear_nothing = None  # both hold the notes
        return reply

    def __repr__(self) -> str:
        state = "answered" if self._handle is None else "pending"
        return f"<callback for an output of shape {self._shape}, {state}>"


def as_answer(answer: Any) -> tuple[Any, Callback]:
    """The output and the callback that an estimator returned. Raises `WrongType` for anything else."""
    if type(answer) is tuple and len(answer) == 2 and callable(answer[1]):
        return answer
    return _pair(answer, "the answer", "return the output and the function that takes its feedback")


def as_combined(answer: Any) -> tuple[Any, Callback]:
    """The output and the callback that a combination returned. Raises `WrongType` for anything else."""
    if type(answer) is tuple and len(answer) == 2 and callable(answer[1]):
        return answer
    advice = "return the output and the function that shares out its feedback, as `maximum` does"
    return _pair(answer, "the combination's answer", advice)


def _pair(answer: Any, subject: str, advice: str) -> tuple[Any, Callback]:
    if not isinstance(answer, (tuple, list)) or len(answer) != 2:
        raise WrongType(subject, f" is {described(answer)}, and no pair (output, handle_feedback):\n{advice}")
    output, handle_feedback = answer
    if not callable(handle_feedback):
        order = " (the two are the wrong way round)" if callable(output) else ""
        what = f" has {described(handle_feedback)} for its callback{order}"
        raise WrongType(subject, f"{what}:\n{advice}")
    return output, handle_feedback


def give_feedback(callback: Callable[[Any], Any], feedback: Any) -> Any:
    """What the callback returns for the feedback. Only a callback that knows `NO_FEEDBACK` is called with it.

    Such a callback has a true attribute `hears_no_feedback`. Any other (a plain function, another library's) is
    dropped, and `NO_FEEDBACK` goes down in its stead. All feedback is given this way, so every engine treats a callback
    alike.
    """
    if feedback is NO_FEEDBACK and not getattr(callback, "hears_no_feedback", False):
        return NO_FEEDBACK
    return callback(feedback)


def share_out(callback: Callable[[Any], Sequence[Any]], feedback: Any, members: int) -> Sequence[Any]:
    """Each member's share of the feedback, from a combination's callback; `NO_FEEDBACK` for each if there is none.

    Args:
        callback: The combination's. It never hears `NO_FEEDBACK`.
        feedback: On the combined output.
        members: How many members answered. `WrongShape` where the callback returns another number of shares.
    """
    if feedback is NO_FEEDBACK:
        return [NO_FEEDBACK] * members
    shares = callback(feedback)
    if len(shares) != members:
        raise WrongShape("the combination's feedback", f" is for {len(shares)} members, but {members} answered")
    return shares


def as_feedback(feedback: Any, shape: Shape, dtype: np.dtype[Any] | None = None) -> Any:
    """The feedback itself, if it fits such an output; as a Python float where `shape` is `()`.

    Args:
        feedback: A real floating number, or an array of them; `WrongType` for anything else, `NotANumber` for a NaN, an
            infinity, or a number too large for `dtype`.
        shape: The shape of the output; `WrongShape` for another one.
        dtype: The dtype of the output. An array of another dtype is converted, a copy, if this is a real floating one.
    """
    fitting = _fitting(feedback, shape, dtype)
    if not all_finite(np.asarray(fitting)):
        raise _not_finite(fitting)
    return fitting


def _not_finite(feedback: Any) -> NotANumber:
    is_nan = np.isnan(feedback).any()
    if np.shape(feedback):
        return NotANumber("feedback", " has a NaN in it" if is_nan else " has an infinity in it")
    return NotANumber("feedback", " is NaN" if is_nan else " is infinite")


def _fitting(feedback: Any, shape: Shape, dtype: np.dtype[Any] | None) -> Any:
    if isinstance(feedback, float):
        if shape:
            raise WrongShape("feedback", f" has shape (), but the output had shape {shape}")
        return float(feedback)
    if feedback is None:
        advice = "return the feedback on the inputs from a callback, or NO_FEEDBACK if there is none"
        raise WrongType("feedback", f" is None: whoever gave it returned nothing:\n{advice}")
    if not isinstance(feedback, (np.ndarray, np.floating)):
        raise WrongType("feedback", f" is a {type(feedback).__name__}, and no real floating number")
    array = numbers_in(feedback, "feedback")
    if array.dtype.kind != "f":
        raise WrongType("feedback", f" has dtype {array.dtype}, and no real floating one")
    if array.shape != shape:
        raise WrongShape("feedback", f" has shape {array.shape}, but the output had shape {shape}")
    if not shape:
        return float(array)
    return array if dtype is None or dtype.kind != "f" else as_array(array, dtype, "feedback")
