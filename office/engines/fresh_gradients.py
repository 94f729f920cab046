"""The gradient with today's weights, beside the one with the weights that gave the answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from office.desks import Chart
from office.engines.done_by import done_by
from office.engines.instruments import Instrument, WatchedDesk
from office.ids import TaskID
from office.work import NO_FEEDBACK, Callback, Estimator, Once, Parameters, give_feedback

__all__ = ["Comparison", "FreshGradients", "Gradient", "compared", "gradient"]

Gradient: TypeAlias = NDArray[np.float64]
"""With respect to all the weights of a desk, as one vector."""


class Comparison(NamedTuple):
    """The gradient that a feedback had for the weights of one desk, beside the one of today's weights.

    Today is the moment before this desk learns from it. The desks above it in a chain have learnt already.
    """

    task_id: TaskID
    staleness: int
    """How late the feedback was, in updates."""
    cosine: float
    """Of the angle between the two: 1 where they point the same way, -1 where they are opposed; NaN if one is zero."""
    distance: float
    """The length of their difference."""
    length: float
    """The length of today's."""


class FreshGradients(Instrument):
    """Before a desk hears feedback, the whole chart does the task again with today's weights, and hears of that.

    What draws random numbers or counts its tasks (`Dropout`, a cooling `soft_maximum`) draws and counts these, too; and
    a worker that keeps its weights elsewhere than in `Parameters` learns from them.

    Args:
        chart: the office.
        desks: those with weights.
        feedback: what the client says of an output and its target.
    """

    def __init__(self, chart: Chart, desks: Iterable[WatchedDesk], feedback: Callable[[Any, Any], Any]) -> None:
        desks = list(desks)
        self.chart = chart
        self.feedback = feedback
        self.learners = list({id(learner): learner for desk in desks for learner in desk.learners}.values())
        self.comparisons: dict[str, list[Comparison]] = {desk.name: [] for desk in desks}
        """Of each feedback that each desk learnt from."""
        self.assigned: dict[tuple[str, TaskID], tuple[int, ...]] = {}
        """Who does each task, manager by manager. Managers themselves forget it when they are done."""
        self.tasks: dict[TaskID, tuple[Any, Any]] = {}
        """Inputs and target of each task."""
        self._fresh: dict[str, Gradient | None] = {}

    def on_submit(self, task_id: TaskID, inputs: Any, target: Any) -> None:
        """Remember the task."""
        self.tasks[task_id] = inputs, target

    def on_assign(self, manager: str, task_id: TaskID, members: tuple[int, ...]) -> None:
        """Remember who does the task."""
        self.assigned[manager, task_id] = members

    def before_feedback(self, desk: WatchedDesk, task_id: TaskID, feedback: Any) -> None:
        """Work out today's gradient, for a desk with weights."""
        is_news = desk.learners and feedback is not NO_FEEDBACK and task_id in desk.table
        self._fresh[desk.name] = self.of(task_id, desk.name, desk.learners) if is_news else None

    def after_feedback(self, desk: WatchedDesk, task_id: TaskID, _feedback: Any, _re_inputs: Any) -> None:
        """Compare what the desk has learnt from with that."""
        fresh = self._fresh[desk.name]
        if fresh is not None and desk.heard is not None:
            stale = gradient(desk.learners, desk.gradients)
            self.comparisons[desk.name].append(compared(task_id, desk.heard.staleness, stale, fresh))

    def of(self, task_id: TaskID, desk: str, learners: Sequence[Parameters]) -> Gradient:
        """Today's gradient with respect to the weights of one desk; zero where there is no feedback on them.

        Args:
            task_id: the task to do again.
            desk: the desk's path.
            learners: its weights.
        """
        inputs, target = self.tasks[task_id]
        heard: list[list[Sequence[Any]]] = []
        with ExitStack() as stack:
            for learner in self.learners:
                stack.enter_context(learner.instead(learner.arrays))
            whole = done_by(
                self.chart,
                lambda name: self.assigned[name, task_id],
                lambda name, estimator: _overheard(estimator, learners, heard) if name == desk else estimator,
            )
            output, handle_feedback = whole(inputs)
            give_feedback(handle_feedback, self.feedback(output, target)[1])
        return gradient(learners, [gradients[-1] if gradients else () for gradients in heard] or [()] * len(learners))


def _overheard(estimator: Estimator, learners: Sequence[Parameters], heard: list[list[Sequence[Any]]]) -> Estimator:
    """The estimator; the gradients of its own weights, and no others, go to `heard`, a list for each of `learners`."""

    def estimate(inputs: Any, /) -> tuple[Any, Callback]:
        output, handle_feedback = estimator(inputs)

        def overhear(feedback: Any) -> Any:
            with ExitStack() as stack:
                heard[:] = [stack.enter_context(learner.instead(learner.arrays)) for learner in learners]
                return give_feedback(handle_feedback, feedback)

        return output, Once(overhear, None, hear_nothing=lambda: overhear(NO_FEEDBACK))

    return estimate


def gradient(learners: Sequence[Parameters], heard: Sequence[Sequence[Any]]) -> Gradient:
    """The gradients of all these weights as one vector: zero for those that have heard nothing."""
    each = zip(learners, heard, strict=True)
    arrays = [array for learner, gradients in each for array in gradients or _nothing(learner)]
    return np.concatenate([np.ravel(array).astype(np.float64) for array in arrays])


def _nothing(learner: Parameters) -> list[Any]:
    return [np.zeros(np.shape(array)) for array in learner.arrays]


def compared(task_id: TaskID, staleness: int, stale: Gradient, fresh: Gradient) -> Comparison:
    """Compare the gradient of a feedback with today's.

    Args:
        task_id: the task of the feedback.
        staleness: how late the feedback was, in updates.
        stale: its gradient.
        fresh: today's.
    """
    lengths = float(np.linalg.norm(stale)), float(np.linalg.norm(fresh))
    cosine = np.clip((stale / lengths[0]) @ (fresh / lengths[1]), -1.0, 1.0) if all(lengths) else np.nan
    return Comparison(task_id, staleness, float(cosine), float(np.linalg.norm(stale - fresh)), lengths[1])
