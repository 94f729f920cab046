"""What each desk did, piece by piece, and how each task went from piece to piece: what a trace viewer shows.

In the field: spans, and the flows between them.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from office.journal import Journal
from office.study.event_order import NOTHING, event_order
from office.study.flows import Steps, steps
from office.study.journal_index import NO_TASK, JournalIndex
from office.study.matching import in_order
from office.study.sequences import Whole

__all__ = ["KINDS", "Pieces", "Working", "pieces"]

KINDS = "reading", "speaking", "work", "learning"


class Pieces(NamedTuple):
    """What desks did, in order of beginning."""

    begin: Whole
    """`(pieces,)` ns."""
    end: Whole
    """`(pieces,)` ns; later than the beginning for work and learning alone."""
    desk: Whole
    """`(pieces,)` places in `Journal.desks`; -1 for the client."""
    kind: Whole
    """`(pieces,)` places in `KINDS`."""
    row: Whole
    """`(pieces,)` where to find more of it: of a reading, the row of the mail that is read; of speaking, that of the
    first message that is sent; of work and learning, the row of the table of work, desk after desk."""
    steps: Steps
    """How tasks went from piece to piece."""


def pieces(journal: Journal) -> Pieces:
    """All that desks did, as far as a journal tells.

    Reading a letter takes no time, and whatever is said at once on reading it is part of that. Work takes time, and
    what is said when it is done is part of it; where it goes on after that, the rest is learning. Where a desk speaks
    of a letter that it read before, and has not worked meanwhile, or of none, speaking is a piece of its own, that
    takes no time.

    Raises `ValueError` where a desk does two pieces of work at a time, and for a copy of a message that is not there.
    """
    index = JournalIndex(journal)
    mail, working = index.mail, Working(index)
    follows = index.cause
    came_at, sent_at = _places(index, follows)
    letters, sent = np.flatnonzero(index.read), np.flatnonzero(index.original)
    sent = sent[np.argsort(sent_at[sent])]

    letter, time, key = follows[sent], mail.sent[sent], index.key(index.sender[sent], sent)
    known = letter != NOTHING
    at_once = known & (mail.arrived[letter] == time)
    during = np.where(at_once, NOTHING, working.during(key, time, np.where(known, mail.arrived[letter], NOTHING)))
    alone = ~at_once & (during == NOTHING)
    first, which = _together(key[alone], time[alone])
    speaking = sent[alone][first]

    spoken = np.full(len(working.begin), NOTHING)
    np.maximum.at(spoken, during[during != NOTHING], time[during != NOTHING])
    learning = np.flatnonzero((spoken != NOTHING) & (spoken < working.end))
    until = np.where(spoken == NOTHING, working.end, spoken)
    last = len(mail.sent) * 2  # work begins when all that happens at that instant has happened
    columns = zip(
        (mail.arrived[letters], mail.arrived[letters], index.reader[letters], letters, came_at[letters]),
        (mail.sent[speaking], mail.sent[speaking], index.sender[speaking], speaking, sent_at[speaking]),
        (working.begin, until, working.desk, np.arange(len(until)), np.full(len(until), last)),
        (spoken[learning], working.end[learning], working.desk[learning], learning, np.full(len(learning), last)),
        strict=True,
    )
    begin, end, desk, row, place = map(np.concatenate, columns)
    kind = np.repeat(np.arange(len(KINDS)), [len(letters), len(speaking), len(until), len(learning)])
    in_time = np.lexsort((kind, place, begin))
    where = np.argsort(in_time)  # where each piece comes to stand

    reading = np.full(len(mail.sent), NOTHING)
    reading[letters] = where[: len(letters)]
    spoken_in = np.where(at_once, reading[letter], np.append(where, NOTHING)[len(letters) + len(speaking) + during])
    spoken_in[alone] = where[len(letters) + which]
    flows = steps(mail, sent, follows, spoken_in, reading)
    return Pieces(begin[in_time], end[in_time], desk[in_time], kind[in_time], row[in_time], flows)


def _places(index: JournalIndex, follows: Whole) -> tuple[Whole, Whole]:
    """`(rows,)` and `(rows,)`: which of all events the arrival and the sending of each message are."""
    rows = np.arange(len(follows))
    order = event_order(index.mail, index.ends, index.read, follows, rows)
    came, sent = np.full(len(rows), NOTHING), np.full(len(rows), NOTHING)
    came[order.row[order.is_arrival]] = np.flatnonzero(order.is_arrival)
    sent[order.row[~order.is_arrival]] = np.flatnonzero(~order.is_arrival)
    return came, sent


def _together(key: Whole, time: Whole) -> tuple[Whole, Whole]:
    """What one desk says about one task at one time: the first of each, and which of these each belongs to."""
    order = np.lexsort((np.arange(len(key)), time, key))
    begins = np.append(True, (np.diff(key[order]) != 0) | (np.diff(time[order]) != 0))[: len(key)]
    which = np.empty(len(key), dtype=np.int64)
    which[order] = np.cumsum(begins) - 1
    return order[begins], which


class Working:
    """The table of work as columns, desk after desk. Raises `ValueError` for a desk that does two things at a time."""

    def __init__(self, index: JournalIndex) -> None:
        journal = index.journal
        table = [(desk, *row) for desk, name in enumerate(journal.desks) for row in journal.work.get(name, ())]
        columns = [(desk, begin, end) for desk, _, begin, end in table]
        self.desk, self.begin, self.end = np.array(columns, dtype=np.int64).reshape(-1, 3).T
        overlaps = np.flatnonzero((np.diff(self.desk) == 0) & (self.begin[1:] < self.end[:-1]))
        if len(overlaps):
            desk, task_id, begin, _ = table[overlaps[0] + 1]
            name = journal.desks[desk]
            raise ValueError(f"{name} works on task {task_id!r} from {begin} ns, when the work before it is not done")
        task = index.places([task_id for _, task_id, _, _ in table])
        self.key = np.where(task == NO_TASK, NOTHING, (self.desk + 1) * index.tasks + task)

    def during(self, key: Whole, time: Whole, since: Whole) -> Whole:
        """`(n,)`: in which work on its task, begun since then, a desk speaks at a time (ns); -1 where in none.

        What is said as work ends is part of it, but not as it begins.

        Args:
            key: `(n,)` desk and task, as `JournalIndex.key` has them.
            time: `(n,)` ns
            since: `(n,)` ns
        """
        begun, asked = in_order(self.key, self.begin, key, time)
        order = np.argsort(begun, kind="stable")
        place = np.searchsorted(begun[order], asked) - 1
        work = np.append(order, 0)[place]
        about, begin, end = (np.append(column, NOTHING)[work] for column in (self.key, self.begin, self.end))
        return np.where((place >= 0) & (about == key) & (since <= begin) & (time <= end), work, NOTHING)
