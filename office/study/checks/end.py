"""Whether nothing happened after the end of a run, and the run ended when it was to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from office.study.checks.check import Check, finding
from office.study.handling import Handling

__all__ = ["the_end"]


def the_end(index: Handling) -> Check:
    """Look whether a run ended with the last that happened, or at the time until which it was to go on.

    A user's own tasks may let time run on after that, and so may a client's patience; then nothing but the last is
    known. What is wrong is named by the message that came last.
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
        if until is None and is_clients and "patience" not in journal.settings and journal.end != last:
            wrong.append("the run went on though nothing more happened")
    rows = np.array([max(len(mail.sent) - 1, 0)] if wrong and len(mail.sent) else [], dtype=np.int64)
    return finding(
        "end",
        "a run ends with the last that happens, or at the time until which it goes on",
        {"ends": int(journal.end is not None)},
        (rows, "; ".join(wrong)),
    )


def _last(index: Handling) -> int:
    """When the last thing of all happened, in ns."""
    journal, mail = index.journal, index.mail
    times = [int(mail.arrived.max(initial=0)), int(mail.sent.max(initial=0))]
    tables: list[Sequence[tuple[Any, ...]]] = [journal.losses, *journal.incidents.values(), *journal.learnt.values()]
    times += [max(row[0] for row in rows) for rows in tables if rows]
    times += [max(row[2] for row in rows) for rows in journal.work.values() if rows]
    return max(times)
