"""The main engine: trio tasks and channels in virtual time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Unpack

import numpy as np
import trio
from numpy.typing import NDArray

from office.desks import Chart, TableStatistics
from office.engines.client import Client, as_client
from office.engines.client_desk import ClientDesk, run_client
from office.engines.fresh_gradients import Comparison, FreshGradients
from office.engines.instruments import Instrument, hooks, in_sight, watching_now
from office.engines.progress import VisibleOffice
from office.engines.settings import RunKeywords, RunSettings, settings_of, takes
from office.engines.snapshots import Snapshot, Snapshots
from office.engines.step_warning import StepWarning
from office.engines.submissions import submissions
from office.engines.supervision import Supervision
from office.engines.workplace import Workplace
from office.errors import Deadlock, as_raised, is_divergence
from office.ids import CLIENT, TaskID
from office.journal import Divergence, Journal
from office.mail import Stepper, Tray, check_in_trio, in_trio, stream

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
    snapshots: Sequence[Snapshot]
    """The weights as they were from time to time, and at the end, if that was asked for."""
    comparisons: dict[str, list[Comparison]]
    """For each desk with weights, each gradient that it learnt from beside today's, in the order of `journal.learnt`,
    if that was asked for."""

    @property
    def diverged(self) -> Divergence | None:
        """Where the run came to a NaN, an infinity or an overflow, and stopped, if it was to stop there."""
        return self.journal.diverged

    @property
    def submitted(self) -> int:
        """How many tasks were submitted."""
        return len(self.losses)


@takes(RunSettings)
def simulate(chart: Chart, client: Client, **settings: Unpack[RunKeywords]) -> Run:
    """Run an office until nothing more happens, and return what came of it. The workers of the chart learn.

    The same chart, client, settings and seed give the same journal, byte for byte.

    Mail may lose messages: tasks that are pending at the end only because of that are counted, and are no error. A desk
    gives a task up when `expire` is over: its pending feedback or its half-filled join counts as `NO_FEEDBACK`, and
    what comes later is counted as a stray.

    With `order` there are no mail conditions: whenever mail is under way one message arrives after another, in the
    order of choice, and the clock (ns) counts them. `explore` finds such orders.

    An estimator, its callback and the client's feedback may be asynchronous. As soon as one of them waits (for a time,
    a socket, a thread, an event that another task sets), it raises `EscapedWait`, which says where: the seed does not
    decide what comes of that, and when. With ``escapes="wait"`` virtual time stands still meanwhile, and the journal is
    the same, however long it takes.

    A `StepTooLong` warning tells where linear workers that learn from squared errors took steps that were too long, by
    theory, for feedback as late as theirs was.

    In the field: a discrete-event simulation of asynchronous training.

    Args:
        chart: the office: a worker, team or chain, or a bare estimator.
        client: which tasks are submitted, and when, and what the people above say of each result.
        mail: conditions in tc-netem's words, such as ``"delay 20ms 5ms loss 1%"``: for every link, or a dict of them
            by link name or pattern (``"*.inbox"``), of which the last that fits counts.
        delivery: "at most once", or "at least once", by link likewise: then what is not acknowledged is sent again,
            and repeats are recognised.
        faults: a timetable of `Stall`, `Crash` and `Partition`.
        expire: how long a desk waits for the next word about a task (``"2s"``, or ns) before it gives the task up; for
            every desk, or by desk name or pattern. None: for ever.
        seed: a number that decides all that is random.
        capacity: how many messages a link holds at most, for every link, or by link name or pattern. None: any number.
        in_an_instant: after so many events in one instant time counts as standing still.
        order: the order of delivery: a choice string such as ``"0.2.1"``, or a function that chooses.
        late: the links, by name or pattern, on which `order` chooses; on all others messages arrive at once.
        escapes: "refuse" or "wait": what becomes of asynchronous code that waits for anything outside virtual time.
        until: the virtual time at which the run ends. None: when nothing more happens.
        snapshots: keep all weights each time that so much virtual time has passed (``"1s"``, or ns):
            ``for snapshot in run.snapshots: with snapshot.in_place(): …`` sees what the office could do then.
        fresh_gradients: compare each gradient with the one that the same task would give with today's weights, in
            `Run.comparisons`. For that the whole chart does a task once more for every desk that learns from it.
        lookahead: let desks work side by side as far as the least delay of the mail allows. Without, the journal is
            the same, and the run is slower. There is none where tasks come of a generator, which may look at weights.
        on_divergence: what becomes of a run that comes to a NaN, an infinity or an overflow (`NotANumber`,
            `FloatingPointError`, `OverflowError`): "raise" it, or "stop" there. Then `Run.diverged` and the journal say
            where it was; losses, journal and weights are those of that moment. Such a run has no lookahead.
        tasks: "trio": each desk is a task of trio's. "stepped": the same coroutines run inside one task, which resumes
            whichever has its turn. The journal is the same, byte for byte, and so are errors; it takes half the time
            where a message may take no time, and desks share one `contextvars` context.

    Returns:
        Losses, outputs, feedback to below, the journal, and what is pending.

    Raises:
        BaseException: whatever code of the user's raised, be it an interrupt or `SystemExit`: bare, with a note of
            desk, task and virtual time.
        Deadlock: everybody waits, for ever; so does a client without `patience` when lost messages keep it from
            submitting more.
        TimeStandsStill: there were more than `in_an_instant` events in one instant.
        OfficeError: what is wrong with chart, client or settings, before anything runs.
    """
    if in_trio():
        raise RuntimeError(
            "simulate starts trio, and trio runs here already:\nwrite `await simulate_in_trio(chart, client, …)`"
        )
    try:
        run: Run = trio.run(partial(simulate_in_trio, chart, client, **settings))
    except RuntimeError as error:
        raised = as_raised(error)
    else:
        return run
    raise raised  # with no other exception for its context


@takes(RunSettings)
async def simulate_in_trio(chart: Chart, client: Client, **settings: Unpack[RunKeywords]) -> Run:
    """`simulate`, for code that is in trio already; cancelling it leaves no task behind.

    Args:
        chart: the office.
        client: which tasks are submitted, and what the people above say of each result.
        settings: as for `simulate`.
    """
    check_in_trio("simulate_in_trio", 'call simulate(…), or in a notebook say "%autoawait trio" first')
    given, client = settings_of(RunSettings, settings, "simulate"), as_client(client)
    if given.fresh_gradients:
        client.check_at_once("where gradients are compared")
    finished = trio.Event()
    stepper = Stepper() if given.tasks == "stepped" else None
    workplace = Workplace(
        chart,
        given,
        finished.set,
        patience=client.patience,
        may_wait=not given.fresh_gradients,
        # Where gradients are compared, the weights of all desks are asked for at one time; and what no desk has run
        # ahead of leaves no trace; and what makes tasks may look at weights as they are when a task is due.
        lookahead=given.lookahead
        and not given.fresh_gradients
        and given.on_divergence == "raise"
        and client.how_many() is not None,
        make_tray=Tray if stepper is None else stepper.tray,
    )
    snapshots, fresh = None, None
    instruments: list[Instrument] = [StepWarning(workplace.chart, client, workplace.journal), *watching_now()]
    if given.between_snapshots is not None:
        snapshots = Snapshots(given.between_snapshots, workplace.learning)
        instruments.append(snapshots)
    if given.fresh_gradients:
        fresh = FreshGradients(workplace.chart, workplace.learning, client.feedback)
        instruments.append(fresh)
    workplace.watch(*instruments)
    client_desk = ClientDesk(
        client, client.replies(stream(given.seed, CLIENT, "replies")), submissions(client, given.seed),
        workplace.client_tray, workplace.journal.losses, hooks(instruments, "on_submit"),
    )  # fmt: skip

    def deadlock() -> Deadlock | None:
        waits_in_vain = (
            workplace.until is None and client_desk.waits_for and (not workplace.room.unread or client_desk.is_stuck())
        )
        return workplace.deadlock(client_desk.waits_for) if waits_in_vain else None

    readers = [(workplace.trays[post.desk.name], workplace.task_of(post)) for post in workplace.plan.posts]
    readers.append((workplace.client_tray, partial(run_client, client_desk, workplace.front)))
    supervision = Supervision(readers, finished, workplace.explained, stepper)
    with in_sight(VisibleOffice(workplace, client_desk), instruments):
        await supervision.run(deadlock)
        first = supervision.first_failure
        if first is not None and not (given.on_divergence == "stop" and is_divergence(first.error)):
            raise first.error
        workplace.close_books(None if first is None else first.as_divergence())
    return _result(workplace, client_desk, snapshots, fresh)


def _result(workplace: Workplace, client: ClientDesk, snapshots: Snapshots | None, fresh: FreshGradients | None) -> Run:
    losses = np.full(client.submitted, np.nan)
    for _, task_id, loss in workplace.journal.losses:
        losses[task_id] = loss
    desks = [post.desk for post in workplace.plan.posts]
    diverged = workplace.journal.diverged
    end = workplace.now if workplace.until is None else workplace.until
    if diverged is not None:
        end = diverged.time
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
        snapshots=() if snapshots is None else snapshots.until(end),
        comparisons={desk.name: [] for desk in workplace.learning} if fresh is None else fresh.comparisons,
    )
