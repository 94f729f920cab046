"""A worker's desk that writes down what it learnt from, and when."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from office.desks import NO_FEEDBACK, Letter, WorkerDesk
from office.engines.fresh_gradients import Comparison, FreshGradients, Gradient, compared, gradient
from office.engines.snapshots import Keeper
from office.ids import TaskID
from office.journal import Learnt
from office.work import Estimator, Parameters, parameters_of, root_mean_square

__all__ = ["LearningDesk", "worker_desk"]


class LearningDesk(WorkerDesk):
    """The desk of a worker with weights. In the field: a worker that reports the staleness of its gradients."""

    def __init__(self, name: str, estimator: Estimator, learners: list[Parameters]) -> None:
        super().__init__(name, estimator)
        self.learners = learners
        self.learnt: list[Learnt] = []
        """As in the journal; where there are several `Parameters`, by the first of them."""
        self.clock: Callable[[], int] = int
        """What time it is at this desk, in ns."""
        self.keepers: Sequence[Keeper] = ()
        self.fresh_gradients: FreshGradients | None = None
        self.comparisons: list[Comparison] = []
        """Of each feedback in `learnt`, if there is somebody to ask."""
        self.notes: dict[TaskID, list[tuple[Any, ...]]] | None = None
        """The weights that each task was answered with, one tuple for each of `learners`, if somebody wants to know."""
        self.heard: dict[TaskID, list[Sequence[Any]]] = {}
        """The gradients that came of the feedback on each of these tasks."""
        self._is_news = False
        self._from_above: float | None = None
        self._fresh: Gradient | None = None

    @property
    def weight_bytes(self) -> int:
        """What one version of all the weights takes."""
        return sum(getattr(array, "nbytes", 8) for learner in self.learners for array in learner.arrays)

    def do_task(self, task_id: TaskID, inputs: Any) -> list[Letter]:
        """Do the task, and note with which weights, if somebody wants to know."""
        if self.notes is not None:
            self.notes[task_id] = [one.offered for one in self.learners]
        return super().do_task(task_id, inputs)

    def hear_feedback(self, task_id: TaskID, feedback: Any) -> list[Letter]:
        """Learn from the feedback, and note how late and how large it was."""
        self._keep_weights()
        self._is_news = feedback is not NO_FEEDBACK and task_id in self.table
        self._from_above = root_mean_square(feedback) if self._is_news else None
        oracle = self.fresh_gradients if self._is_news else None
        self._fresh = None if oracle is None else oracle.of(task_id, self.name, self.learners)
        for one in self.learners:
            one.last_heard = None
        return super().hear_feedback(task_id, feedback)

    def reply(self, task_id: TaskID, re_inputs: Any) -> list[Letter]:
        """The feedback has been heard: note what it was about, if anything was learnt."""
        letters, last = super().reply(task_id, re_inputs), self.learners[0].last_heard
        if last is not None:
            _, late, updates = last
            to_below = root_mean_square(re_inputs)
            self.learnt.append(Learnt(self.clock(), task_id, late, updates, self._from_above, to_below))
            if self._fresh is not None:
                self.comparisons.append(compared(task_id, late, gradient(self.learners, self._gradients), self._fresh))
        if self.notes is not None and self._is_news:
            self.heard[task_id] = self._gradients
        return letters

    def give_up(self, task_id: TaskID) -> list[Letter]:
        """Wait for a feedback no longer. Where several accumulate, that may be the last word before a step."""
        self._keep_weights()
        return super().give_up(task_id)

    @property
    def _gradients(self) -> list[Sequence[Any]]:
        """What the last feedback said to each of `learners`."""
        return [one.last_heard.gradients if one.last_heard else () for one in self.learners]

    def _keep_weights(self) -> None:
        """The weights may be about to change: keep them for every time that has come."""
        for keeper in self.keepers:
            keeper.keep_until(self.clock())


def worker_desk(name: str, estimator: Estimator) -> WorkerDesk:
    """The desk for an estimator: one that takes notes of its learning, if it has weights."""
    learners = parameters_of(estimator)
    return LearningDesk(name, estimator, learners) if learners else WorkerDesk(name, estimator)
