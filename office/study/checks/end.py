"""Whether nothing happened after the end of a run, and the run ended when it was to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from office.study.checks.check import Check, finding
from office.study.checks.client import client_can_wait
from office.study.ends import OUTSIDE
from office.study.handling import Handling
from office.study.matching import NO_TIME, Moments, first

__all__ = ["the_end"]


def the_end(index: Handling) -> Check:
    """Look whether a run ended with the last that happened, or at the time until which it was to go on.

    It goes on until the client has lost patience with the last of the tasks that it waits for. A user's own tasks may
    let time run on, too, and so may a client that waits for room on its links; then nothing but the last is known. What
    is wrong is named by the message that came last.
    """
    journal, mail = index.journal, index.mail
    until, last = journal.settings.get("until"), _last(index)
    is_clients = bool(journal.losses) or bool((index.is_said & (index.cause >= 0)).any())
    wrong = []
    if journal.end is not None and last > journal.end:
        wrong.append("something happened after the end")
    elif index.is_whole and journal.diverged is None:
        latest = int(mail.arrived.max(initial=0))
        if until is not None and journal.end != max(until, latest):
            wrong.append("the run was to end at another time")
        patience = journal.settings.get("patience")
        over = 0 if patience is None else _patience_over(index, patience)
        if until is None and is_clients and journal.end != max(last, over) and not (over and client_can_wait(index)):
            wrong.append("the run did not end with the last that happened, or with the client's patience")
    rows = np.array([max(len(mail.sent) - 1, 0)] if wrong and len(mail.sent) else [], dtype=np.int64)
    return finding(
        "end",
        "a run ends with the last that happens, or at the time until which it goes on",
        {"ends": int(journal.end is not None)},
        (rows, "; ".join(wrong)),
    )


def _patience_over(index: Handling, patience: int) -> int:
    """When the client gave up the last of the tasks that it gave up, in ns; 0 if it gave up none.

    It waits for a first word from when it submits a task, and from when it has spoken of the result for the next.
    """
    journal, mail, ends = index.journal, index.mail, index.ends
    submitted = np.flatnonzero(index.is_submitted)
    tasks, begun = index.task[submitted], mail.sent[submitted]
    comes_below = index.read & (index.reader == OUTSIDE) & (ends.feedback_to_below != OUTSIDE)[mail.link]
    result, below = (
        first(Moments(index.task[rows], mail.arrived[rows]), tasks)
        for rows in (np.flatnonzero(index.brings_result_to_client), np.flatnonzero(comes_below))
    )
    losses = Moments(
        index.places([task_id for _, task_id, _ in journal.losses]),
        np.array([time for time, _, _ in journal.losses], dtype=np.int64),
    )
    spoken = first(losses, tasks)
    in_vain = np.minimum(result, below) >= begun + patience
    in_vain_later = ~in_vain & (spoken <= below) & (spoken < NO_TIME) & (below - spoken >= patience)
    over = [*(begun + patience)[in_vain].tolist(), *(spoken + patience)[in_vain_later].tolist()]
    return max(over, default=0)


def _last(index: Handling) -> int:
    """When the last thing of all happened, in ns."""
    journal, mail = index.journal, index.mail
    times = [int(mail.arrived.max(initial=0)), int(mail.sent.max(initial=0))]
    tables: list[Sequence[tuple[Any, ...]]] = [journal.losses, *journal.incidents.values(), *journal.learnt.values()]
    times += [max(row[0] for row in rows) for rows in tables if rows]
    times += [max(row[2] for row in rows) for rows in journal.work.values() if rows]
    return max(times)
