"""Letters, and the channels of a desk by number.

A desk reads its inbox and its feedback from above, and two channels from each member of its team; it sends on its
outbox and its feedback to below, and two channels to each member. So one number names a channel it reads and its
opposite number the channel it sends on:

=========  ======================  ======================
number     read                    sent on
=========  ======================  ======================
0          inbox                   outbox
1          feedback from above     feedback to below
2 + 2k     member k's outbox       member k's inbox
3 + 2k     k's feedback to below   k's feedback from above
-1         its own alarm clock     the world outside
=========  ======================  ======================
"""

from __future__ import annotations

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
    "Desk",
    "Letter",
]

Letter: TypeAlias = tuple[int, TaskID, Any]
"""What a desk wants sent: on which channel, for which task, and the body."""

INBOX = OUTBOX = 0
FEEDBACK_FROM_ABOVE = FEEDBACK_TO_BELOW = 1
ALARM = -1
"""Not a channel but the desk's own alarm clock: nothing has been heard of this task for too long."""
OUTSIDE = -1
"""Not a channel but the world outside: the body is something to await, and a function that makes letters of what comes
of it. The desk reads nothing before they are sent."""


class Desk(Protocol):
    """What a desk is to its task: a name, and a reader of letters that returns letters."""

    name: str
    table: PendingTable
    """The tasks that have been answered and wait for their feedback."""

    def read(self, channel: int, task_id: TaskID, body: Any, /) -> list[Letter]:
        """Take one letter, or an `ALARM`, and say what is to be sent. A letter that is refused changes nothing."""

    def waits_for(self, task_id: TaskID, /) -> str:
        """What is to come next about a task: "results", "feedback" or "replies"; nothing if it is not here."""

    @property
    def strays(self) -> int:
        """How many messages came about tasks that had been let go here."""

    @property
    def pending(self) -> int:
        """How many tasks wait here for their feedback."""
