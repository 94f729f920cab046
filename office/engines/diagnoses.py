"""What is wrong in an office, told with what its links and its journal know: who waits for whom, what came before."""

from __future__ import annotations

from collections.abc import Mapping

from office.engines.floor_plan import Post
from office.errors import AlreadyAnswered, Deadlock, UnknownTask
from office.ids import CLIENT, TaskID
from office.journal import Journal
from office.mail import BoundedLink, Link, Mailroom, Tray
from office.times import time_text

__all__ = ["answered_before", "deadlock"]


def deadlock(room: Mailroom, client_tray: Tray, client: str = "") -> Deadlock:
    """The error that says which desk waits for which.

    Args:
        room: the mailroom, which has the links and the trays.
        client_tray: the tray of the client.
        client: what the client waits for, in words, if anything.
    """
    lines: list[tuple[str, str]] = []
    for link in room.links:
        if isinstance(link, BoundedLink) and link.waiting:
            full = f"{link.name} is full ({link.held} of {link.capacity})"
            lines.append((link.sender.name, f"waits to send: {full}"))
            if link.receiver is client_tray:
                lines.append((CLIENT, f"is not reading {link.name}"))
    lines += [(tray.name, tray.excuse) for tray in room.trays.values() if tray.excuse]
    if client:
        lines.append((CLIENT, f"waits for {client}"))
    width = max((len(who) for who, _ in lines), default=0)
    now = max(tray.now for tray in room.trays.values())
    aligned = [f"{who:{width}} {what}" for who, what in lines]
    return Deadlock("\n  ".join([f"everybody is waiting at {time_text(now)}", *aligned]))


def answered_before(
    error: BaseException, post: Post, links: Mapping[str, Link], journal: Journal, now: int
) -> AlreadyAnswered | None:
    """The error to raise instead of another one where a feedback came a second time; else None.

    A desk forgets a task once it is answered; the journal knows whether and when that was.

    Args:
        error: what the desk raised.
        post: the desk's place.
        links: all links, by name.
        journal: has all mail until now.
        now: the desk's time, in ns.
    """
    if not (isinstance(error, UnknownTask) and error.subject == "feedback" and error.task_id is not None):
        return None
    task_id = error.task_id
    arrivals = _arrivals(journal, links[post.own.feedback_from_above.name].rank, task_id, now)
    if len(arrivals) < 2:
        return None
    who, when = post.desk.name, arrivals[0]
    for ways in post.team:
        link = links[ways.feedback_from_above.name]
        for time in _arrivals(journal, link.rank, task_id, now):
            if time >= when:
                who, when = link.receiver.name.removeprefix(f"{post.desk.name}/"), time
    second = AlreadyAnswered("second feedback", f"; {who} heard the first at {time_text(when)}")
    second.at(post.desk.name, task_id)
    return second


def _arrivals(journal: Journal, link: int, task_id: TaskID, until: int) -> list[int]:
    """When messages about a task arrived on a link, up to a time."""
    mail = journal.mail
    arrived = (mail.task == journal.columns.code(task_id)) & (mail.arrived >= 0) & (mail.arrived <= until)
    times: list[int] = mail.arrived[arrived & (mail.link == link)].tolist()
    return times
