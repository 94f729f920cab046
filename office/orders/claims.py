"""What is to hold in every order.

A claim looks at what came of one, and raises `AssertionError` or returns False where it does not hold.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from office.engines import Run
from office.ids import TaskID
from office.orders.agreement import REASSOCIATED, distance
from office.orders.outcome import Outcome
from office.show.check_text import check_table
from office.study import check

__all__ = ["Claim", "as_composed", "checks_hold", "everything_came", "is_ours", "name_of"]

Claim: TypeAlias = Callable[[Any], bool | None]
"""Holds of an `Outcome`, unless it returns False or raises `AssertionError`."""


def everything_came(outcome: Outcome | Run) -> None:
    """Every task has its result and its feedback to below, and no desk waits.

    Where messages were lost, that is asked of all tasks but theirs: nothing may wait for ever behind what was lost.
    """
    lost = lost_tasks(outcome)
    waiting = outcome.pending
    if lost:
        waiting = (
            {} if isinstance(outcome, Run) else {desk.name: len({*desk.tasks} - lost) for desk in outcome.desks[1:]}
        )
    pending = [f"{count} at {desk}" for desk, count in waiting.items() if count]
    assert not pending, f"tasks are still pending: {', '.join(pending)}"
    filed = [f"{table.size} at {desk}" for desk, table in outcome.tables.items() if table.size > len(lost)]
    assert not filed, f"callbacks are still filed: {', '.join(filed)}"
    for what, came in (("result", outcome.outputs), ("feedback to below", outcome.feedback_below)):
        if len(came) < outcome.submitted:
            missing = [f"task {task}" for task in range(outcome.submitted) if task not in came and task not in lost]
            assert not missing, f"there is no {what} of {', '.join(missing)}"


def lost_tasks(outcome: Outcome | Run) -> set[TaskID]:
    """The tasks of which a message was lost."""
    if isinstance(outcome, Run):
        mail = outcome.journal.mail
        return {outcome.journal.task_id(code) for code in set(mail.task[mail.lost].tolist())}
    return {message[4] for message in outcome.lost}


def checks_hold(outcome: Outcome | Run) -> None:
    """The journal keeps every invariant that `study.check` looks for."""
    broken = check(outcome.journal)
    assert not broken, str(check_table(outcome.journal, broken))


def as_composed(outcome: Outcome) -> None:
    """Outputs, feedback to below and gradients are those of the composed chart, task by task, as far as they came.

    The composed chart does each task by the members who did it, each with the weights that it answered with, however
    many updates there have been since. A difference that comes of adding up in another order is allowed, and is kept in
    `Outcome.apart`. The weights are to be in `Parameters`; an estimator without any is to answer the same task the same
    way, always. In the field: exact stashed gradients, as in PipeDream.
    """
    for task_id, output in outcome.outputs.items():
        try:
            composed = outcome.composed(task_id)
        except KeyError as error:
            raise AssertionError(f"the result of task {task_id} came before all its members had done it") from error
        except Exception as error:
            what = f"{type(error).__name__}: {error}"
            raise AssertionError(f"task {task_id} came to a result, and by composition to {what}") from error
        _compare(outcome, task_id, "the result", output, composed.output)
        is_done = task_id in outcome.feedback_below
        if is_done:
            _compare(outcome, task_id, "feedback to below", outcome.feedback_below[task_id], composed.re_inputs)
        for desk in outcome.learning:
            came = outcome.answers.gradients.get((desk.name, task_id))
            if came is not None or (is_done and desk.name in composed.gradients):
                nothing: list[Any] = [()] * len(desk.learners)
                expected = composed.gradients.get(desk.name, nothing)
                _compare(outcome, task_id, f"{desk.name}'s gradient", nothing if came is None else came, expected)


def is_ours(claim: Claim) -> bool:
    """Whether it is one of the claims in this file, which can be asked of any office."""
    return claim in (as_composed, checks_hold, everything_came)


def name_of(claim: Claim) -> str:
    """What a claim is called: a function by its name, anything else by that of its class."""
    name: str = getattr(claim, "__name__", type(claim).__name__)
    return name


def _compare(outcome: Outcome, task_id: TaskID, what: str, came: Any, composed: Any) -> None:
    apart = distance(came, composed)
    if apart > REASSOCIATED:  # large addends may have cancelled out
        apart = distance(came, composed, outcome.largest_addend(task_id))
    if apart:
        if apart > REASSOCIATED:
            raise AssertionError(f"{what} of task {task_id} is {came!r}, and by composition {composed!r}")
        outcome.apart = max(outcome.apart, apart)
