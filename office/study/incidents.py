"""What befell a desk's tasks, as far as it ends their waiting."""

from __future__ import annotations

import numpy as np

from office.journal import Journal
from office.study.sequences import Whole

__all__ = ["incidents"]


def incidents(journal: Journal, desk: str, *what: str) -> tuple[Whole, Whole]:
    """`(incidents,)` which task each was about, as in `Mail`, and `(incidents,)` when it was, in ns, in their order.

    Only those of these kinds; what concerns no task, or one about which there is no mail, is left out.
    """
    found = [
        (journal.columns.code(task_id), time)
        for time, kind, task_id in journal.incidents.get(desk, ())
        if kind in what and task_id is not None
    ]
    known = [(code, time) for code, time in found if code is not None]
    tasks, times = np.array(known, dtype=np.int64).reshape(-1, 2).T
    return tasks, times
