"""What watches a run, as trio has it: hooks that are called at each desk, in the desk's own order of events.

``with watching(instrument):`` has it watch every run that begins meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Protocol

from office.desks import Letter, WorkerDesk
from office.ids import TaskID
from office.journal import Learnt, Steps
from office.work import NO_FEEDBACK, Estimator, Parameters, parameters_of, root_mean_square
from office.work.parameters import LastHeard, make
from office.work.rules.around import Around

__all__ = [
    "Clock",
    "Glimpse",
    "Instrument",
    "Visible",
    "WatchedDesk",
    "hooks",
    "in_sight",
    "watching",
    "watching_now",
    "worker_desk",
]


@dataclass(frozen=True)
class Glimpse:
    """A run, or a search, as it was seen at some moment."""

    number: int
    """Which run it is of those that were watched, from 1."""
    time: int
    """How far virtual time is, in ns."""
    messages: int
    """How many have arrived."""
    until: int | None = None
    """How far virtual time will go, in ns, where that is known."""
    tasks: int | None = None
    """How many tasks the client has in all, where that is known."""
    spoken_of: int = 0
    """Of how many of them the people above have spoken."""
    in_flight: int | None = None
    """Tasks whose feedback to below is not in yet; None where there is no client."""
    loss: float | None = None
    """The mean of the latest losses; None where there are none, or all of them are 0."""
    orders: int | None = None
    """How many delivery orders have been run, if this is a search through them."""

    @property
    def share(self) -> float | None:
        """How much of the run is over, from 0 to 1, by tasks or by time; None where that is unknown."""
        parts = (self.spoken_of, self.tasks), (self.time, self.until)
        return max((min(done / of, 1.0) for done, of in parts if of), default=None)


class Visible(Protocol):
    """A run, or a search through delivery orders, for instruments that look at it from time to time."""

    def glimpse(self, number: int) -> Glimpse:
        """How it is now. May be called from any thread; `number` is for the glimpse."""


class Instrument:
    """Watches runs: override the hooks that are of interest. The others cost nothing.

    Hooks are called where the event is, so they must not wait, and must change nothing: what a hook of a desk raises
    counts as raised at that desk.
    """

    def begin(self, run: Visible) -> None:
        """A run, or a search through delivery orders, begins."""

    def end(self, run: Visible, error: BaseException | None) -> None:
        """It is over; `error` is what it raises, if anything."""

    def on_submit(self, task_id: TaskID, inputs: Any, target: Any) -> None:
        """The client submits a task.

        Args:
            task_id: its number.
            inputs: what the office gets.
            target: what the client keeps, for its feedback.
        """

    def on_assign(self, manager: str, task_id: TaskID, members: tuple[int, ...]) -> None:
        """A manager hands out a task.

        Args:
            manager: the manager's path.
            task_id: the task.
            members: the places of the members who get it, in the order of the team.
        """

    def on_task(self, desk: WatchedDesk, task_id: TaskID, inputs: Any) -> None:
        """A worker is about to do a task.

        Args:
            desk: the worker's.
            task_id: the task.
            inputs: its inputs.
        """

    def before_feedback(self, desk: WatchedDesk, task_id: TaskID, feedback: Any) -> None:
        """A worker is about to hear feedback, or to give a task up.

        Args:
            desk: the worker's.
            task_id: the task. The desk may not know it: then it refuses the feedback.
            feedback: on its result; `NO_FEEDBACK` where there is none, or where the desk gives the task up.
        """

    def after_feedback(self, desk: WatchedDesk, task_id: TaskID, feedback: Any, re_inputs: Any) -> None:
        """A worker has heard feedback, and `desk.heard` says what it has learnt from that.

        Args:
            desk: the worker's.
            task_id: the task, which is over at this desk.
            feedback: on its result, or `NO_FEEDBACK`.
            re_inputs: what goes down.
        """


class Clock(Protocol):
    """Where a desk looks what time it is."""

    now: int
    """Virtual time, in ns."""


_last_heard = attrgetter("last_heard")


class WatchedDesk(WorkerDesk):
    """A worker's desk that writes down what it learns from, and calls the hooks of instruments.

    In the field: a hooked module, of a worker that reports its staleness.

    Args:
        name: the path of the desk.
        estimator: does the tasks.
        learners: the weights in the estimator; none for a worker without.
        may_wait: whether what the estimator or its callback returns may be something to await.
    """

    def __init__(
        self, name: str, estimator: Estimator, learners: Sequence[Parameters], *, may_wait: bool = False
    ) -> None:
        super().__init__(name, estimator, may_wait=may_wait)
        self.learners = learners
        self._began = (learners[0].updates, learners[0].heard) if learners else (0, 0)
        self.clock: Clock
        self.learnt: list[Learnt] = []
        """A row for each feedback that the weights learnt from, for the journal. Of several weights the first count."""
        self.heard: LastHeard | None = None
        """After a feedback: what the weights (of several `Parameters`, the first) learnt from it, if anything."""
        self._on_task: list[Callable[..., None]] = []
        self._before: list[Callable[..., None]] = []
        self._after: list[Callable[..., None]] = []
        self._feedback: Any = None
        self._heard_before: list[LastHeard | None] = []

    def watch(self, instruments: Sequence[Instrument], clock: Clock) -> None:
        """Call the hooks of these instruments from now on."""
        self.clock = clock
        self._on_task += hooks(instruments, "on_task")
        self._before += hooks(instruments, "before_feedback")
        self._after += hooks(instruments, "after_feedback")

    @property
    def weights(self) -> list[dict[str, Any]]:
        """Of each of `learners`, for the journal: the bytes that a version takes, its rule, tasks a step, policy."""
        return [
            {
                "bytes": sum(getattr(array, "nbytes", 8) for array in learner.arrays),
                "rule": rule_text(learner.rules[0]) if learner.rules else "",
                "accumulate": learner.accumulate,
                "policy": learner.policy,
            }
            for learner in self.learners
        ]

    def steps(self, learnt: int) -> Steps:
        """What became of the first of `learners` in this run, of which the journal has so many rows."""
        learner, (updates, heard) = self.learners[0], self._began
        return Steps(updates, learner.updates, learner.heard - heard, learnt)

    @property
    def gradients(self) -> list[Sequence[Any]]:
        """After a feedback: the gradient that each of `learners` was given, array by array; nothing for none."""
        each = zip(map(_last_heard, self.learners), self._heard_before, strict=True)
        return [() if last is None or last is before else last.gradients for last, before in each]

    def do_task(self, task_id: TaskID, inputs: Any) -> list[Letter]:
        """Do the task."""
        if self._on_task:
            for on_task in self._on_task:
                on_task(self, task_id, inputs)
        return super().do_task(task_id, inputs)

    def hear_feedback(self, task_id: TaskID, feedback: Any) -> list[Letter]:
        """Learn from the feedback, and pass down what it means for the inputs."""
        if self._before:
            for before in self._before:
                before(self, task_id, feedback)
        self._feedback, self.heard = feedback, None
        self._heard_before = [*map(_last_heard, self.learners)]
        return super().hear_feedback(task_id, feedback)

    def reply(self, task_id: TaskID, re_inputs: Any) -> list[Letter]:
        """The feedback has been heard: write down how late it was, and how large, if the weights learnt from it."""
        letters, feedback = super().reply(task_id, re_inputs), self._feedback
        if self.learners:
            heard = self.learners[0].last_heard
            if heard is not None and heard is not self._heard_before[0]:
                self.heard = heard
                from_above = root_mean_square(feedback)
                to_below = None if re_inputs is NO_FEEDBACK else root_mean_square(re_inputs)
                row = self.clock.now, task_id, heard.staleness, heard.updates, from_above, to_below
                self.learnt.append(make(Learnt, row))
        if self._after:
            for after in self._after:
                after(self, task_id, feedback, re_inputs)
        return letters

    def give_up(self, task_id: TaskID) -> list[Letter]:
        """Wait for a feedback no longer. Where several accumulate, that may be the last word before a step."""
        for before in self._before:
            before(self, task_id, NO_FEEDBACK)
        return super().give_up(task_id)


def rule_text(rule: object) -> str:
    """A rule by class, ``"Accumulate(Momentum)"``, or as it prints itself, where its class says how."""
    if type(rule).__repr__ is not object.__repr__:
        return repr(rule)
    within = f"({rule_text(rule.rule)})" if isinstance(rule, Around) else ""
    return f"{type(rule).__name__}{within}"


def worker_desk(name: str, estimator: Estimator, *, may_wait: bool = False, watched: bool = False) -> WorkerDesk:
    """The desk for an estimator: a plain one, unless the estimator has weights, or the desk is to be watched anyhow.

    Args:
        name: the path of the desk.
        estimator: does the tasks.
        may_wait: whether what it or its callback returns may be something to await.
        watched: whether there are instruments that look at every worker.
    """
    learners = parameters_of(estimator)
    for learner in learners:
        learner.start_run()
    if learners or watched:
        return WatchedDesk(name, estimator, learners, may_wait=may_wait)
    return WorkerDesk(name, estimator, may_wait=may_wait)


_WATCHING: ContextVar[tuple[Instrument, ...]] = ContextVar("instruments", default=())


@contextmanager
def watching(*instruments: Instrument) -> Iterator[None]:
    """Have instruments watch every run that begins while this lasts, in this thread or task."""
    token = _WATCHING.set((*_WATCHING.get(), *instruments))
    try:
        yield
    finally:
        _WATCHING.reset(token)


def watching_now() -> tuple[Instrument, ...]:
    """The instruments of a run that begins now."""
    return _WATCHING.get()


def hooks(instruments: Sequence[Instrument], name: str) -> list[Callable[..., None]]:
    """The hooks of this name that instruments have overridden."""
    plain = getattr(Instrument, name)
    return [getattr(instrument, name) for instrument in instruments if getattr(type(instrument), name) is not plain]


@contextmanager
def in_sight(run: Visible, instruments: Sequence[Instrument]) -> Iterator[None]:
    """Tell instruments when a run begins, and when it is over."""
    begun: list[Instrument] = []
    error: BaseException | None = None
    try:
        for instrument in instruments:
            instrument.begin(run)
            begun.append(instrument)
        yield
    except BaseException as raised:
        error = raised
        raise
    finally:
        for instrument in reversed(begun):
            instrument.end(run, error)
