"""What came of one delivery order."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from office.desks import FEEDBACK_TO_BELOW, TableStatistics
from office.engines.delivery_order import Choice, order_text
from office.engines.instruments import WatchedDesk
from office.engines.settings import OfficeSettings
from office.errors import BadOrder, RefusedMessage
from office.ids import TaskID
from office.journal import MARK_BITS, NO_CAUSE, Entry, Journal
from office.orders.agreement import largest
from office.orders.composed_task import AnswerNotes, ComposedTask, compose_task
from office.orders.untimed_office import Message, UntimedOffice
from office.work import parameters_of

__all__ = ["Outcome"]

NO_ANSWERS = AnswerNotes()
"""Where no desk has weights nothing is noted."""


class TableInTheEnd(TableStatistics):
    """A pending table of an order that stands for others, in which it was not as full at the same times."""

    @property
    def peak(self) -> int:
        """Raises `BadOrder`."""
        raise BadOrder("the peak of a table is not the same in all orders that count as one here: take reduce=False")

    @property
    def oldest(self) -> TaskID | None:
        """Raises `BadOrder`."""
        raise BadOrder("the oldest task of a table is not the same in all orders that count as one: take reduce=False")


class Outcome:
    """What came of one delivery order. What a `Run` has, too, has the same name here.

    Args:
        office: whose order it is.
        stands_for_others: whether it is one of several orders that are the same for every desk.
    """

    def __init__(self, office: UntimedOffice, *, stands_for_others: bool = False) -> None:
        self.office = office
        self.stands_for_others = stands_for_others
        self.client = office.new_client()
        self.chart = office.new_chart()
        """The chart of this run, whose workers learn."""
        self.desks: list[Any] = [self.client, *office.new_desks(self.chart)]
        """The client's, and then all others."""
        self.choices: list[Choice] = []
        """Which message arrived at each step, and what became of it."""
        self.under_way: list[Message] = []
        """Late messages that have not arrived."""
        self.trail: list[Message] = []
        """All messages that have arrived, in order."""
        self.lost: list[Message] = []
        self.apart = 0.0
        """How far, in units in the last place, any body is from what it is by composition."""
        self.refused = 0
        """How many repeats were refused by a desk, and changed nothing."""
        self.errors: list[Exception] = []
        """What desks raised. The messages that they had read then came to nothing."""
        self.first_error_at = 0
        """After how many choices the first of them came."""
        self.broken_off = False
        """Whether the run was not carried to its end."""
        self.answers = AnswerNotes() if office.learns else NO_ANSWERS
        """The weights and the gradients of each task, at desks with weights."""
        for desk in self.learning:
            desk.watch((self.answers,), self.client)

    def note(self, error: Exception, *, is_repeat: bool) -> None:
        """A desk has raised an error."""
        if is_repeat and isinstance(error, RefusedMessage):
            self.refused += 1
        else:
            self.first_error_at = self.first_error_at or len(self.choices)
            self.errors.append(error)

    @property
    def time(self) -> int:
        """How many late messages arrived: the time at the end, in ns."""
        return self.client.now

    @cached_property
    def _members_by_task(self) -> dict[TaskID, tuple[Any, ...]]:
        """For each task its managers, each with the members that were given it, in one order."""
        by_task: dict[TaskID, tuple[Any, ...]] = {}
        for manager, task_id in sorted(self.members_of_tasks, key=lambda key: key[0]):
            members = self.members_of_tasks[manager, task_id]
            by_task[task_id] = (*by_task.get(task_id, ()), manager, members)
        return by_task

    @cached_property
    def members_of_tasks(self) -> dict[tuple[str, TaskID], tuple[int, ...]]:
        """For each manager and task the members, by place, that were given it."""
        given: dict[tuple[str, TaskID], set[int]] = {}
        inboxes = self.office.member_inboxes
        for entry in chain(self.trail, self.under_way, self.lost) if inboxes else ():
            if entry[1] in inboxes:
                manager, member = inboxes[entry[1]]
                given.setdefault((manager, entry[4]), set()).add(member)
        return {key: tuple(sorted(members)) for key, members in given.items()}

    def largest_addend(self, task_id: TaskID) -> float:
        """The size of the largest number that a manager with several members for a task got from them; else 0.0."""
        managers = {name for (name, its), members in self.members_of_tasks.items() if its == task_id and members[1:]}
        office = self.office
        return max(
            (
                largest(message[5])
                for message in self.trail
                if message[4] == task_id
                and office.ports[message[1]] > FEEDBACK_TO_BELOW  # on a channel of a member
                and office.desks[office.receivers[message[1]]] in managers
            ),
            default=0.0,
        )

    @property
    def outputs(self) -> dict[TaskID, Any]:
        """The result of each task."""
        return self.client.outputs

    @property
    def feedback_below(self) -> dict[TaskID, Any]:
        """The feedback to below of each task."""
        return self.client.feedback_below

    @property
    def submitted(self) -> int:
        """How many tasks were submitted."""
        return self.client.submitted

    @property
    def losses(self) -> NDArray[np.float64]:
        """`(tasks,)`: the loss of each task; NaN where there is none."""
        losses = np.full(self.client.submitted, np.nan)
        for _, task_id, loss in self.client.losses:
            losses[task_id] = loss
        return losses

    @property
    def pending(self) -> dict[str, int]:
        """For each desk, how many tasks still wait there."""
        return {desk.name: desk.pending for desk in self.desks[1:]}

    @property
    def tables(self) -> dict[str, TableStatistics]:
        """For each desk, its pending table at the end: size, peak, oldest.

        Peak and oldest are not the same in all orders that are the same for every desk: where this one stands for
        them, asking for either raises `BadOrder`.
        """
        kind = TableInTheEnd if self.stands_for_others else TableStatistics
        return {desk.name: kind(*desk.table.statistics) for desk in self.desks[1:]}

    @cached_property
    def learning(self) -> list[WatchedDesk]:
        """The desks whose workers have weights."""
        return [] if not self.office.learns else [desk for desk in self.desks if isinstance(desk, WatchedDesk)]

    def composed(self, task_id: TaskID) -> ComposedTask:
        """A task by composition: by the members who did it, with the weights that answered it."""
        if self.learning:
            return self._compose(task_id)
        key = task_id, self._members_by_task.get(task_id, ())
        known = self.office.composed
        if key not in known:
            known[key] = self._compose(task_id)
        composed: ComposedTask = known[key]
        return composed

    def _compose(self, task_id: TaskID) -> ComposedTask:
        members = self.members_of_tasks
        return compose_task(
            self.chart,
            task_id,
            self.office.tasks[int(task_id)],
            feedback=self.office.client.feedback,
            members=lambda manager: members[manager, task_id],
            learning={desk.name: desk for desk in self.learning},
            weights=self.answers.weights,
        )

    @cached_property
    def journal(self) -> Journal:
        """The journal of this run, as `simulate` in this order writes it."""
        plan = self.office.plan
        chosen_on = [place for place, is_late in enumerate(self.office.is_late) if is_late]
        journal = Journal(settings=OfficeSettings(seed=self.office.seed).written(plan, chosen_on))
        if self.learning:
            journal.head["weights"] = {desk.name: desk.weights for desk in self.learning}
        journal.desks, journal.links = list(self.office.desks), [way.ends for way in plan.ways]
        journal.learnt |= {desk.name: desk.learnt for desk in self.learning}
        journal.steps = {desk.name: desk.steps(len(journal.learnt[desk.name])) for desk in self.learning}
        journal.losses = self.client.losses
        results = {message[4]: message for message in reversed(self.trail) if message[1] == self.office.results}
        journal.record([self._entry(message, results) for message in self.trail])
        for message in self.lost:
            _, link, mark, sent, task_id, _, cause = self._entry(message, results)
            journal.record_lost((sent, link, mark, task_id, cause))
        journal.order = self.order
        journal.close([self._entry(message, results) for message in self.under_way], self.time)
        return journal

    def _entry(self, message: Message, results: Mapping[TaskID, Message]) -> Entry:
        """A message as the journal has it. The cause of a client's reply is the result that it speaks of."""
        time, link, mark, sent, task_id, body, cause = message
        submits_on, replies_on = self.office.sends[0].values()
        if link == submits_on:
            cause = None
        elif link == replies_on:
            cause = results[task_id]
        return time, link, mark, sent, task_id, body, NO_CAUSE if cause is None else cause[1] << MARK_BITS | cause[2]

    @property
    def error(self) -> Exception | None:
        """The first thing that a desk raised."""
        return self.errors[0] if self.errors else None

    @property
    def order(self) -> str:
        """The choices that make this order, as text."""
        return order_text(self.choices[: self.first_error_at] if self.errors else self.choices)

    def state(self) -> tuple[Any, ...]:
        """All that can be seen in the end, as something to compare: what came, what is pending, and the weights."""
        return (
            frozen(self.outputs),
            frozen(self.feedback_below),
            frozen(self.pending),
            frozen([parameters.arrays for parameters in parameters_of(self.chart)]),
            frozenset(map(type, self.errors)),
        )


def frozen(thing: Any) -> Any:
    """A body as something that can be compared and counted: arrays by shape, type and bytes."""
    if isinstance(thing, np.ndarray):
        return thing.shape, thing.dtype.str, thing.tobytes()
    if isinstance(thing, dict):
        return frozenset((key, frozen(value)) for key, value in thing.items())
    if isinstance(thing, (list, tuple)):
        return tuple(map(frozen, thing))
    return thing
