"""One task of an office once more, by composition: by the members who did it, with the weights that answered it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any, NamedTuple

from office.desks import Chart
from office.engines.done_by import done_by
from office.engines.learning_desk import LearningDesk
from office.ids import TaskID
from office.work import Callback, Estimator, Once, give_feedback

__all__ = ["ComposedTask", "compose_task"]


class ComposedTask(NamedTuple):
    """What composition says of one task."""

    output: Any
    re_inputs: Any
    gradients: dict[str, list[Any]]
    """For each desk with weights that hears of the task: of each of its `Parameters`, array by array."""


def compose_task(
    chart: Chart,
    task_id: TaskID,
    task: tuple[Any, Any],
    *,
    feedback: Callable[[Any, Any], tuple[float, Any]],
    members: Callable[[str], Sequence[int]],
    learning: Mapping[str, LearningDesk],
) -> ComposedTask:
    """Do a task once more as one function, and learn nothing. Raises `KeyError` where a desk has not done it.

    Args:
        chart: the chart, whose workers have learnt since.
        task_id: the task's.
        task: its inputs and its target.
        feedback: the client's.
        members: for a manager, by name, the places of the members who did the task.
        learning: the desks with weights, by name.
    """
    gradients: dict[str, list[Any]] = {}

    def with_old_weights(name: str, estimator: Estimator) -> Estimator:
        return _with_notes(learning[name], task_id, estimator, gradients) if name in learning else estimator

    inputs, target = task
    output, handle_feedback = done_by(chart, members, with_old_weights)(inputs)
    re_inputs = give_feedback(handle_feedback, feedback(output, target)[1])
    return ComposedTask(output, re_inputs, gradients)


def _with_notes(desk: LearningDesk, task_id: TaskID, estimator: Estimator, gradients: dict[str, Any]) -> Estimator:
    """The estimator with the weights that answered this task; its gradients go to `gradients`."""
    weights = (desk.notes or {})[task_id]

    @contextmanager
    def old_weights() -> Iterator[list[list[Any]]]:
        with ExitStack() as stack:
            yield [
                stack.enter_context(learner.instead(arrays))
                for learner, arrays in zip(desk.learners, weights, strict=True)
            ]

    def estimate(inputs: Any, /) -> tuple[Any, Callback]:
        with old_weights():
            output, handle_feedback = estimator(inputs)

        def hear(feedback: Any) -> Any:
            with old_weights() as heard:
                re_inputs = give_feedback(handle_feedback, feedback)
            gradients[desk.name] = [several[-1] if several else () for several in heard]
            return re_inputs

        return output, Once(hear, None)

    return estimate
