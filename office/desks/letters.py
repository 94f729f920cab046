"""Letters, and the channels of a desk by number.

A desk has four channels, and a manager holds the other ends of those of each member. A channel keeps its name at both
ends: what a member sends on its `OUTBOX`, the manager reads on ``OUTBOX.of_member(k)``.

======================  ===================  ================
channel                 number at the desk   of member k
======================  ===================  ================
`INBOX`                 0, read              4 + 4k, sent on
`OUTBOX`                1, sent on           5 + 4k, read
`FEEDBACK_FROM_ABOVE`   2, read              6 + 4k, sent on
`FEEDBACK_TO_BELOW`     3, sent on           7 + 4k, read
`ALARM`                 -1, read
`OUTSIDE`               -2, sent on
======================  ===================  ================
"""

from __future__ import annotations

from collections.abc import Collection
from enum import IntEnum
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from office.ids import TaskID

if TYPE_CHECKING:
    from office.desks.pending import PendingTable

__all__ = [
    "ALARM",
    "FEEDBACK_FROM_ABOVE",
    "FEEDBACK_TO_BELOW",
    "INBOX",
    "OUTBOX",
    "OUTSIDE",
    "Channel",
    "Desk",
    "Letter",
]

Letter: TypeAlias = tuple[int, TaskID, Any]
"""What a desk wants sent: the number of the channel, the task it is about, and the body."""


class Channel(IntEnum):
    """The channels of a desk."""

    OUTSIDE = -2
    """The world outside: the body is something to await, and a function that makes letters of what comes of it. The
    desk reads nothing before those are sent."""
    ALARM = -1
    """The desk's own alarm clock: nothing has been heard of this task for too long."""
    INBOX = 0
    """Tasks, from below."""
    OUTBOX = 1
    """Results, to those above."""
    FEEDBACK_FROM_ABOVE = 2
    """Feedback on the results."""
    FEEDBACK_TO_BELOW = 3
    """Feedback on the tasks' inputs."""

    def of_member(self, member: int) -> int:
        """The number that this channel of a member, by place in the team, has at the manager's desk."""
        return 4 * (member + 1) + self


OUTSIDE, ALARM, INBOX, OUTBOX, FEEDBACK_FROM_ABOVE, FEEDBACK_TO_BELOW = Channel


class Desk(Protocol):
    """What a desk is to its task: a name, and a reader of letters that returns letters."""

    name: str
    table: PendingTable
    """The tasks that have been answered and wait for their feedback."""

    def read(self, channel: int, task_id: TaskID, body: Any, /) -> list[Letter]:
        """Take one letter, or an `ALARM`. A letter that is refused changes nothing.

        Args:
            channel: its number at this desk.
            task_id: the task that the letter is about.
            body: inputs, a result or feedback; None for an alarm.

        Returns:
            The letters to send.
        """

    def waits_for(self, task_id: TaskID, /) -> str:
        """What is to come next about a task: "results", "feedback" or "replies"; "" if it is not here."""

    @property
    def strays(self) -> int:
        """How many messages came about tasks that had been let go here."""

    @property
    def tasks(self) -> Collection[TaskID]:
        """The tasks that wait here for something."""

    @property
    def pending(self) -> int:
        """How many tasks wait here for something."""
