"""One task of an office once more, by composition: by the members who did it, with the weights that answered it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any, NamedTuple

from office.desks import Chart
from office.engines.done_by import done_by
from office.engines.instruments import Instrument, WatchedDesk
from office.ids import TaskID
from office.work import NO_FEEDBACK, Callback, Estimator, Once, give_feedback

__all__ = ["ComposedTask", "compose_task"]


class ComposedTask(NamedTuple):
    """What composition says of one task."""

    output: Any
    re_inputs: Any
    gradients: dict[str, list[Any]]
    """For each desk with weights that hears of the task: of each of its `Parameters`, array by array."""


class AnswerNotes(Instrument):
    """Writes down with which weights each desk answered each task, and which gradients came of the feedback."""

    def __init__(self) -> None:
        self.weights: dict[tuple[str, TaskID], list[tuple[Any, ...]]] = {}
        """For each desk and task the weights of each of the desk's `learners`."""
        self.gradients: dict[tuple[str, TaskID], list[Sequence[Any]]] = {}
        """Likewise the gradients, for each task that had feedback."""

    def on_task(self, desk: WatchedDesk, task_id: TaskID, _inputs: Any) -> None:
        """Note the weights that the answer is given with."""
        self.weights[desk.name, task_id] = [learner.offered for learner in desk.learners]

    def after_feedback(self, desk: WatchedDesk, task_id: TaskID, feedback: Any, _re_inputs: Any) -> None:
        """Note the gradients of a feedback.

        Args:
            desk: the desk that has learnt.
            task_id: the task's ID.
            feedback: the feedback.
        """
        if feedback is not NO_FEEDBACK:
            self.gradients[desk.name, task_id] = desk.gradients


def compose_task(
    chart: Chart,
    task_id: TaskID,
    task: tuple[Any, Any],
    *,
    feedback: Callable[[Any, Any], tuple[float, Any]],
    members: Callable[[str], Sequence[int]],
    learning: Mapping[str, WatchedDesk],
    weights: Mapping[tuple[str, TaskID], Sequence[tuple[Any, ...]]],
) -> ComposedTask:
    """Do a task once more as one function, and learn nothing. Raises `KeyError` where a desk has not done it.

    Args:
        chart: the chart, whose workers have learnt since.
        task_id: the task's.
        task: its inputs and its target.
        feedback: the client's.
        members: for a manager, by name, the places of the members who did the task.
        learning: the desks with weights, by name.
        weights: for each of these desks and each task, those that gave the answer: see `AnswerNotes`.
    """
    gradients: dict[str, list[Any]] = {}

    def with_old_weights(name: str, estimator: Estimator) -> Estimator:
        if name not in learning:
            return estimator
        return _with_weights(learning[name], weights[name, task_id], estimator, gradients)

    inputs, target = task
    output, handle_feedback = done_by(chart, members, with_old_weights)(inputs)
    re_inputs = give_feedback(handle_feedback, feedback(output, target)[1])
    return ComposedTask(output, re_inputs, gradients)


def _with_weights(
    desk: WatchedDesk, weights: Sequence[tuple[Any, ...]], estimator: Estimator, gradients: dict[str, Any]
) -> Estimator:
    """The estimator with the weights that answered a task; its gradients go to `gradients`."""

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

        return output, Once(hear, None, hear_nothing=lambda: hear(NO_FEEDBACK))

    return estimate
