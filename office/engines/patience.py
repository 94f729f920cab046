"""How long the client, or a desk, waits for the next word about each task."""

from __future__ import annotations

from collections import deque

from office.ids import TaskID
from office.times import LAST, NEVER, too_late

__all__ = ["Patience"]


class Patience:
    """A task is given up after so long without a word about it.

    A word about a task puts it at the end of the order, and its earlier place there counts no longer. So each word
    costs the same, however many tasks there are.

    Args:
        who: whose patience it is: the desk, or the client.
        time: how long it lasts, in ns; None: for ever.
    """

    def __init__(self, who: str, time: int | None) -> None:
        self.who = who
        self.time = time
        self._until: dict[TaskID, int] = {}
        self.order: deque[tuple[int, TaskID]] = deque()
        """Deadlines in order of time, and with them those that no longer count."""

    def wait_for(self, task_id: TaskID, now: int) -> None:
        """There has been a word about a task, and another is to come. Raises `BadTime` where none can come so late."""
        if self.time is not None:
            until = now + self.time
            if until > LAST:
                raise too_late(f"{self.who}: would give task {task_id!r} up", until)
            self._until[task_id] = until
            self.order.append((until, task_id))

    def wait_no_longer(self, task_id: TaskID) -> None:
        """No word about this task is to come, or it may be as late as it likes."""
        self._until.pop(task_id, None)

    def next_time(self) -> int:
        """When patience with a task will be over next, in ns; `NEVER` if with none."""
        order = self.order
        while order and self._until.get(order[0][1]) != order[0][0]:
            order.popleft()
        return order[0][0] if order else NEVER

    def give_up(self) -> TaskID:
        """The task with which patience is over next: it is waited for no longer."""
        task_id = self.order.popleft()[1]
        del self._until[task_id]
        return task_id
