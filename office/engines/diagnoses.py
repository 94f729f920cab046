"""What is wrong in an office, told with what its links and its journal know: who waits for whom, what came before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from office.engines.floor_plan import Post
from office.errors import AlreadyAnswered, Deadlock, UnknownTask
from office.ids import CLIENT, TaskID
from office.journal import Journal
from office.mail import BoundedLink
from office.times import time_text

if TYPE_CHECKING:
    from office.engines.workplace import Workplace

__all__ = ["answered_before", "deadlock"]


def deadlock(workplace: Workplace, client: str) -> Deadlock:
    """The error that says who waits for whom; `client` is what whoever is outside waits for, if anything."""
    lines: list[tuple[str, str]] = []
    for link in workplace.room.links:
        if isinstance(link, BoundedLink) and link.waiting:
            full = f"{link.name} is full ({link.held} of {link.capacity})"
            lines.append((link.sender.name, f"waits to send: {full}"))
            if link.receiver is workplace.client_tray:
                lines.append((CLIENT, f"is not reading {link.name}"))
    lines += [(tray.name, tray.excuse) for tray in workplace.trays.values() if tray.excuse]
    if client:
        lines.append((CLIENT, f"waits for {client}"))
    width = max((len(who) for who, _ in lines), default=0)
    told = [f"{who:{width}} {what}" for who, what in lines]
    return Deadlock("\n  ".join([f"everybody is waiting at {time_text(workplace.now)}", *told]))


def answered_before(workplace: Workplace, post: Post, error: Exception) -> AlreadyAnswered | None:
    """What is to be said instead of an error, where it is that a feedback came a second time; else None.

    A desk forgets a task once it is answered; the journal knows whether and when that was.
    """
    if not (isinstance(error, UnknownTask) and error.subject == "feedback" and error.task_id is not None):
        return None
    now, task_id = workplace.trays[post.desk.name].now, error.task_id
    heard = _arrivals(workplace.journal, workplace.sending[post.own.feedback_from_above.name].rank, task_id, now)
    if len(heard) < 2:
        return None
    who, when = post.desk.name, heard[0]
    for ways in post.team:
        told = workplace.sending[ways.feedback_from_above.name]
        for time in _arrivals(workplace.journal, told.rank, task_id, now):
            if time >= when:
                who, when = told.receiver.name.removeprefix(f"{post.desk.name}/"), time
    second = AlreadyAnswered("second feedback", f"; {who} heard the first at {time_text(when)}")
    second.at(post.desk.name, task_id)
    return second


def _arrivals(journal: Journal, link: int, task_id: TaskID, until: int) -> list[int]:
    """When messages about a task arrived on a link, up to a time."""
    mail = journal.mail
    task = np.array([journal.task_id(code) == task_id for code in mail.task.tolist()], dtype=bool)
    times = mail.arrived[task & (mail.link == link)]
    return [int(time) for time in times if 0 <= time <= until]
