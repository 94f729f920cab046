"""A warning where linear workers take steps that are too long, by theory, for feedback as late as theirs was."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any, TypeAlias

import numpy as np

from office.desks import Chart, Team, Worker, everyone
from office.engines.client import Client
from office.engines.instruments import Instrument, Visible
from office.errors import AllAtOnce, StepTooLong
from office.journal import Journal, Learnt
from office.times import NEVER
from office.work import (
    SGD,
    Accumulate,
    Affine,
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

LinearWorker: TypeAlias = Affine | Linear | LinearTotal

HESSIANS: list[tuple[Any, Callable[[int], float]]] = [
    (half_squared_error, lambda _entries: 1.0),
    (squared_error, lambda entries: 2 / entries),
]
"""Of each loss, the second derivative in every entry of an output that has so many."""
LOOKED_AT = 1000  # tasks, from which the curvature is taken
BEARABLE = 30  # updates: feedback no later than that came late for other reasons, or to little harm
MOST_LATE = 300  # updates: beyond that the roots of momentum's polynomial take long to find
LOOKED_FOR = 4000  # feedbacks, within which weights that are off by a little are further off, or less
FAR = 1e100  # times as far off as in the beginning: that decides it


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

    It looks at `Affine`, `Linear` and `LinearTotal` that learn by `SGD` or `Momentum` from `squared_error` or
    `half_squared_error`, as workers by themselves or whose answers are added up or averaged. The curvature is the
    largest eigenvalue of the mean Hessian over the client's tasks (a list; of a thousand at most), which each output
    has for itself; the lateness is the median, the rate the mean. Theory is that of the mean weights where all
    feedback is equally late: see `stability_limit`. Where tasks differ, or their lateness does, some runs bear more. So
    weights that are off by a little must also drift further and further off in the very order of the run.

    Of `softmax_cross_entropy` nothing is told: its curvature has a bound, but falls below it as the answers grow
    surer, so a step past the bound need not be too long. Neither is it of workers above others that learn.

    Args:
        chart: what ran.
        client: has the tasks, and the loss.
        journal: that of the run.
    """
    team, desks = _linear_workers(chart), list(journal.learnt)
    scale = next((second for loss, second in HESSIANS if loss is client.feedback), None)
    if not team or scale is None or not isinstance(client.tasks, Sequence) or not client.tasks:
        return
    if len(desks) != len(team) or not all(journal.learnt[desk] for desk in desks):
        return
    from office.theory import spectral_radius, stability_limit  # noqa: PLC0415  nothing else in a run asks for theory

    late = int(np.median([row.staleness for desk in desks for row in journal.learnt[desk]]))
    momentum = getattr(_stepping(team[0].parameters.rules[0]), "momentum", 0.0)
    if momentum and late > MOST_LATE:
        return
    rates = [_mean_rate(worker) * _weight(chart, len(team)) for worker in team]
    tables = _tables(client.tasks, team[0], scale)
    steep, worst = _steepest(tables)
    rate = sum(rates) * team[0].parameters.accumulate  # a step is down the sum of so many gradients
    step = rate * steep
    if momentum and np.isfinite(step) and spectral_radius(step, late, momentum) < 1.0:
        return  # with one look at the roots, where the limit takes dozens; past it the roots never come back inside
    limit = stability_limit(late, momentum)
    if step > limit and _drifts_off([journal.learnt[desk] for desk in desks], rates, momentum, tables, worst):
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
        if isinstance(member, Worker) and isinstance(member.estimator, (Affine, Linear, LinearTotal))
    ]  # fmt: skip
    rules = [_stepping(rule) for estimator in linear for rule in estimator.parameters.rules]
    kinds = {(type(estimator), np.shape(estimator.bias)) for estimator in linear}
    learns = {(type(rule), getattr(rule, "momentum", 0.0)) for rule in rules}
    alone = len(set(map(id, linear))) == len(members) and len(kinds) == len(learns) == 1
    return linear if alone and type(rules[0]) in (SGD, Momentum) else []


def _stepping(rule: Rule) -> Rule:
    """The rule that takes the steps: within one that accumulates, or by itself."""
    return rule.rule if isinstance(rule, Accumulate) else rule


def _weight(chart: Chart, members: int) -> float:
    """How much the answer of one member weighs, squared: the steepness of the loss in the member's own weights."""
    return 1 / members**2 if isinstance(chart, Team) and chart.combine is average else 1.0


def _mean_rate(worker: LinearWorker) -> float:
    rule = _stepping(worker.parameters.rules[0])
    assert isinstance(rule, (SGD, Momentum))
    counts = np.linspace(0, max(worker.parameters.heard - 1, 0), 100).astype(int).tolist()
    return float(np.mean([rule.rate(count) for count in counts]))


def _tables(tasks: Sequence[Any], worker: LinearWorker, scale: Callable[[int], float]) -> Sequence[Any]:
    """Of each task (a thousand at most) what weights and bias are multiplied by: the Hessian is its square."""
    chosen = range(0, len(tasks), -(-len(tasks) // LOOKED_AT))
    seen = [_with_bias(np.asarray(tasks[task][0], dtype=np.float64), worker) for task in chosen]
    return [rows * scale(max(len(rows) * np.size(worker.bias), 1)) ** 0.5 for rows in seen]


def _steepest(tables: Sequence[Any]) -> tuple[float, Any]:
    """How steep the loss is at most, and in which direction: of the mean Hessian in the weights and the bias."""
    with np.errstate(over="ignore", invalid="ignore"):
        hessian = np.mean([table.T @ table for table in tables], axis=0)
    if not np.isfinite(hessian).all():
        return float("inf"), np.ones(len(hessian))
    values, directions = np.linalg.eigh(hessian)
    return float(values[-1]), directions[:, -1]


def _with_bias(table: Any, worker: LinearWorker) -> Any:
    """What weights and bias are multiplied by, for each number of an answer."""
    if isinstance(worker, LinearTotal):
        return np.append(table.sum(axis=0), 1.0)[None]
    return np.column_stack([table, np.ones(len(table))])


def _drifts_off(
    learnt: Sequence[Sequence[Learnt]], rates: Sequence[float], momentum: float, tables: Sequence[Any], start: Any
) -> bool:
    """Whether weights that are off the best ones are ever further off, if they learn in this order again and again.

    A feedback on a task is its Hessian times how far off the weights of all members together were when they did it.

    Args:
        learnt: what each member learnt from. The second half is gone through, or the last thousand.
        rates: that of each member.
        momentum: that of all.
        tables: as of `_tables`.
        start: how far off the weights of each member are in the beginning.
    """
    answered = [{row.task_id: row.updates - row.staleness for row in rows} for rows in learnt]
    order, first, ahead = [], [], []
    for member, rows in enumerate(learnt):
        last = rows[-min(-(-len(rows) // 2), LOOKED_AT) :]
        whole = [row for row in last if last[0].updates < row.updates < last[-1].updates]
        last = whole or last  # with no half of what accumulates for a step
        after = [row.updates for row in last[1:]] + [last[-1].updates + 1]
        order += [(row.time, member, row.task_id, count > row.updates) for row, count in zip(last, after, strict=True)]
        first.append(last[0].updates)
        ahead.append(after[-1] - last[0].updates)
    order.sort(key=itemgetter(0))
    members = range(len(learnt))
    off, velocity, total = [[start] for _ in members], [0.0 * start for _ in members], [0.0 * start for _ in members]
    sizes: list[float] = []
    for turn in range(-(-LOOKED_FOR // len(order))):
        for _, member, task_id, steps in order:
            together = 0.0 * start
            for other in members:
                then = answered[other].get(task_id, NEVER) - first[other] + turn * ahead[other]
                together = together + off[other][min(max(then, 0), len(off[other]) - 1)]
            table = tables[int(task_id) % len(tables)]
            total[member] = total[member] + table.T @ (table @ together)
            if steps:
                velocity[member] = momentum * velocity[member] + total[member]
                off[member].append(off[member][-1] - rates[member] * velocity[member])
                total[member] = 0.0 * start
            sizes.append(float(np.abs(off[member][-1]).max()))
            if not 1 / FAR < sizes[-1] < FAR:
                return not sizes[-1] < FAR
    quarter = len(sizes) // 4
    return max(sizes[-quarter:]) > max(sizes[quarter : 2 * quarter])
