"""The work of all desks, and during which of it they spoke."""

from __future__ import annotations

import numpy as np

from office.study.answering import NOTHING
from office.study.evidence import NO_TASK, Evidence
from office.study.matching import in_order
from office.study.sequences import Whole

__all__ = ["Working"]


class Working:
    """The table of work as columns, desk after desk. Raises `ValueError` for a desk that does two things at a time."""

    def __init__(self, evidence: Evidence) -> None:
        journal = evidence.journal
        table = [(desk, *one) for desk, name in enumerate(journal.desks) for one in journal.work.get(name, ())]
        columns = [(desk, begin, end) for desk, _, begin, end in table]
        self.desk, self.begin, self.end = np.array(columns, dtype=np.int64).reshape(-1, 3).T
        overlaps = np.flatnonzero((np.diff(self.desk) == 0) & (self.begin[1:] < self.end[:-1]))
        if len(overlaps):
            desk, task_id, begin, _ = table[overlaps[0] + 1]
            name = journal.desks[desk]
            raise ValueError(f"{name} works on task {task_id!r} from {begin} ns, when the work before it is not done")
        task = evidence.places([task_id for _, task_id, _, _ in table])
        self.key = np.where(task == NO_TASK, NOTHING, (self.desk + 1) * evidence.tasks + task)

    def during(self, key: Whole, time: Whole, since: Whole) -> Whole:
        """`(n,)`: in which work on its task, begun since then, a desk speaks at a time (ns); -1 where in none.

        `key` is `Evidence.key` of desk and task. What is said as work ends is part of it, but not as it begins.
        """
        begun, asked = in_order(self.key, self.begin, key, time)
        order = np.argsort(begun, kind="stable")
        place = np.searchsorted(begun[order], asked) - 1
        found = np.append(order, 0)[place]
        whose, begin, end = (np.append(column, NOTHING)[found] for column in (self.key, self.begin, self.end))
        return np.where((place >= 0) & (whose == key) & (since <= begin) & (time <= end), found, NOTHING)
