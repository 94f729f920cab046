"""The first engine: function composition, exactly the text's. The oracle that the others are held to."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from office.counts import seed_from
from office.desks import Books, Chart, Team, Worker, as_chart
from office.desks.chart import fold
from office.engines.floor_plan import names_of_members
from office.mail import stream
from office.work import NO_FEEDBACK, Callback, Combination, Estimator, Once, combine, give_feedback, in_sequence

__all__ = ["compose"]


def compose(chart: Chart, seed: int = 0) -> Estimator:
    """One estimator that does what the whole chart does: ``inputs -> (output, handle_feedback)``.

    With at most one task in flight, every engine gives the same outputs, feedback and weights as this, bit for bit.
    The workers of the chart learn, whichever engine runs them. `seed` is for allocation at random.

    In the field: the computation graph, run eagerly.
    """
    chart, seed = as_chart(chart), seed_from(seed)
    if isinstance(chart, Worker):
        return chart.estimator
    tasks = _Tasks()
    whole = fold(
        chart,
        worker=lambda _path, worker: worker.estimator,
        team=lambda path, team, members: _team(team, path, members, seed, tasks),
        chain=lambda _path, _chain, members: in_sequence(*members),
    )
    return partial(_run_office, whole, tasks)


def _run_office(whole: Estimator, tasks: _Tasks, inputs: Any) -> tuple[Any, Callback]:
    tasks.task_id += 1
    return whole(inputs)


class _Tasks:
    """The number of the task that is being done, from 0. Any team may ask for it, however deep it stands."""

    task_id = -1


def _team(team: Team, name: str, members: list[Estimator], seed: int, tasks: _Tasks) -> Estimator:
    books = Books(names_of_members(team), team.allocate, partial(stream, seed, name, "allocate"))
    return partial(_run_team, members, team.combine, books, tasks)


def _run_team(
    members: Sequence[Estimator], combination: Combination, books: Books, tasks: _Tasks, inputs: Any
) -> tuple[Any, Callback]:
    chosen = books.assign(tasks.task_id, inputs)
    output, callback = combine([members[member] for member in chosen], combination)(inputs)

    def handle_feedback(feedback: Any) -> Any:
        re_inputs = give_feedback(callback, feedback)
        books.done(chosen)
        return re_inputs

    return output, Once(handle_feedback, None, hear_nothing=lambda: handle_feedback(NO_FEEDBACK))
