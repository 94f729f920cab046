"""The main engine: trio tasks and channels in virtual time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import trio
from numpy.typing import NDArray

from office.desks import Chart, TableStatistics
from office.engines.client import Client
from office.engines.client_desk import ClientDesk
from office.engines.client_task import ClientTask
from office.engines.delivery_order import EVERY, Late
from office.engines.faults import Fault
from office.engines.fresh_gradients import Comparison
from office.engines.progress import in_sight
from office.engines.settings import ByName, Delivery
from office.engines.snapshots import Keeper, Snapshot, interval, keepers_of, snapshots_of
from office.engines.step_warning import warn_of_long_steps
from office.engines.workplace import Workplace
from office.ids import TaskID
from office.journal import Journal
from office.mail import IN_AN_INSTANT, Choose, Conditions, Escapes
from office.times import Time

__all__ = ["Run", "simulate", "simulate_in_trio"]


@dataclass(frozen=True)
class Run:
    """What came of a run."""

    losses: NDArray[np.float64]
    """`(tasks,)`: what the people above said of each task; NaN where they said nothing."""
    outputs: dict[TaskID, Any]
    """The result of each task, unless the client keeps none."""
    feedback_below: dict[TaskID, Any]
    """What was said about the inputs of each task, unless the client keeps none."""
    journal: Journal
    time: int
    """The virtual time at the end, in ns."""
    given_up: frozenset[TaskID]
    """The tasks that the client gave up, having lost patience, or that the office gave up."""
    pending: dict[str, int]
    """For each desk, how many tasks still wait there."""
    tables: dict[str, TableStatistics]
    """For each desk, its pending table at the end: size, peak, oldest."""
    strays: dict[str, int]
    """For each desk, how many messages came about tasks that it had forgotten or given up."""
    snapshots: tuple[Snapshot, ...]
    """The weights as they were from time to time, and at the end, if that was asked for."""
    comparisons: dict[str, list[Comparison]]
    """For each desk with weights, each gradient that it learnt from beside today's, in the order of `journal.learnt`,
    if that was asked for."""

    @property
    def submitted(self) -> int:
        """How many tasks were submitted."""
        return len(self.losses)


def simulate(
    chart: Chart,
    client: Client,
    *,
    mail: ByName[str | Conditions] = "",
    delivery: ByName[Delivery] = "at most once",
    faults: Iterable[Fault] = (),
    expire: ByName[Time | None] = None,
    seed: int = 0,
    until: Time | None = None,
    capacity: ByName[int | None] = None,
    snapshots: Time | None = None,
    fresh_gradients: bool = False,
    lookahead: bool = True,
    in_an_instant: int = IN_AN_INSTANT,
    order: str | Choose | None = None,
    late: Late = EVERY,
    escapes: Escapes = "refuse",
) -> Run:
    """Run an office until nothing more happens (or virtual time `until`), and return what came of it.

    The workers of the chart learn. `mail` is conditions in tc-netem's words, for every link or by link name or pattern;
    `capacity` how many messages a link holds at most, likewise. The same chart, client, conditions and seed give the
    same journal, byte for byte, also without `lookahead`, which only makes it slower.

    Mail may lose messages: tasks that are pending at the end only because of that are counted, and no error. With
    `delivery="at least once"` (likewise by link) what is not acknowledged is sent again, and repeats are recognised.
    `faults` is a timetable of `Stall`, `Crash` and `Partition`. A desk that has heard nothing of a task for as long as
    `expire` says (for every desk, or by desk name or pattern) gives it up: its pending feedback or its half-filled join
    counts as `NO_FEEDBACK`, and what comes later is counted as a stray.

    With `order`, a choice string such as ``"0.2.1"`` (or a function), there are no conditions: whenever mail is under
    way one message arrives after another, in the order of choice, on the `late` links (names or patterns), and on all
    others at once; the clock (ns) counts them. `explore` finds such orders. Raises `BadOrder` where one does not fit.

    With `snapshots="1s"` the weights are kept as they were every second of virtual time, so that what an office can do
    may be seen over time and over updates: ``for one in run.snapshots: with one.in_place(): …``. With `fresh_gradients`
    each feedback is compared with what it would be on today's weights, of which more in `Run.comparisons`; for that the
    whole chart does the task once more for every desk with weights that hears of it.

    An estimator, its callback and the client's feedback may be asynchronous. As soon as one of them waits (for a time,
    a socket, a thread, an event that another task sets), it raises `EscapedWait`, which says where: what comes of that,
    and when, is not in the seed's hands. With `escapes="wait"` virtual time stands still meanwhile, and the journal is
    the same, however long it takes.

    Linear workers that learn from squared errors are told where their steps were too long, by theory, for feedback as
    late as it was: a `StepTooLong` warning.

    A desk's exception comes out bare, with a note of desk, task and virtual time. Raises `Deadlock` where somebody
    waits for ever (so does a client without `patience`, if what is lost keeps him from submitting more),
    `TimeStandsStill` after `in_an_instant` events in one instant, and what is wrong with chart, client or conditions
    before anything runs. In the field: a discrete-event simulation of asynchronous training.
    """
    task = partial(
        simulate_in_trio, chart, client, mail=mail, delivery=delivery, faults=faults, expire=expire,
        seed=seed, until=until, capacity=capacity, snapshots=snapshots, fresh_gradients=fresh_gradients,
        lookahead=lookahead, in_an_instant=in_an_instant, order=order, late=late, escapes=escapes,
    )  # fmt: skip
    run: Run = trio.run(task)
    return run


async def simulate_in_trio(
    chart: Chart,
    client: Client,
    *,
    seed: int = 0,
    snapshots: Time | None = None,
    fresh_gradients: bool = False,
    **office_options: Any,
) -> Run:
    """`simulate`, for code that is in trio already; cancelling it leaves no task behind."""
    every = None if snapshots is None else interval(snapshots)
    finished = trio.Event()
    failures: list[Exception] = []
    if fresh_gradients:
        client.check_at_once("where gradients are compared")
        office_options["lookahead"] = False  # the weights of all desks are asked for as they are at one time
    workplace = Workplace(chart, seed=seed, when_quiet=finished.set, **office_options)
    client_task = ClientTask(client, workplace.front, workplace.journal, seed)
    keepers = {} if every is None else keepers_of({desk.name: desk.learners for desk in workplace.learning}, every)
    for desk in workplace.learning:
        desk.keepers = keepers.get(desk.name, ())
    if fresh_gradients:
        client_task.desk.remember = workplace.compare_gradients(client.feedback).tasks

    async def supervise(work: Any, *args: Any) -> None:
        # A failure is carried out of the nursery by hand, so that it need not be unwrapped from a group.
        try:
            await work(*args)
        except Exception as error:  # noqa: BLE001
            failures.append(error)
            finished.set()

    with in_sight(workplace, client_task.desk):
        async with trio.open_nursery() as nursery:
            for post in workplace.plan.posts:
                nursery.start_soon(supervise, workplace.staff, post)
            nursery.start_soon(supervise, client_task.run)
            await finished.wait()
            if (
                workplace.until is None
                and client_task.desk.waits_for
                and (not workplace.room.unread or client_task.desk.is_stuck)
            ):
                failures.append(workplace.deadlock(client_task.desk.waits_for))  # now, while they still wait
            nursery.cancel_scope.cancel()
    if failures:
        raise failures[0]
    workplace.close_books()
    warn_of_long_steps(workplace.chart, client, workplace.journal)
    return _result(workplace, client_task.desk, keepers)


def _result(workplace: Workplace, client: ClientDesk, keepers: Mapping[str, Sequence[Keeper]]) -> Run:
    losses = np.full(client.submitted, np.nan)
    for _, task_id, loss in workplace.journal.said:
        losses[task_id] = loss
    desks = [post.desk for post in workplace.plan.posts]
    end = workplace.now if workplace.until is None else workplace.until
    return Run(
        losses=losses,
        outputs=client.outputs,
        feedback_below=client.feedback_below,
        journal=workplace.journal,
        time=end,
        given_up=frozenset(client.given_up),
        pending={desk.name: desk.pending for desk in desks},
        tables={desk.name: desk.table.statistics for desk in desks},
        strays={desk.name: desk.strays for desk in desks},
        snapshots=snapshots_of(keepers, end),
        comparisons={desk.name: desk.comparisons for desk in workplace.learning},
    )
