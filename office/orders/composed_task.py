"""One task of an office once more, by composition: with those who did it, and with the weights that answered it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from office.engines.done_by import done_by
from office.engines.learning_desk import LearningDesk
from office.ids import TaskID
from office.work import NO_FEEDBACK, Callback, Estimator, Once, give_feedback

if TYPE_CHECKING:
    from office.orders.outcome import Outcome

__all__ = ["AsComposed", "as_composed"]


class AsComposed(NamedTuple):
    """What composition says of one task."""

    output: Any
    re_inputs: Any
    gradients: dict[str, list[Any]]
    """For each desk with weights that hears of the task: of each of its `Parameters`, array by array."""


def as_composed(outcome: Outcome, task_id: TaskID) -> AsComposed:
    """Do a task once more as one function, and learn nothing."""
    by_whom = outcome.members_of_tasks
    learning = {desk.name: desk for desk in outcome.learning}
    gradients: dict[str, list[Any]] = {}

    def seen(name: str, estimator: Estimator) -> Estimator:
        return _with_notes(learning[name], task_id, estimator, gradients) if name in learning else estimator

    inputs, target = outcome.rehearsal.tasks[int(task_id)][1]
    output, handle_feedback = done_by(outcome.chart, lambda manager: by_whom[manager, task_id], seen)(inputs)
    re_inputs = give_feedback(handle_feedback, outcome.client.client.feedback(output, target)[1])
    return AsComposed(output, re_inputs, gradients)


def _with_notes(desk: LearningDesk, task_id: TaskID, estimator: Estimator, gradients: dict[str, Any]) -> Estimator:
    """The estimator with the weights that answered this task; what they hear is written down."""
    weights = (desk.notes or {})[task_id]

    @contextmanager
    def as_then() -> Iterator[list[list[Any]]]:
        with ExitStack() as stack:
            yield [stack.enter_context(one.instead(then)) for one, then in zip(desk.learners, weights, strict=True)]

    def estimate(inputs: Any, /) -> tuple[Any, Callback]:
        with as_then():
            output, handle_feedback = estimator(inputs)

        def hear(feedback: Any) -> Any:
            with as_then() as heard:
                re_inputs = give_feedback(handle_feedback, feedback)
            gradients[desk.name] = [one[-1] if one else () for one in heard]
            return re_inputs

        return output, Once(hear, None, hear_nothing=lambda: hear(NO_FEEDBACK))

    return estimate
