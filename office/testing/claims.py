"""What is to hold in every order. A claim looks at what came of one, and raises `AssertionError` where it does not hold.

A function that returns False says the same.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from office.engines import Outcome, Run
from office.study import check
from office.testing.agreement import REASSOCIATED, difference

__all__ = ["Claim", "as_composed", "checks_hold", "everything_came", "farthest"]

Claim: TypeAlias = Callable[[Any], bool | None]
"""Holds of an `Outcome`, unless it returns False or raises `AssertionError`."""


def everything_came(outcome: Outcome | Run) -> None:
    """Every task has its result and its feedback to below, and nobody waits for anything; where no message was lost."""
    if getattr(outcome, "lost", ()):
        return
    pending = [f"{count} at {desk}" for desk, count in outcome.pending.items() if count]
    assert not pending, f"tasks are still pending: {', '.join(pending)}"
    filed = [f"{table.size} at {desk}" for desk, table in outcome.tables.items() if table.size]
    assert not filed, f"callbacks are still filed: {', '.join(filed)}"
    for what, came in (("result", outcome.outputs), ("feedback to below", outcome.feedback_below)):
        if len(came) < len(outcome.losses):
            missing = [f"task {task}" for task in range(len(outcome.losses)) if task not in came]
            raise AssertionError(f"there is no {what} of {', '.join(missing)}")


def checks_hold(outcome: Outcome | Run) -> None:
    """The journal keeps every invariant that `study.check` looks for."""
    broken = check(outcome.journal)
    assert not broken, "\n".join(map(str, broken))


def as_composed(outcome: Outcome) -> None:
    """Outputs, feedback to below and gradients are those of the composed chart, task by task.

    That is the function that the chart is when those do the task who did it, and everybody has the weights that he
    answered it with, however many updates there have been since. What differs as sums do that are added up in another
    order holds. The weights are to be in `Parameters`; and estimators without any are to answer the same task the same
    way, always. In the field: exact stashed gradients, as in PipeDream.
    """
    farthest(outcome)


def farthest(outcome: Outcome) -> float:
    """How far, in units in the last place, anything is from what it is by composition: 0.0 where all bits are the same.

    Raises `AssertionError` where that is more than the order of addition can account for.
    """
    most = 0.0
    for task_id, output in outcome.outputs.items():
        if task_id in outcome.feedback_below:
            expected = outcome.composed(task_id)
            pairs = [
                (f"the result of task {task_id}", output, expected.output),
                (f"feedback to below for task {task_id}", outcome.feedback_below[task_id], expected.re_inputs),
            ]
            pairs += [
                (f"{desk.name}'s gradient of task {task_id}", desk.heard[task_id], expected.gradients.get(desk.name))
                for desk in outcome.learning if task_id in desk.heard
            ]  # fmt: skip
            for what, came, by_composition in pairs:
                apart = difference(came, by_composition)
                assert apart <= REASSOCIATED, f"{what} is {came!r}, and by composition {by_composition!r}"
                most = max(most, apart)
    return most
