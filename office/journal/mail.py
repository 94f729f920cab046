"""The messages of a run as columns, and what a message's mark says."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["COPIES", "DAMAGED", "ONE_COPY", "ONE_MORE", "Mail"]

DAMAGED, ONE_COPY, ONE_MORE = 1, 2, 64
"""A message's mark: its link's own number of it times 64, and twice the number of the copy, and 1 if it is damaged."""
COPIES = ONE_MORE // ONE_COPY
"""There are at most so many copies of a message, the original among them."""


class Mail(NamedTuple):
    """The messages of a run as columns, in order of arrival; then those that never arrived."""

    sent: NDArray[np.int64]
    """When each was sent, in ns."""
    arrived: NDArray[np.int64]
    """When it arrived, in ns; -1 for what was lost, or still on its way at the end."""
    link: NDArray[np.int64]
    """On which link, as a place in `Journal.links`."""
    task: NDArray[np.int64]
    """For which task: a number that is its ID where that is a number; `Journal.task_id` knows the others."""
    mark: NDArray[np.int64]
    """Which message of its link it was, and whether it was a copy, damaged or lost; the properties tell it."""

    @property
    def number(self) -> NDArray[np.int64]:
        """Which message of its link each was, from 1; a copy has the number of its original."""
        return np.abs(self.mark) // ONE_MORE

    @property
    def copy(self) -> NDArray[np.int64]:
        """Which copy of it, in the order in which they were made: 0 for the original."""
        return np.abs(self.mark) % ONE_MORE // ONE_COPY

    @property
    def damaged(self) -> NDArray[np.bool_]:
        """Which were in no state to be read when they arrived, and were thrown away."""
        return (np.abs(self.mark) & DAMAGED).astype(bool)

    @property
    def lost(self) -> NDArray[np.bool_]:
        """Which were lost on the way."""
        return self.mark < 0

    @property
    def read(self) -> NDArray[np.bool_]:
        """Which came to their readers: those that arrived undamaged, and of several copies the first."""
        readable = (self.arrived >= 0) & ~self.damaged
        copies = np.flatnonzero(self.copy)
        if not len(copies):
            return readable
        # Only messages that have a copy need a second look, and they are few.
        message = self.number * (self.link.max(initial=0) + 1) + self.link
        rows = np.flatnonzero(readable & np.isin(message, np.unique(message[copies])))
        first = np.unique(message[rows], return_index=True)[1]
        readable[rows] = False
        readable[rows[first]] = True
        return readable
