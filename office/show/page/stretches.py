"""What the page replays: all of a short run, and of a long one stretches at its beginning, middle and end."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from office.journal import Mail
from office.show.page.packing import packed
from office.show.page.stretch_tables import heard_in, incidents_in, losses_in, steps_in, work_in
from office.show.page.watched import Watched, Whole

__all__ = ["MOST_MESSAGES", "stretches"]

MOST_MESSAGES = 60_000
"""Runs of at most so many messages are replayed whole."""
NAMES = "beginning", "middle", "end"
EXACT = 2**53
"""Whole numbers below this are exact in a browser."""


def stretches(watched: Watched, limit: int = MOST_MESSAGES) -> list[dict[str, Any]]:
    """The stretches of a run, ready to be packed into the page; together they have about `most` messages at most.

    A stretch has every message that is on its way in it, and lasts at least as long as ten messages take. Where more
    are on their way by then than there is room for, it has those of every n-th task, and says so.
    """
    total = len(watched.mail.sent)
    by_sending = np.argsort(watched.mail.sent, kind="stable")
    room = max(1, limit // len(NAMES))
    parts = [] if total <= limit else _parts(watched, by_sending, room)
    if not parts or any(before[2] > after[1] for before, after in pairwise(parts)):
        whole = _stretch(watched, by_sending, "whole run", 0, watched.run_end, limit)
        return [whole] if watched.busy_end == watched.run_end else [_until(watched, whole), whole]
    return [_stretch(watched, by_sending, *part, room) for part in parts]


def _until(watched: Watched, whole: dict[str, Any]) -> dict[str, Any]:
    """The busy part of a whole run: like the second stretch of the page, but for what is said here."""
    last = int(np.count_nonzero(watched.mail.sent <= watched.busy_end))
    return {
        "like": 1,
        "name": "busy part",
        "begin": 0,
        "end": watched.busy_end,
        "first": 1,
        "last": last,
        "every": whole["every"],
    }


def _parts(watched: Watched, by_sending: Whole, room: int) -> list[tuple[str, int, int]]:
    """Name, begin and end (ns) of stretches in which so many messages are sent."""
    mail, last = watched.mail, watched.run_end
    sent, total = mail.sent[by_sending], len(by_sending)
    took = (mail.arrived - mail.sent)[mail.arrived > mail.sent]
    least = 10 * int(np.median(took)) if len(took) else 1
    parts = []
    for name, first in zip(NAMES, (0, (total - room) // 2, total - room), strict=True):
        begin, end = int(sent[first]), int(sent[first + room - 1]) if first + room < total else last
        if end - begin < least:
            end = min(begin + least, last)
            begin = max(0, min(begin, end - least))
        parts.append((name, begin, end))
    return parts


def _stretch(watched: Watched, by_sending: Whole, name: str, begin: int, end: int, room: int) -> dict[str, Any]:
    journal, mail = watched.journal, watched.mail
    until = np.where(mail.arrived >= 0, mail.arrived, np.where(mail.lost, mail.sent, watched.run_end))
    rows = by_sending[(until[by_sending] >= begin) & (mail.sent[by_sending] <= end)]
    on_their_way = len(rows)
    rows, every = _of_every_nth_task(mail, rows, room * 3 // 2)
    codes, task = np.unique(mail.task[rows], return_inverse=True)
    ids = [journal.task_id(int(code)) for code in codes]
    came = mail.arrived[rows] >= 0
    links = np.arange(len(journal.links))
    place = {task_id: number for number, task_id in enumerate(ids)}
    first = int(np.count_nonzero(mail.sent < begin))
    return {
        "name": name,
        "begin": begin,
        "end": end,
        "first": first + 1,
        "last": int(np.count_nonzero(mail.sent <= end)),
        "on_their_way": on_their_way,
        "every": every,
        "tasks": [task_id if isinstance(task_id, str) or abs(task_id) < EXACT else str(task_id) for task_id in ids],
        "of": packed(_counts(mail.task, codes)),
        "mail": {
            "sent": packed(mail.sent[rows] - begin, steps=True),
            "took": packed(np.where(came, mail.arrived[rows] - mail.sent[rows], 0)),
            "link": packed(links[mail.link[rows]]),
            "task": packed(task),
            "copy": packed(mail.copy[rows]),
            "fate": packed(watched.fate[rows]),
            "overtaken": packed(watched.overtaken[rows]),
        },
        "said": losses_in(watched, place, begin),
        "heard": heard_in(watched, codes, begin),
        "work": work_in(watched, place, begin, end),
        "incidents": incidents_in(watched, place, begin, end),
        "pending": [steps_in(steps, begin, end) for steps in watched.pending],
        "in_tray": [steps_in(steps, begin, end) for steps in watched.in_tray],
    }


def _of_every_nth_task(mail: Mail, rows: Whole, room: int) -> tuple[Whole, int]:
    """As many rows as there is room for, and of every how many tasks they are."""
    if len(rows) <= room:
        return rows, 1
    every = -(-len(rows) // room)
    _, first, which = np.unique(mail.task[rows], return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    return rows[rank[which] % every == 0], every


def _counts(tasks: Whole, codes: Whole) -> Whole:
    """How many messages of the whole run are about each of these tasks."""
    ordered = np.sort(tasks)
    return np.searchsorted(ordered, codes, side="right") - np.searchsorted(ordered, codes, side="left")
