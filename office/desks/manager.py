"""A manager's desk: hands tasks out, passes results up, and routes each feedback back to whoever did the task."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from office.desks.allocation import Allocation, Books
from office.desks.letters import (
    FEEDBACK_TO_BELOW,
    OUTBOX,
    Letter,
    TaskID,
)
from office.desks.pending import PendingTable, duplicate, unknown
from office.errors import AlreadyAnswered, UnknownTask, located
from office.work import Combination, add_up, share_out

__all__ = ["ManagerDesk"]

NOT_IN = object()


class Gathering:
    """What is in of several bodies that go together, one from each member."""

    __slots__ = ("bodies", "missing")

    def __init__(self, members: int) -> None:
        self.bodies: list[Any] = [NOT_IN] * members
        self.missing = members


ALONE = Gathering(1)
"""Where one member does a task alone there is nothing to gather, and this stands for all such."""


def gathering_from(members: Sequence[int]) -> Gathering:
    """An empty gathering of one body from each of these members."""
    return ALONE if len(members) == 1 else Gathering(len(members))


class ManagerDesk:
    """The desk of a team. A task goes through three of its drawers, and is in one at a time.

    ``results``: handed out, not all the answers are in; ``table``: answered, the feedback is still to come;
    ``replies``: the members have heard, and not all of them have said what it means for the inputs.
    """

    def __init__(
        self, name: str, members: Sequence[str], allocate: Allocation, combine: Combination, random: np.random.Generator
    ) -> None:
        self.name = name
        self.combine = combine
        self.books = Books(members, allocate, random)
        self.assigned: dict[TaskID, tuple[int, ...]] = {}
        """Who does each task that the team has in hand, by place in the team."""
        self.results: dict[TaskID, Gathering] = {}
        self.table = PendingTable()
        self.replies: dict[TaskID, Gathering] = {}
        self._readers: list[Callable[[TaskID, Any], list[Letter]]] = [self.hand_out, self.hear_feedback]
        for member in range(len(members)):
            self._readers += partial(self.take_result, member), partial(self.hear_reply, member)

    def read(self, channel: int, task_id: TaskID, body: Any) -> list[Letter]:
        """Take a letter from below, from above, or from a member of the team."""
        try:
            return self._readers[channel](task_id, body)
        except Exception as error:  # noqa: BLE001
            raise located(error, self.name, task_id)  # noqa: B904  it is the same error

    def hand_out(self, task_id: TaskID, inputs: Any) -> list[Letter]:
        """Choose who does the task, and give it to them."""
        if task_id in self.assigned:
            raise duplicate(task_id)
        members = self.assigned[task_id] = self.books.assign(task_id, inputs)
        self.results[task_id] = gathering_from(members)
        return [(2 + 2 * member, task_id, inputs) for member in members]

    def take_result(self, member: int, task_id: TaskID, output: Any) -> list[Letter]:
        """Once all the answers are in: combine them, file the callback, pass the one output up."""
        outputs = self._gather(self.results, member, task_id, output, "result")
        if outputs is None:
            return []
        combined, handle_feedback = self.combine(outputs)
        self.table.file(task_id, handle_feedback)
        del self.results[task_id]
        return [(OUTBOX, task_id, combined)]

    def hear_feedback(self, task_id: TaskID, feedback: Any) -> list[Letter]:
        """Tell everybody who did the task what it means for his answer."""
        handle_feedback = self.table[task_id]
        members = self.assigned[task_id]
        shares = share_out(handle_feedback, feedback, len(members))
        del self.table[task_id]
        self.replies[task_id] = gathering_from(members)
        return [(3 + 2 * member, task_id, share) for member, share in zip(members, shares, strict=True)]

    def hear_reply(self, member: int, task_id: TaskID, re_inputs: Any) -> list[Letter]:
        """Once everybody has said what the feedback means for the inputs: add it up and pass it down."""
        replies = self._gather(self.replies, member, task_id, re_inputs, "feedback to below")
        if replies is None:
            return []
        total = add_up(replies)
        del self.replies[task_id]
        self.books.done(self.assigned.pop(task_id))
        return [(FEEDBACK_TO_BELOW, task_id, total)]

    def _gather(
        self, drawer: dict[TaskID, Gathering], member: int, task_id: TaskID, body: Any, subject: str
    ) -> list[Any] | None:
        """All the members' bodies, in the order of the team, if this is the last of them; else keep it, and None.

        The last one is not kept: what becomes of it may yet be refused.
        """
        gathering = drawer.get(task_id)
        if gathering is None:
            raise unknown(task_id, drawer, f"{self.books.members[member]}'s {subject}")
        if member not in self.assigned[task_id]:
            raise UnknownTask(f"{self.books.members[member]}'s {subject}", ", which is not his")
        if gathering is ALONE:
            return [body]
        bodies, members = gathering.bodies, self.assigned[task_id]
        place = member if members is self.books.everyone else members.index(member)
        if bodies[place] is not NOT_IN:
            raise AlreadyAnswered(f"{self.books.members[member]}'s second {subject}", "")
        if gathering.missing == 1:
            return [*bodies[:place], body, *bodies[place + 1 :]]
        bodies[place] = body
        gathering.missing -= 1
        return None

    @property
    def pending(self) -> int:
        """How many tasks the team has in hand."""
        return len(self.assigned)

    def __repr__(self) -> str:
        return f"<ManagerDesk {self.name}: {self.pending} tasks in hand, {len(self.table)} pending>"
