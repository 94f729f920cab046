"""Whether desks did one thing at a time."""

from __future__ import annotations

import numpy as np

from office.study.checks.finding import Check, finding
from office.study.evidence import NO_TASK, Evidence
from office.study.pairing import Moments, first

__all__ = ["one_thing_at_a_time"]


def one_thing_at_a_time(evidence: Evidence) -> Check:
    """Look whether a desk's pieces of work follow one another, each on a task that a letter had come about."""
    journal = evidence.journal
    table = [(desk, *entry) for desk, name in enumerate(journal.desks) for entry in journal.work.get(name, ())]
    task = evidence.places([task_id for _, task_id, _, _ in table])
    desk, begin, end = np.array([(row[0], *row[2:]) for row in table], dtype=np.int64).reshape(-1, 3).T
    letters = np.flatnonzero(evidence.read)
    came = Moments(evidence.key(evidence.reader[letters], letters), evidence.mail.arrived[letters])
    key = np.where(task == NO_TASK, NO_TASK, (desk + 1) * evidence.tasks + task)
    overlaps = np.flatnonzero((np.diff(desk) == 0) & (begin[1:] < end[:-1])) + 1
    return finding(
        evidence,
        "work",
        "a desk does one thing at a time, which takes a while, and about which a letter had come",
        {"pieces of work": len(table), "desks": len(np.unique(desk))},
        (np.flatnonzero((end <= begin) | (begin < 0)), "it ends no later than it begins"),
        (overlaps, "the work before it was not done yet"),
        (np.flatnonzero(first(came, key) > begin), "no letter about this task had come"),
        table="work",
    )
