"""What feedback would say about the weights of today, beside what it says about those that gave the answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from office.desks import Chain, Chart, ManagerDesk, TaskID, Worker
from office.work import Estimator, Parameters, combine, give_feedback, in_sequence

__all__ = ["Comparison", "FreshGradients", "compared"]


class Comparison(NamedTuple):
    """The gradient that a feedback had for the weights of one desk, beside the one of today's weights."""

    task_id: TaskID
    staleness: int
    """How late the feedback was, in updates."""
    cosine: float
    """Of the angle between the two: 1 where they point the same way, -1 where they are opposed; NaN if one is zero."""
    distance: float
    """The length of their difference."""
    length: float
    """The length of today's."""


class FreshGradients:
    """An oracle: it asks the whole chart again, with today's weights everywhere, and hears what would be said of that.

    An estimator that draws random numbers draws more of them for it.
    """

    def __init__(
        self,
        chart: Chart,
        managers: Iterable[ManagerDesk],
        learners: Sequence[Parameters],
        feedback: Callable[[Any, Any], tuple[float, Any]],
    ) -> None:
        self.chart = chart
        self.assigned: dict[tuple[str, TaskID], tuple[int, ...]] = {}
        """Who does each task, manager by manager, which they themselves forget when they are done with it."""
        for manager in managers:
            manager.books.assign = partial(self._assign, manager.name, manager.books.assign)  # type: ignore[method-assign]
        self.learners = learners
        self.feedback = feedback
        self.tasks: dict[TaskID, tuple[Any, Any]] = {}
        """Inputs and target of each task."""

    def of(self, task_id: TaskID, learners: Sequence[Parameters]) -> list[Any]:
        """Today's gradients for some of the weights, array by array; nothing where there is no feedback on them."""
        inputs, target = self.tasks[task_id]
        with ExitStack() as stack:
            heard = {id(one): stack.enter_context(one.instead(one.arrays)) for one in self.learners}
            output, handle_feedback = self._estimator(self.chart, "", task_id)(inputs)
            give_feedback(handle_feedback, self.feedback(output, target)[1])
        return [gradient for one in learners for gradients in heard[id(one)][:1] for gradient in gradients]

    def _assign(self, manager: str, assign: Callable[..., tuple[int, ...]], task_id: TaskID, inputs: Any) -> Any:
        chosen = self.assigned[manager, task_id] = assign(task_id, inputs)
        return chosen

    def _estimator(self, chart: Chart | Any, path: str, task_id: TaskID) -> Estimator:
        """The chart as one function, with everybody doing this task who did it in the office."""
        if isinstance(chart, Worker):
            return chart.estimator
        if isinstance(chart, Chain):
            inside = f"{path}{chart.name}/" if chart.name else path
            return in_sequence(*(self._estimator(member, inside, task_id) for member in chart.members))
        name = path + chart.name
        chosen = self.assigned[name, task_id]
        members = [self._estimator(chart.members[member], f"{name}/", task_id) for member in chosen]
        return combine(members, chart.combine)


def compared(task_id: TaskID, staleness: int, stale: Sequence[Any], fresh: Sequence[Any]) -> Comparison:
    """Compare two gradients, each given array by array; of no feedback today the gradient is zero."""
    then = np.concatenate([np.ravel(one).astype(np.float64) for one in stale])
    now = np.concatenate([np.ravel(one).astype(np.float64) for one in fresh]) if fresh else np.zeros_like(then)
    lengths = float(np.linalg.norm(then)), float(np.linalg.norm(now))
    cosine = float(then @ now) / (lengths[0] * lengths[1]) if all(lengths) else float("nan")
    return Comparison(task_id, staleness, cosine, float(np.linalg.norm(then - now)), lengths[1])
