"""A manager's desk: hands tasks out, passes results up, and routes each feedback back to whoever did the task."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from office.desks.allocation import Allocation, Books
from office.desks.gathering import ALONE, NOT_IN, Gathering, gathering_from
from office.desks.letters import ALARM, FEEDBACK_FROM_ABOVE, FEEDBACK_TO_BELOW, INBOX, OUTBOX, Letter
from office.desks.owing import Owing
from office.desks.pending import PendingTable, duplicate, unknown
from office.errors import AlreadyAnswered, UnknownTask, located
from office.ids import TaskID
from office.work import NO_FEEDBACK, Combination, add_up, share_out

__all__ = ["ManagerDesk"]


class ManagerDesk:
    """The desk of a team. A task goes through three of its drawers, and is in one at a time.

    ``results``: handed out, not all the answers are in; ``table``: answered, the feedback is still to come;
    ``replies``: the members have heard, and not all of them have said what it means for the inputs.
    """

    def __init__(
        self,
        name: str,
        members: Sequence[str],
        allocate: Allocation,
        combine: Combination,
        make_random: Callable[[], np.random.Generator],
    ) -> None:
        self.name = name
        self.combine = combine
        self.books = Books(members, allocate, make_random)
        self.assigned: dict[TaskID, tuple[int, ...]] = {}
        """Who does each task that the team has in hand, by place in the team."""
        self.results: dict[TaskID, Gathering] = {}
        self.table = PendingTable()
        self.replies: dict[TaskID, Gathering] = {}
        self.owing: Owing | None = None
        """What may yet come about tasks that were given up, once there are any."""
        self.gone: dict[TaskID, set[int]] = {}
        """Members who have given a task up before they were told of any feedback."""
        self._readers: dict[int, Callable[[TaskID, Any], list[Letter]]] = {
            INBOX: self.hand_out, FEEDBACK_FROM_ABOVE: self.hear_feedback, ALARM: self.give_up
        }  # fmt: skip
        self._inboxes = [INBOX.of_member(member) for member in range(len(members))]
        self._feedbacks = [FEEDBACK_FROM_ABOVE.of_member(member) for member in range(len(members))]
        for member in range(len(members)):
            self._readers[OUTBOX.of_member(member)] = partial(self.take_result, member)
            self._readers[FEEDBACK_TO_BELOW.of_member(member)] = partial(self.hear_reply, member)

    def read(self, channel: int, task_id: TaskID, body: Any) -> list[Letter]:
        """Take a letter from below, from above, or from a member of the team, or give a task up."""
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
        return [(self._inboxes[member], task_id, inputs) for member in members]

    def take_result(self, member: int, task_id: TaskID, output: Any) -> list[Letter]:
        """Once all the answers are in: combine them, file the callback, pass the one output up."""
        if self.owing and self.owing.result(member, task_id):
            return [(self._feedbacks[member], task_id, NO_FEEDBACK)]
        outputs = self._gather(self.results, member, task_id, output, "result")
        if outputs is None:
            return []
        combined, handle_feedback = self.combine(outputs)
        self.table.file(task_id, handle_feedback)
        del self.results[task_id]
        return [(OUTBOX, task_id, combined)]

    def hear_feedback(self, task_id: TaskID, feedback: Any) -> list[Letter]:
        """Tell everybody who did the task what it means for his answer."""
        if self.owing and self.owing.feedback(task_id):
            return []
        handle_feedback = self.table[task_id]
        members = self.assigned[task_id]
        shares = share_out(handle_feedback, feedback, len(members))
        del self.table[task_id]
        self.replies[task_id] = gathering_from(members)
        letters = [(self._feedbacks[member], task_id, share) for member, share in zip(members, shares, strict=True)]
        return self._without_those_gone(task_id, letters) if task_id in self.gone else letters

    def hear_reply(self, member: int, task_id: TaskID, re_inputs: Any) -> list[Letter]:
        """Once everybody has said what the feedback means for the inputs: add it up and pass it down."""
        if self.owing and self.owing.reply(member, task_id):
            return []
        if re_inputs is NO_FEEDBACK and task_id not in self.replies and member in self.assigned.get(task_id, ()):
            self.gone.setdefault(task_id, set()).add(member)
            return []
        replies = self._gather(self.replies, member, task_id, re_inputs, "feedback to below")
        if replies is None:
            return []
        return self._close(task_id, add_up(replies))

    def give_up(self, task_id: TaskID, _: object = None) -> list[Letter]:
        """Wait no longer for what is to come about a task: it is as if there were no feedback.

        Where answers are missing, those who have answered are told so, and the others when they do.
        """
        members = self.assigned[task_id]
        owing = self.owing = self.owing or Owing()
        if task_id in self.table:
            letters = self.hear_feedback(task_id, NO_FEEDBACK)
            owing.feedbacks.add(task_id)
        elif task_id in self.results:
            missing = self.results.pop(task_id).missing_from(members)
            owing.results[task_id] = missing
            self.replies[task_id] = gathering_from(members)
            letters = [(self._feedbacks[member], task_id, NO_FEEDBACK) for member in members if member not in missing]
            letters = self._without_those_gone(task_id, letters)
        else:
            owing.replies[task_id] = self.replies[task_id].missing_from(members)
            letters = self._close(task_id, NO_FEEDBACK)
        return letters

    def _without_those_gone(self, task_id: TaskID, letters: list[Letter]) -> list[Letter]:
        """Those who have given the task up need not hear of it, and have replied already: there is no feedback."""
        members, gone = self.assigned[task_id], self.gone.pop(task_id, set())
        if len(gone) == len(members):
            return self._close(task_id, NO_FEEDBACK)
        for member in gone:
            self.replies[task_id].put(members.index(member), NO_FEEDBACK)
        return [letter for letter in letters if letter[0] // 4 - 1 not in gone]

    def _close(self, task_id: TaskID, re_inputs: Any) -> list[Letter]:
        del self.replies[task_id]
        self.books.done(self.assigned.pop(task_id))
        return [(FEEDBACK_TO_BELOW, task_id, re_inputs)]

    def waits_for(self, task_id: TaskID) -> str:
        """What is to come next about a task; nothing if the team does not have it in hand."""
        if task_id not in self.assigned:
            return ""
        return "results" if task_id in self.results else "feedback" if task_id in self.table else "replies"

    @property
    def strays(self) -> int:
        """How many messages came about tasks that had been given up."""
        return self.owing.came if self.owing else 0

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
        gathering.put(place, body)
        return None

    @property
    def pending(self) -> int:
        """How many tasks the team has in hand."""
        return len(self.assigned)

    def __repr__(self) -> str:
        return f"<ManagerDesk {self.name}: {self.pending} tasks in hand, {len(self.table)} pending>"
