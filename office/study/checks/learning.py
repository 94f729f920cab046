"""Whether what desks wrote of their learning could be."""

from __future__ import annotations

import numpy as np

from office.study.checks.finding import Check, finding
from office.study.evidence import NO_TASK, Evidence
from office.study.pairing import Moments, unmatched

__all__ = ["learning"]


def learning(evidence: Evidence) -> Check:
    """Look whether a desk learns only from feedback that came to it, and whether its updates only ever grow."""
    journal = evidence.journal
    table = [(desk, entry) for desk, name in enumerate(journal.desks) for entry in journal.learnt.get(name, ())]
    task = evidence.places([entry.task_id for _, entry in table])
    rows = np.array(
        [(desk, entry.time, entry.staleness, entry.updates) for desk, entry in table], dtype=np.int64
    ).reshape(-1, 4)
    desk, time, late, updates = rows.T
    _, came = evidence.read_on(evidence.ends.feedback_from_above)
    key = np.where(task == NO_TASK, NO_TASK, (desk + 1) * evidence.tasks + task)
    too_soon = unmatched(came, Moments(key, time))
    goes_back = np.flatnonzero((np.diff(desk) == 0) & ((np.diff(updates) < 0) | (np.diff(time) < 0))) + 1
    return finding(
        evidence,
        "learning",
        "a desk learns from feedback that came to it, no later than it has updates, and neither they nor time go back",
        {"feedbacks learnt from": len(table), "desks": len(np.unique(desk))},
        (np.flatnonzero(too_soon), "no feedback on this task had come, or not that often"),
        (np.flatnonzero(late > updates), "it is later than there had been updates"),
        (goes_back, "it stands after what was learnt later, or after more updates"),
        table="learnt",
    )
