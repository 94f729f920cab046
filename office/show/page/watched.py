"""What the page shows of a run, worked out once for all of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from office.journal import Journal, Mail
from office.show.page.rooms import Rooms
from office.study import FeedbackSizes, Heard, LearningCurve, Occupancy

__all__ = ["FATES", "NEARLY_ALL", "Watched", "Whole", "busy_end"]

NEARLY_ALL = 0.99
FATES = "read", "repeat", "damaged", "lost", "on its way"

Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Watched:
    """What was worked out of a whole run, and is shown stretch by stretch."""

    journal: Journal
    mail: Mail
    rooms: Rooms
    run_end: int
    """ns."""
    busy_end: int
    """ns: see `busy_end`."""
    curve: LearningCurve
    """What the people above said."""
    overtaken: Whole
    """`(rows,)` as in `study.overtaken`."""
    pending: Sequence[Occupancy]
    """`(drawn desks,)`: how many tasks are in each one's pending table."""
    in_tray: Sequence[Occupancy]
    """`(drawn desks,)`: how many letters are in each one's tray."""
    heard: dict[int, Heard]
    """By drawn desk, for those who are workers."""
    sizes: dict[int, FeedbackSizes]
    """By drawn desk, for those who have weights."""

    @property
    def fate(self) -> Whole:
        """`(rows,)` what became of each message, as a place in `FATES`."""
        mail = self.mail
        came = np.where(mail.read, 0, np.where(mail.damaged, 2, 1))
        return np.where(mail.arrived >= 0, came, np.where(mail.lost, 3, 4))


def busy_end(mail: Mail, run_end: int) -> int:
    """ns: the end of the run, or, where nearly all is over long before that, when it is.

    Mail that is sent again until it is acknowledged, later and later, may go on a hundred times as long as the rest.
    """
    moments = np.sort(np.concatenate([mail.sent, mail.arrived[mail.arrived >= 0]]))
    nearly = int(moments[int(NEARLY_ALL * (len(moments) - 1))]) if len(moments) else run_end
    return nearly if 0 < 3 * nearly < run_end else run_end
