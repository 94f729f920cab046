"""Entries of a journal as text."""

from __future__ import annotations

from typing import Any

from office.ids import TaskID
from office.journal import BY_DESK, Journal, Mail
from office.times import exact_time

__all__ = ["TABLES", "entry_text", "message_text", "sizes"]

TABLES = "mail", "losses", *BY_DESK
"""The tables of a journal, in the order in which they are told of."""


def sizes(journal: Journal) -> dict[str, int]:
    """How many entries each table has."""
    by_desk = {
        table: sum(len(getattr(journal, table).get(desk, ())) for desk in journal.desks) for table in BY_DESK
    }  # fmt: skip
    return {"mail": len(journal), "losses": len(journal.losses), **by_desk}


def entry_text(journal: Journal, mail: Mail, table: str, row: int) -> str:
    """What an entry says, in words.

    Args:
        journal: The journal.
        mail: Its mail, which takes a while to work out.
        table: One of `TABLES`.
        row: Which entry of that table, from 0.
    """
    if table == "mail":
        return message_text(journal, mail, row)
    if table == "losses":
        time, task_id, loss = journal.losses[row]
        return f"task {task_id!r} spoken of at {exact_time(time)}, loss {loss:g}"
    if table == "work":
        desk, task_id, begin, end = _nth(journal.desks, journal.work, row)
        return f"{desk}: work on task {task_id!r} from {exact_time(begin)} to {exact_time(end)}"
    if table == "learnt":
        desk, time, task_id, late, before, from_above, to_below = _nth(journal.desks, journal.learnt, row)
        when = f"at {exact_time(time)}, {late} updates late, after {before} updates"
        sizes = ", ".join(
            f"{size!r} {way}" for size, way in ((from_above, "from above"), (to_below, "to below")) if size is not None
        )
        return f"{desk}: learnt from task {task_id!r} {when}" + (f"; size {sizes}" if sizes else "")
    desk, time, what, task_id = _nth(journal.desks, journal.incidents, row)
    return f"{desk}: {what}{'' if task_id is None else f', task {task_id!r}'}, at {exact_time(time)}"


def _nth(desks: list[str], table: dict[str, list[Any]], row: int) -> Any:
    for desk in desks:
        rows = table.get(desk, ())
        if row < len(rows):
            return desk, *rows[row]
        row -= len(rows)
    raise IndexError(f"there is no row {row} more")


def message_text(journal: Journal, mail: Mail, row: int) -> str:
    """What a row of the mail says: link, message, copy, task, times, exactly.

    Args:
        journal: The journal.
        mail: Its mail, which takes a while to work out.
        row: Which row of it, from 0.
    """
    mark, arrived = int(mail.mark[row]), int(mail.arrived[row])
    alone = Mail(*(column[row : row + 1] for column in mail))
    copy = int(alone.copy[0])
    which = f"message {int(alone.number[0])}" + (f", copy {copy}" if copy else "")
    damaged = ", damaged" if alone.damaged[0] else ""
    if arrived != -1:
        came = f"arrived at {exact_time(arrived)}" + (", and lost" if mark < 0 else "")
    else:
        came = "lost" if mark < 0 else "still on its way"
    task: TaskID = journal.task_id(int(mail.task[row]))
    link = journal.links[mail.link[row]].name
    return f"{link}: {which}, about task {task!r}, sent at {exact_time(int(mail.sent[row]))}, {came}{damaged}"
