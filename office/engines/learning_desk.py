"""A worker's desk that writes down how late the feedback was from which it learnt."""

from __future__ import annotations

from typing import Any

from office.desks import Letter, TaskID, WorkerDesk
from office.work import Estimator, Parameters, parameters_of

__all__ = ["LearningDesk", "worker_desk"]


class LearningDesk(WorkerDesk):
    """The desk of a worker with weights. In the field: a worker that reports the staleness of its gradients."""

    def __init__(self, name: str, estimator: Estimator, learners: list[Parameters]) -> None:
        super().__init__(name, estimator)
        self.learners = learners
        self.learnt: list[tuple[TaskID, int, int]] = []
        """As in the journal; where there are several `Parameters`, by the first of them."""

    @property
    def weight_bytes(self) -> int:
        """What one version of all the weights takes."""
        return sum(getattr(array, "nbytes", 8) for learner in self.learners for array in learner.arrays)

    def hear_feedback(self, task_id: TaskID, feedback: Any) -> list[Letter]:
        """Learn from the feedback, and note how late it was."""
        learner = self.learners[0]
        learner.last_heard = None
        letters = super().hear_feedback(task_id, feedback)
        if learner.last_heard is not None:
            self.learnt.append((task_id, *learner.last_heard))
        return letters


def worker_desk(name: str, estimator: Estimator) -> WorkerDesk:
    """The desk for an estimator: one that takes notes of its learning, if it has weights."""
    learners = parameters_of(estimator)
    return LearningDesk(name, estimator, learners) if learners else WorkerDesk(name, estimator)
