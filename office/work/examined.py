"""The people above as a worker like any other: an examiner, whose answer is the loss."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from office.errors import WrongType
from office.work.bodies import sealed
from office.work.contract import Once, give_feedback
from office.work.no_feedback import NO_FEEDBACK
from office.work.protocols import Callback, Estimator

__all__ = ["examiner", "with_target"]

Pair = tuple[Any, Any]


def examiner(loss: Callable[[Any, Any], tuple[float, Any]]) -> Estimator:
    """A worker who is given `(output, target)` and answers with the loss, a float.

    `loss` is `squared_error`, `softmax_cross_entropy`, or another `(output, target) -> (loss, re_output)`. Feedback on
    the loss (1.0: learn from it as it is) scales the feedback on the output, and goes down as `(re_output,
    NO_FEEDBACK)`, since there is nothing to say about a target. In the field: a loss as the last layer.
    """

    def examine(inputs: Pair, /) -> tuple[float, Callback]:
        output, target = _pair(inputs)
        answer, re_output = loss(output, target)

        def handle_feedback(re_loss: Any) -> Any:
            if re_loss is NO_FEEDBACK:
                return NO_FEEDBACK
            scaled = re_output * re_loss
            return scaled if isinstance(scaled, float) else sealed(scaled), NO_FEEDBACK

        return answer, Once(handle_feedback, ())

    return examine


def with_target(worker: Estimator) -> Estimator:
    """The same worker, who is given `(inputs, target)` and passes the target on with his answer, to an `examiner`.

    Feedback is a pair as well, and so is what goes down.
    """

    def estimate(inputs: Pair, /) -> tuple[Pair, Callback]:
        known, target = _pair(inputs)
        output, callback = worker(known)

        def handle_feedback(re_pair: Any) -> Any:
            re_output, _ = (re_pair, None) if re_pair is NO_FEEDBACK else _pair(re_pair)
            re_known = give_feedback(callback, re_output)
            return re_known if re_known is NO_FEEDBACK else (re_known, NO_FEEDBACK)

        return (output, target), Once(handle_feedback, None)

    return estimate


def _pair(body: Any) -> Pair:
    if isinstance(body, tuple) and len(body) == 2:
        return body
    raise WrongType("inputs", f" are a {type(body).__name__}, where a pair (output, target) is asked for")
