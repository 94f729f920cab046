"""One step for several feedbacks."""

from __future__ import annotations

from typing import Any

from office.counts import is_count
from office.work.rules.around import Around
from office.work.rules.rule import Feedback, Heard, Rule
from office.work.schedules import Schedule

__all__ = ["Accumulate"]


class Accumulate(Around):
    """weights ← one step of the rule within, for every so many tasks.

    It keeps each feedback until `tasks` tasks have been heard about, and then hands the feedbacks to the rule within in
    the order of their answers. So the order in which they came leaves no trace, not in any bit. Most rules take one
    step down the sum of the gradients, and hear of the oldest answer; see `Rule.step_of_several`. What a rule does to
    one feedback it does before that sum: the rules that scale a step weigh each feedback by its own factor, `Discard`
    leaves out what is too late, and the rules that compensate do so for each.

    All these feedbacks come between two updates, so each keeps the staleness that it had when it came. Schedules count
    tasks: all of them have the count before the last one. A task without feedback counts as a gradient of zero; where
    none has feedback, there is no step.

    It goes outermost, around all other rules. A sum that is incomplete when a run ends waits for `Parameters.flush()`,
    which takes the step without the rest; if another run begins first, it is dropped with a warning. In the field:
    gradient accumulation, as optax's MultiSteps does it; the buffer of FedBuff (arXiv 2106.06639).

    Args:
        rule: The rule within, or the rate of plain `SGD`.
        tasks: How many tasks make a step: a whole number from 1. With 1 it is the rule within, to the bit.
    """

    def __init__(self, rule: Rule | Schedule | float, tasks: int) -> None:
        if not is_count(tasks):
            raise ValueError(f"feedback accumulates over a whole number of tasks from 1, not {tasks!r}")
        super().__init__(rule)
        self.tasks = int(tasks)
        self.kept: tuple[Feedback, ...] = ()
        """The feedbacks of the incomplete sum, as they came."""
        self.silent = 0
        """How many of its tasks have no feedback."""

    def step(self, gradient: Any, weights: Any, heard: Heard) -> Any:
        """Keep the feedback; if it is the last of its sum, take the step."""
        self.kept = (*self.kept, (gradient, heard))
        return self._step_if_complete(weights, heard.tasks_before)

    def hear_nothing(self, weights: Any, tasks_before: int) -> Any:
        """Count a task that has no feedback; if it is the last of its sum, take the step."""
        self.silent += 1
        return self._step_if_complete(weights, tasks_before)

    def flush(self, weights: Any, tasks_before: int) -> Any:
        """Take the step for what has been kept."""
        in_order = sorted(self.kept, key=lambda feedback: feedback[1].number)
        feedbacks = [(gradient, heard._replace(tasks_before=tasks_before)) for gradient, heard in in_order]
        new = self.rule.step_of_several(feedbacks, weights) if feedbacks else weights
        self.drop()
        return new

    def drop(self) -> None:
        """Forget what has been kept."""
        self.kept, self.silent = (), 0

    def _step_if_complete(self, weights: Any, tasks_before: int) -> Any:
        return self.flush(weights, tasks_before) if len(self.kept) + self.silent == self.tasks else weights
