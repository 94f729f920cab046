"""What the page replays: all of a short run, and of a long one stretches at its beginning, middle and end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from office.journal import Journal, Mail, TaskID
from office.show.page.packing import Packed, packed
from office.show.page.rooms import Rooms
from office.study import FeedbackSizes, Heard, LearningCurve, Occupancy

__all__ = ["FATES", "MOST_MESSAGES", "NEARLY_ALL", "Watched", "busy_end", "stretches"]

MOST_MESSAGES = 60_000
"""Runs of at most so many messages are replayed whole."""
NAMES = "beginning", "middle", "end"
NEARLY_ALL = 0.99
FATES = "read", "repeat", "damaged", "lost", "on its way"
OF_DESKS = "stalled", "crashed", "back"
"""What befalls a desk as a whole: it stays so, and is told in every stretch."""
EXACT = 2**53
"""Whole numbers below this are exact in a browser."""

Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Watched:
    """What was worked out of a whole run, and is shown stretch by stretch."""

    journal: Journal
    mail: Mail
    rooms: Rooms
    run_end: int
    """ns."""
    busy_end: int
    """ns: see `busy_end`."""
    curve: LearningCurve
    """What the people above said."""
    overtaken: Whole
    """`(rows,)` as in `study.overtaken`."""
    pending: Sequence[Occupancy]
    """`(drawn desks,)`: how many tasks are in each one's pending table."""
    in_tray: Sequence[Occupancy]
    """`(drawn desks,)`: how many letters are in each one's tray."""
    heard: dict[int, Heard]
    """By drawn desk, for those who are workers."""
    sizes: dict[int, FeedbackSizes]
    """By drawn desk, for those who have weights."""

    @property
    def fate(self) -> Whole:
        """`(rows,)` what became of each message, as a place in `FATES`."""
        mail = self.mail
        came = np.where(mail.read, 0, np.where(mail.damaged, 2, 1))
        return np.where(mail.arrived >= 0, came, np.where(mail.lost, 3, 4))


def stretches(watched: Watched, most: int = MOST_MESSAGES) -> list[dict[str, Any]]:
    """The stretches of a run, ready to be packed into the page; together they have about `most` messages at most.

    A stretch has every message that is on its way in it, and lasts at least as long as ten messages take. Where more
    are on their way by then than there is room for, it has those of every n-th task, and says so.
    """
    total = len(watched.mail.sent)
    by_sending = np.argsort(watched.mail.sent, kind="stable")
    parts = [] if total <= most else _parts(watched, by_sending, most // len(NAMES))
    if not parts or any(before[2] > after[1] for before, after in pairwise(parts)):
        whole = _stretch(watched, by_sending, "whole run", 0, watched.run_end, most)
        return [whole] if watched.busy_end == watched.run_end else [_until(watched, whole), whole]
    return [_stretch(watched, by_sending, *part, most // len(NAMES)) for part in parts]


def busy_end(mail: Mail, run_end: int) -> int:
    """ns: the end of the run, or, where nearly all is over long before that, when it is.

    Mail that is sent again until it is acknowledged, later and later, may go on a hundred times as long as the rest.
    """
    moments = np.sort(np.concatenate([mail.sent, mail.arrived[mail.arrived >= 0]]))
    nearly = int(moments[int(NEARLY_ALL * (len(moments) - 1))]) if len(moments) else run_end
    return nearly if 0 < 3 * nearly < run_end else run_end


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
    found = []
    for name, first in zip(NAMES, (0, (total - room) // 2, total - room), strict=True):
        begin, end = int(sent[first]), int(sent[first + room - 1]) if first + room < total else last
        if end - begin < least:
            end = min(begin + least, last)
            begin = max(0, min(begin, end - least))
        found.append((name, begin, end))
    return found


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
        "said": _said(watched, place, begin),
        "heard": _heard(watched, codes, begin),
        "work": _work(watched, place, begin, end),
        "incidents": _incidents(watched, place, begin, end),
        "pending": [_steps(one, begin, end) for one in watched.pending],
        "in_tray": [_steps(one, begin, end) for one in watched.in_tray],
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
    there = np.sort(tasks)
    return np.searchsorted(there, codes, side="right") - np.searchsorted(there, codes, side="left")


def _said(watched: Watched, place: dict[TaskID, int], begin: int) -> dict[str, Packed]:
    said = watched.journal.said
    rows = [row for row, (_, about, _) in enumerate(said) if about in place]
    return {
        "time": packed(np.array([said[row][0] - begin for row in rows], dtype=np.int64), steps=True),
        "task": packed([place[said[row][1]] for row in rows]),
        "loss": packed(watched.curve.losses[rows]),
    }


def _heard(watched: Watched, codes: Whole, begin: int) -> dict[str, Packed]:
    rows: list[Whole] = [np.empty((0, 4), np.int64)]
    for desk, one in watched.heard.items():
        task = np.searchsorted(codes, one.tasks)
        there = np.flatnonzero(np.append(codes, -1)[task] == one.tasks) if len(codes) else np.arange(0)
        columns = np.full(len(there), desk), one.times[there] - begin, task[there], one.staleness[there]
        rows.append(np.column_stack(columns))
    desk, time, task, late = np.concatenate(rows).T
    return {"desk": packed(desk), "time": packed(time), "task": packed(task), "late": packed(late)}


def _work(watched: Watched, place: dict[TaskID, int], begin: int, end: int) -> dict[str, Packed]:
    journal, rooms = watched.journal, watched.rooms
    rows = [
        (drawn, since - begin, until - since, place.get(about, -1))
        for drawn, desk in enumerate(rooms.desks)
        for about, since, until in journal.work.get(journal.desks[desk], ())
        if (until >= begin and since <= end) or about in place
    ]
    desk, time, took, task = np.array(rows, dtype=np.int64).reshape(-1, 4).T
    return {"desk": packed(desk), "time": packed(time), "took": packed(took), "task": packed(task)}


def _incidents(watched: Watched, place: dict[TaskID, int], begin: int, end: int) -> dict[str, Any]:
    journal, rooms = watched.journal, watched.rooms
    rows = sorted(
        (time - begin, drawn, what, -1 if about is None else place.get(about, -1))
        for drawn, desk in enumerate(rooms.desks)
        for time, what, about in journal.incidents.get(journal.desks[desk], ())
        if begin <= time <= end or what in OF_DESKS or about in place
    )
    times, desk, what, task = zip(*rows, strict=True) if rows else ((), (), (), ())
    kinds = sorted(set(what))
    return {
        "time": packed(times, steps=True),
        "desk": packed(desk),
        "what": packed([kinds.index(one) for one in what]),
        "kinds": kinds,
        "task": packed(task),
    }


def _steps(one: Occupancy, begin: int, end: int) -> dict[str, Packed]:
    """From when on there are how many, in a stretch: the first as it begins."""
    first = int(np.searchsorted(one.times, begin, side="right")) - 1
    last = int(np.searchsorted(one.times, end, side="right"))
    times = np.maximum(one.times[first:last], begin) - begin
    return {"time": packed(times, steps=True), "count": packed(one.counts[first:last])}
