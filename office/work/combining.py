"""Several workers behind one desk: each does the task, and the answers become one.

The arithmetic is here and in the combinations, and nowhere else, so that a manager that sends the same parts by mail
arrives at the same bits.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial, reduce
from operator import add
from typing import Any

from office.errors import BadChart
from office.work.arrays import as_numbers, form_of, overflow, sealed
from office.work.contract import NO_FEEDBACK, Once, as_answer, as_combined, give_feedback, share_out
from office.work.protocols import Callback, Combination, Estimator

__all__ = ["add_up", "alone", "combine"]


def combine(estimators: Sequence[Estimator], combination: Combination) -> Estimator:
    """Make a team that is used just like one worker.

    The members are called in order. The combination shares out the feedback, and the members' feedback on the inputs
    is added up. Feedback that the combination refuses reaches no member.

    Raises `BadChart` if there are no members. In the field: branches of a network, joined by a reduction.
    """
    members = tuple(estimators)
    if not members:
        raise BadChart("a team needs at least one member")
    return partial(_combined, members, combination)


def _combined(members: tuple[Estimator, ...], combination: Combination, inputs: Any, /) -> tuple[Any, Callback]:
    answers = [as_answer(member(inputs)) for member in members]
    output, share = as_combined(combination([answer for answer, _ in answers]))

    def handle_feedback(re_output: Any) -> Any:
        feedbacks = share_out(share, re_output, len(members))
        return add_up(
            [give_feedback(callback, re) for (_, callback), re in zip(answers, feedbacks, strict=True)],
            "feedback on the inputs",
        )

    # No shape: the combination knows what its feedback must look like.
    return output, Once(handle_feedback, None, hear_nothing=lambda: handle_feedback(NO_FEEDBACK))


def add_up(bodies: Sequence[Any], subject: str = "feedback") -> Any:
    """The sum, left to right, of all that is not `NO_FEEDBACK`; `NO_FEEDBACK` if there is nothing else.

    Nothing is changed in place. One body alone is returned as it is, so it may be words; several must be
    numbers, or arrays of one shape. Raises `WrongType` or `WrongShape` about `subject` where they are not.
    """
    if len(bodies) == 1:
        return bodies[0]
    parts = [body for body in bodies if body is not NO_FEEDBACK]
    if not parts:
        return NO_FEEDBACK
    if len(parts) == 1:
        return parts[0]
    numbers, shape = as_numbers(parts, subject)
    try:
        total = reduce(add, numbers)  # not +=, which would write into the first of them
    except RuntimeWarning as warning:
        raise overflow(subject, warning) from None
    return sealed(total) if shape else total


def alone(answer: Any) -> tuple[Any, Callback]:
    """The only answer of a team, as it is, and all the feedback on it for the one member: for any combination."""
    return answer, Once(_to_the_only_member, *form_of(answer))


def _to_the_only_member(feedback: Any) -> list[Any]:
    return [feedback]
