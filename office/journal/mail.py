"""The messages of a run as columns, and what a message's mark says."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["COPIES", "DAMAGED", "MARK_BITS", "NO_CAUSE", "ONE_COPY", "ONE_MORE", "Mail"]

DAMAGED, ONE_COPY, ONE_MORE = 1, 2, 64
"""A message's mark: its link's own number of it times 64, and twice the number of the copy, and 1 if it is damaged."""
COPIES = ONE_MORE // ONE_COPY
"""There are at most so many copies of a message, the original among them."""
MARK_BITS = 40
"""A cause is a message in one number: its link, and in the lowest bits, so many, its mark there."""
NO_CAUSE = 0
"""The cause of a message that was not sent because of another."""


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
    cause: NDArray[np.int64]
    """Which message its sender was handling when it sent this one: link and mark in one number, `NO_CAUSE` for none.

    The cause of a joined result is the last result to arrive; that of the client's reply is the result that it is
    about. Copies have the cause of their original. A submission has none, nor has what an alarm makes a desk send."""

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
    def cause_link(self) -> NDArray[np.int64]:
        """On which link the cause of each came, as a place in `Journal.links`; -1 where it has none."""
        return np.where(self.cause == NO_CAUSE, -1, self.cause >> MARK_BITS)

    @property
    def cause_row(self) -> NDArray[np.int64]:
        """In which row the cause of each is; -1 where it has none, or these rows do not have it."""
        return self.rows_of(self.cause)

    def rows_of(self, messages: NDArray[np.int64]) -> NDArray[np.int64]:
        """In which row each message is that is given as in `cause`; -1 for none."""
        place = np.full(len(messages), -1)
        if not len(self.mark) or not len(messages):
            return place
        is_there = messages != NO_CAUSE
        link, mark = messages >> MARK_BITS, messages & (1 << MARK_BITS) - 1
        wanted = np.zeros(max(int(self.link.max()), int(link.max())) + 1, dtype=bool)
        wanted[link[is_there]] = True
        rows = np.flatnonzero(wanted[self.link])
        marks = np.abs(self.mark[rows])
        # Nearly all are originals, whose numbers count up from 1 on each link: a table finds them without a sort.
        span = max(int(marks.max(initial=0)), int(mark.max())) // ONE_MORE + 1
        if span * len(wanted) <= 8 * len(self.mark) + 1024:
            is_plain, asks_plain = marks % ONE_MORE == 0, is_there & (mark % ONE_MORE == 0)
            table = np.full(span * len(wanted), -1)
            plain = rows[is_plain]
            table[self.link[plain] * span + marks[is_plain] // ONE_MORE] = plain
            place[asks_plain] = table[link[asks_plain] * span + mark[asks_plain] // ONE_MORE]
            rows, marks, is_there = rows[~is_plain], marks[~is_plain], is_there & ~asks_plain
        if len(rows) and is_there.any():
            message = self.link[rows] << MARK_BITS | marks
            order = np.argsort(message, kind="stable")
            at = order[np.minimum(np.searchsorted(message, messages[is_there], sorter=order), len(order) - 1)]
            place[is_there] = np.where(message[at] == messages[is_there], rows[at], -1)
        return place

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
