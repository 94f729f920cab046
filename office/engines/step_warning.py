"""A warning where linear workers take steps that are too long, by theory, for feedback as late as theirs was."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np

from office.desks import Chart, Team, Worker, everyone
from office.engines.client import Client
from office.engines.instruments import Instrument, Visible
from office.errors import AllAtOnce, StepTooLong
from office.journal import Journal
from office.work import (
    SGD,
    Accumulate,
    Linear,
    LinearTotal,
    Momentum,
    Rule,
    addition,
    average,
    half_squared_error,
    squared_error,
)

__all__ = ["StepWarning", "warn_of_long_steps"]

LinearWorker: TypeAlias = Linear | LinearTotal

HESSIANS: list[tuple[Any, Callable[[int], float]]] = [
    (half_squared_error, lambda _rows: 1.0),
    (squared_error, lambda rows: 2 / rows),
]
"""Of each loss, the second derivative in every entry of an output that has so many."""
LOOKED_AT = 1000  # tasks, from which the curvature is taken
BEARABLE = 30  # updates: feedback no later than that came late for other reasons, or to little harm
MOST_LATE = 300  # updates: beyond that the roots of momentum's polynomial take long to find


class StepWarning(Instrument):
    """Warns after a run: with `StepTooLong` where linear workers took steps that were too long by theory, and with
    `AllAtOnce` where nobody said how many tasks are in flight and feedback came late.

    Args:
        chart: what runs.
        client: has the tasks, and the loss.
        journal: that of the run.
    """

    def __init__(self, chart: Chart, client: Client, journal: Journal) -> None:
        self.chart, self.client, self.journal = chart, client, journal

    def end(self, _run: Visible, error: BaseException | None) -> None:
        """Warn, unless the run failed."""
        if error is None:
            warn_of_long_steps(self.chart, self.client, self.journal)
            warn_of_all_at_once(self.client, self.journal)


def warn_of_all_at_once(client: Client, journal: Journal) -> None:
    """Warn with `AllAtOnce` where much of what was learnt came late because nobody said how many tasks are in flight.

    Args:
        client: has the tasks.
        journal: that of the run.
    """
    if client.arrivals is not None or client.in_flight is not None:
        return
    late = {name: max((row.staleness for row in rows), default=0) for name, rows in journal.learnt.items()}
    name = max(late, key=late.__getitem__, default="")
    if late and late[name] > BEARABLE:
        message = (
            f"all tasks were submitted at once, and {name} learnt from feedback up to {late[name]} updates late.\n"
            "Client(…, in_flight=1) trains as usual, one task after another; in_flight=N has so many under way;\n"
            "arrivals=all_at_once() says that it is meant so"
        )
        warnings.warn(AllAtOnce(message), stacklevel=2)


def warn_of_long_steps(chart: Chart, client: Client, journal: Journal) -> None:
    """Warn with `StepTooLong` where the steps were past what descent bears with feedback so late, with both numbers.

    It looks at `Linear` and `LinearTotal` that learn by `SGD` or `Momentum` from `squared_error` or
    `half_squared_error`, as workers by themselves or whose answers are added up or averaged. The curvature is the
    largest eigenvalue of the mean Hessian over the client's tasks (a list; of a thousand at most), the lateness the
    median, the rate the mean. Theory is that of the mean weights: see `stability_limit`.

    Args:
        chart: what ran.
        client: has the tasks, and the loss.
        journal: that of the run.
    """
    team, desks = _linear_workers(chart), list(journal.learnt)
    scale = next((second for loss, second in HESSIANS if loss is client.feedback), None)
    if not team or scale is None or not isinstance(client.tasks, Sequence):
        return
    if len(desks) != len(team) or not all(journal.learnt[desk] for desk in desks):
        return
    from office.theory import spectral_radius, stability_limit  # noqa: PLC0415  nothing else in a run asks for theory

    late = int(np.median([row.staleness for desk in desks for row in journal.learnt[desk]]))
    momentum = getattr(_stepping(team[0].parameters.rules[0]), "momentum", 0.0)
    if momentum and late > MOST_LATE:
        return
    rate = sum(map(_mean_rate, team)) * _weight(chart, len(team))
    steep = _curvature(client.tasks, team[0], scale)
    step = rate * steep
    if momentum and np.isfinite(step) and spectral_radius(step, late, momentum) < 1.0:
        return  # with one look at the roots, where the limit takes dozens; past it the roots never come back inside
    limit = stability_limit(late, momentum)
    if step > limit:
        what = f"a step of {step:.3g} (rate {rate:.3g}, curvature {steep:.3g}) is past {limit:.3g}"
        so_late = f"which is as much as descent bears with feedback {late} updates late"
        warnings.warn(StepTooLong(f"{', '.join(desks)}: {what}, {so_late}"), stacklevel=2)


def _linear_workers(chart: Chart) -> list[LinearWorker]:
    """The estimators of a chart that is linear workers of one kind and no more; nothing for any other."""
    members = chart.members if isinstance(chart, Team) else (chart,)
    if isinstance(chart, Team) and not (chart.allocate is everyone and chart.combine in (addition, average)):
        return []
    linear = [
        member.estimator for member in members
        if isinstance(member, Worker) and isinstance(member.estimator, (Linear, LinearTotal))
    ]  # fmt: skip
    rules = [_stepping(rule) for estimator in linear for rule in estimator.parameters.rules]
    kinds = {(type(estimator), estimator.weights.ndim) for estimator in linear}
    learns = {(type(rule), getattr(rule, "momentum", 0.0)) for rule in rules}
    alone = len(linear) == len(members) and len(kinds) == len(learns) == 1 and linear[0].weights.ndim == 1
    return linear if alone and type(rules[0]) in (SGD, Momentum) else []


def _stepping(rule: Rule) -> Rule:
    """The rule that takes the steps: within one that accumulates, or by itself."""
    return rule.rule if isinstance(rule, Accumulate) else rule


def _weight(chart: Chart, members: int) -> float:
    """How much the answer of one member weighs, squared: the steepness of the loss in the member's own weights."""
    return 1 / members**2 if isinstance(chart, Team) and chart.combine is average else 1.0


def _mean_rate(worker: LinearWorker) -> float:
    """The rate of one step, which is down the sum of the gradients that have accumulated."""
    parameters, rule = worker.parameters, _stepping(worker.parameters.rules[0])
    assert isinstance(rule, (SGD, Momentum))
    counts = np.linspace(0, max(parameters.heard - 1, 0), 100).astype(int).tolist()
    return float(np.mean([rule.rate(count) for count in counts])) * parameters.accumulate


def _curvature(tasks: Sequence[Any], worker: LinearWorker, scale: Callable[[int], float]) -> float:
    """How steep the loss is at most: the largest eigenvalue of the mean Hessian in the weights and the bias."""
    chosen = range(0, len(tasks), -(-len(tasks) // LOOKED_AT))
    seen = [_with_bias(np.asarray(tasks[task][0], dtype=np.float64), worker) for task in chosen]
    hessian = np.mean([scale(len(rows)) * rows.T @ rows for rows in seen], axis=0)
    return float(np.linalg.eigvalsh(hessian).max())


def _with_bias(table: Any, worker: LinearWorker) -> Any:
    """What weights and bias are multiplied by, for each number of an answer."""
    if isinstance(worker, LinearTotal):
        return np.append(table.sum(axis=0), 1.0)[None]
    return np.column_stack([table, np.ones(len(table))])
