"""The pairs that functions return, an answer or a combination with its callback: what is none is refused by name."""

from __future__ import annotations

from typing import Any

from office.described import described
from office.errors import WrongType
from office.work.protocols import Callback

__all__ = ["as_answer", "as_combined"]


def as_answer(answer: Any) -> tuple[Any, Callback]:
    """The output and the callback that an estimator returned. Raises `WrongType` for anything else."""
    return _pair(answer, "the answer", "return the output and the function that takes its feedback")


def as_combined(answer: Any) -> tuple[Any, Callback]:
    """The output and the callback that a combination returned. Raises `WrongType` for anything else."""
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
