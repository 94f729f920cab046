"""Several workers behind one desk, one after another."""

from __future__ import annotations

from functools import partial
from typing import Any

from office.errors import BadChart
from office.work.contract import NO_FEEDBACK, Once, as_answer, give_feedback
from office.work.protocols import Callback, Estimator

__all__ = ["in_sequence"]


def in_sequence(*estimators: Estimator) -> Estimator:
    """One estimator that does what they do one after another; feedback goes the other way.

    A desk for each makes a `Chain`, which is the same by mail. Raises `BadChart` if there are none. In the field:
    function composition, layers of a network.
    """
    if not estimators:
        raise BadChart("a sequence needs at least one estimator")
    return partial(_sequence, estimators)


def _sequence(estimators: tuple[Estimator, ...], inputs: Any, /) -> tuple[Any, Callback]:
    callbacks, body = [], inputs
    for estimator in estimators:
        body, callback = as_answer(estimator(body))
        callbacks.append(callback)

    def handle_feedback(feedback: Any) -> Any:
        for callback in reversed(callbacks):
            feedback = give_feedback(callback, feedback)
        return feedback

    # No shape: the last one knows what its feedback must look like.
    return body, Once(handle_feedback, None, hear_nothing=lambda: handle_feedback(NO_FEEDBACK))
