"""What may yet come about tasks that a manager has given up: it is recognised, counted, and changes nothing."""

from __future__ import annotations

from office.ids import TaskID

__all__ = ["Owing"]


class Owing:
    """Who still owes what. It grows with the messages that never come."""

    def __init__(self) -> None:
        self.results: dict[TaskID, set[int]] = {}
        """The members whose answers were missing when they were given up."""
        self.feedbacks: set[TaskID] = set()
        """Tasks whose feedback from above was given up."""
        self.replies: dict[TaskID, set[int]] = {}
        """The members whose feedback to below was missing."""
        self.came = 0
        """How much of it has come after all."""

    def result(self, member: int, task_id: TaskID) -> bool:
        """Whether this member's answer is one that was given up; then it has come."""
        return self._comes(self.results, member, task_id)

    def reply(self, member: int, task_id: TaskID) -> bool:
        """Whether this member's feedback to below is one that was given up; then it has come."""
        return self._comes(self.replies, member, task_id)

    def feedback(self, task_id: TaskID) -> bool:
        """Whether this feedback from above is one that was given up; then it has come."""
        if task_id not in self.feedbacks:
            return False
        self.feedbacks.remove(task_id)
        self.came += 1
        return True

    def _comes(self, owed: dict[TaskID, set[int]], member: int, task_id: TaskID) -> bool:
        members = owed.get(task_id, ())
        if member not in members:
            return False
        owed[task_id].remove(member)
        if not owed[task_id]:
            del owed[task_id]
        self.came += 1
        return True
