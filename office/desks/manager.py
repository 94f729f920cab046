"""A manager's desk: hands tasks out, passes results up, and routes each feedback to the members that did the task.

A task that the team has in hand is one record, and is in one `Stage`, named after what the manager waits for. What a
letter does depends on the stage of its task:

======================  ===========  ==================  ==================  ==============
letter                  NOT_HERE     RESULTS             FEEDBACK            REPLIES
======================  ===========  ==================  ==================  ==============
task                    to RESULTS   refused             refused             refused
result of a member      refused      last: to FEEDBACK   refused             refused
feedback                refused      refused             to REPLIES          refused
reply of a member       refused      refused             refused             last: closed
reply, no feedback      refused      noted               noted               last: closed
alarm                   refused      to REPLIES          to REPLIES          closed
======================  ===========  ==================  ==================  ==============

What is refused changes nothing. *last* means: the first of several members' letters are gathered, and the last of them
moves the task on. *noted*: the member has given the task up, and will not be told of its feedback.

An alarm gives the task up: the manager waits no longer, and whatever of that task comes later is a stray, which is
counted and changes nothing. A stray result is answered with no feedback, so that the member does not wait for ever.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from functools import partial
from typing import Any

import numpy as np

from office.desks.allocation import Allocation, Books
from office.desks.letters import ALARM, FEEDBACK_FROM_ABOVE, FEEDBACK_TO_BELOW, INBOX, OUTBOX, Letter
from office.desks.pending import PendingTable, duplicate, unknown
from office.errors import AlreadyAnswered, UnknownTask, WrongShape, locate
from office.ids import TaskID
from office.work import NO_FEEDBACK, Combination, add_up, as_combined, share_out

__all__ = ["ManagerDesk", "Stage"]


class Stage(StrEnum):
    """How far a task has come: what the manager waits for."""

    NOT_HERE = ""
    """The team does not have the task in hand."""
    RESULTS = "results"
    """Handed out; not all the results are in."""
    FEEDBACK = "feedback"
    """Answered: the callback is in the pending table."""
    REPLIES = "replies"
    """The members have heard the feedback; not all of them have said what it means for the inputs."""


NOT_HERE, RESULTS, FEEDBACK, REPLIES = Stage
DUE = {RESULTS: (OUTBOX, "result"), REPLIES: (FEEDBACK_TO_BELOW, "feedback to below")}
"""What is due from a member in a stage: on which of its channels, and what it is called."""


class Record:
    """One task that the team has in hand.

    Args:
        members: those that do it, by place in the team.
        stage: how far it has come.
    """

    __slots__ = ("gathered", "members", "stage")

    def __init__(self, members: tuple[int, ...], stage: Stage = RESULTS) -> None:
        self.members = members
        self.stage = stage
        self.gathered: dict[int, Any] | None = None
        """The results or replies that have come, by member, while those of others have not."""


NO_RECORD = Record((), NOT_HERE)
"""Stands for all the tasks that the team does not have in hand."""


class ManagerDesk:
    """The desk of a team, which reads letters from below, from above and from its members.

    Args:
        name: of the desk.
        members: their names, in the order of the team.
        allocate: who gets a task.
        combine: how several answers become one.
        make_random: makes the stream of random numbers for `allocate`, if it asks for one.
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
        self.tasks: dict[TaskID, Record] = {}
        """The tasks that the team has in hand."""
        self.table = PendingTable()
        self.gone: dict[TaskID, set[int]] = {}
        """The members who gave a task up before they heard of any feedback."""
        self.owed: Counter[tuple[int, TaskID]] = Counter()
        """Letters that may yet come about tasks given up, by channel and task. It grows with those that never come."""
        self.strays = 0
        """How many of them have come after all."""
        places = range(len(members))
        self._inboxes = [INBOX.of_member(member) for member in places]
        self._feedbacks = [FEEDBACK_FROM_ABOVE.of_member(member) for member in places]
        self._answers_to_strays = {OUTBOX.of_member(member): self._feedbacks[member] for member in places}
        self._readers: dict[int, Callable[[TaskID, Any], list[Letter]]] = {
            INBOX: self.hand_out,
            FEEDBACK_FROM_ABOVE: self.hear_feedback,
            ALARM: self.give_up,
            **{OUTBOX.of_member(member): partial(self.take_result, member) for member in places},
            **{FEEDBACK_TO_BELOW.of_member(member): partial(self.hear_reply, member) for member in places},
        }

    def read(self, channel: int, task_id: TaskID, body: Any) -> list[Letter]:
        """Take a letter from below, from above, or from a member of the team, or give a task up.

        Args:
            channel: its number at this desk.
            task_id: the task that the letter is about.
            body: inputs, a result or feedback; None for an alarm.

        Returns:
            The letters to send.
        """
        try:
            if self.owed and (channel, task_id) in self.owed:
                return self._take_stray(channel, task_id)
            return self._readers[channel](task_id, body)
        except BaseException as error:
            locate(error, self.name, task_id)
            raise

    def hand_out(self, task_id: TaskID, inputs: Any) -> list[Letter]:
        """Choose who does the task, and give it to them."""
        if task_id in self.tasks:
            raise duplicate(task_id)
        members = self.books.assign(task_id, inputs)
        self.tasks[task_id] = Record(members)
        return [(self._inboxes[member], task_id, inputs) for member in members]

    def take_result(self, member: int, task_id: TaskID, output: Any) -> list[Letter]:
        """Once all the results are in: combine them, file the callback, pass the one output up.

        Args:
            member: by place in the team.
            task_id: the task.
            output: the member's result.
        """
        record = self.tasks.get(task_id, NO_RECORD)
        if record.stage is not RESULTS or member not in record.members:
            raise self._refusal(RESULTS, member, task_id)
        outputs = [output] if len(record.members) == 1 else self._gather(record, member, output)
        if outputs is None:
            return []
        try:
            combined, handle_feedback = as_combined(self.combine(outputs))
        except WrongShape as error:
            self._name_misfits(error, record, outputs)
            raise
        self.table.file(task_id, handle_feedback)
        record.stage = FEEDBACK
        record.gathered = None
        return [(OUTBOX, task_id, combined)]

    def hear_feedback(self, task_id: TaskID, feedback: Any) -> list[Letter]:
        """Tell each of those who did the task what the feedback means for its result."""
        handle_feedback = self.table[task_id]
        record = self.tasks[task_id]
        members = record.members
        shares = share_out(handle_feedback, feedback, len(members))
        del self.table[task_id]
        return self._tell(task_id, record, zip(members, shares, strict=True))

    def hear_reply(self, member: int, task_id: TaskID, re_inputs: Any) -> list[Letter]:
        """Once all the replies are in: add them up and pass the sum down.

        Args:
            member: by place in the team.
            task_id: the task.
            re_inputs: what the feedback means for the inputs, by this member; `NO_FEEDBACK` if it gave the task up.
        """
        record = self.tasks.get(task_id, NO_RECORD)
        if record.stage is not REPLIES or member not in record.members:
            if re_inputs is NO_FEEDBACK and member in record.members:
                self.gone.setdefault(task_id, set()).add(member)
                return []
            raise self._refusal(REPLIES, member, task_id)
        replies = [re_inputs] if len(record.members) == 1 else self._gather(record, member, re_inputs)
        if replies is None:
            return []
        try:
            total = add_up(replies)
        except WrongShape as error:
            self._name_misfits(error, record, replies)
            raise
        return self._close(task_id, record, total)

    def give_up(self, task_id: TaskID, _body: None = None) -> list[Letter]:
        """Wait no longer for what is to come about a task: it is as if there were no feedback."""
        record = self.tasks.get(task_id, NO_RECORD)
        if record.stage is NOT_HERE:
            raise unknown(task_id, self.tasks, "an alarm")
        if record.stage is FEEDBACK:
            letters = self.hear_feedback(task_id, NO_FEEDBACK)
            self.owed[FEEDBACK_FROM_ABOVE, task_id] += 1
            return letters
        gathered = record.gathered or {}
        channel, _ = DUE[record.stage]
        missing = [member for member in record.members if member not in gathered]
        self.owed.update((channel.of_member(member), task_id) for member in missing)
        if record.stage is REPLIES:
            return self._close(task_id, record, NO_FEEDBACK)
        record.gathered = None
        return self._tell(task_id, record, [(member, NO_FEEDBACK) for member in record.members if member in gathered])

    def waits_for(self, task_id: TaskID) -> str:
        """What is to come next about a task; "" if the team does not have it in hand."""
        return self.tasks.get(task_id, NO_RECORD).stage

    @property
    def pending(self) -> int:
        """How many tasks the team has in hand."""
        return len(self.tasks)

    def __repr__(self) -> str:
        return f"<ManagerDesk {self.name}: {self.pending} tasks in hand, {len(self.table)} pending>"

    def _gather(self, record: Record, member: int, body: Any) -> list[Any] | None:
        """The bodies of all who do the task, in the order of the team, if this is the last of them; None otherwise.

        The last one is not kept: what becomes of it may yet be refused.
        """
        gathered = record.gathered or {}
        if member in gathered:
            raise AlreadyAnswered(f"{self.books.members[member]}'s second {DUE[record.stage][1]}", "")
        if len(gathered) < len(record.members) - 1:
            gathered[member] = body
            record.gathered = gathered
            return None
        bodies = {**gathered, member: body}
        return [*map(bodies.__getitem__, record.members)]

    def _name_misfits(self, error: WrongShape, record: Record, bodies: Sequence[Any]) -> None:
        """Have an error about bodies that do not fit together say whose they are: the first, and one unlike it."""
        shapes = [None if body is NO_FEEDBACK else np.shape(body) for body in bodies]
        first = next(place for place, shape in enumerate(shapes) if shape is not None)
        for place, shape in enumerate(shapes):
            if shape not in (None, shapes[first]):
                sender, other = (self.books.members[record.members[each]] for each in (first, place))
                error.add_note(f"{sender}'s has shape {shapes[first]}, and {other}'s {shape}")
                return

    def _refusal(self, stage: Stage, member: int, task_id: TaskID) -> UnknownTask:
        """The error for what a member says where it is not due, or not due from this member."""
        subject = f"{self.books.members[member]}'s {DUE[stage][1]}"
        due = {other: record for other, record in self.tasks.items() if record.stage is stage}
        return UnknownTask(subject, ", which it was not given") if task_id in due else unknown(task_id, due, subject)

    def _tell(self, task_id: TaskID, record: Record, shares: Iterable[tuple[int, Any]]) -> list[Letter]:
        """Send members their shares of a feedback, but for those who are gone: they have replied already."""
        record.stage = REPLIES
        if self.gone and task_id in self.gone:
            gone = self.gone.pop(task_id)
            if len(gone) == len(record.members):
                return self._close(task_id, record, NO_FEEDBACK)
            record.gathered = dict.fromkeys(gone, NO_FEEDBACK)
            shares = [(member, share) for member, share in shares if member not in gone]
        return [(self._feedbacks[member], task_id, share) for member, share in shares]

    def _close(self, task_id: TaskID, record: Record, re_inputs: Any) -> list[Letter]:
        del self.tasks[task_id]
        self.books.done(record.members)
        return [(FEEDBACK_TO_BELOW, task_id, re_inputs)]

    def _take_stray(self, channel: int, task_id: TaskID) -> list[Letter]:
        """Count a letter about a task that was given up; a result is answered with no feedback."""
        self.owed[channel, task_id] -= 1
        if not self.owed[channel, task_id]:
            del self.owed[channel, task_id]
        self.strays += 1
        answer = self._answers_to_strays.get(channel)
        return [] if answer is None else [(answer, task_id, NO_FEEDBACK)]
