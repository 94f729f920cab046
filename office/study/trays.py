"""How long mail lies in a desk's tray before the desk turns to it."""

from __future__ import annotations

from typing import Literal

import numpy as np

from office.journal import Journal
from office.study.channels import channels
from office.study.columns import LinkMail, mail_on
from office.study.incidents import incidents
from office.study.matching import in_order
from office.study.sequences import Whole
from office.study.stays import NOT_OVER, Stays, stays
from office.times import NEVER

__all__ = ["in_tray"]

EXPIRED = "results expired", "feedback expired", "replies expired"


def in_tray(
    journal: Journal, desk: str, what: Literal["tasks", "feedback"] | None = None, end: int | None = None
) -> Stays:
    """Each letter in the tray of a desk, until the desk turns to it: tasks, feedback from above, or both.

    In the field: waiting times. Nothing lies in the tray of a desk that takes no time, has no limit and never stalls. A
    desk turns to a letter when it begins the work in the journal, or, where that takes no time, when it sends what it
    has to say, or counts the letter as stray. To letters of these two kinds it has something to say; to those from its
    team it may have nothing, and so a journal does not tell how long they lie. Work that was not done when the run
    ended is not in the journal: that letter counts as in the tray still. What is lost or damaged, and repeats, never
    lie there.

    Raises `ValueError` where there is no such desk.
    """
    links = channels(journal, desk)
    team = [name for name in journal.links if name.startswith(f"{desk}/")]
    kinds = {
        "tasks": (links.inbox, [name for name in team if name.endswith(".inbox")] or [links.outbox]),
        "feedback": (
            links.feedback_from_above,
            [*(name for name in team if name.endswith(".feedback_from_above")), links.feedback_to_below],
        ),
    }
    arrived, over = [], []
    for link, speaks in [kinds[what]] if what else kinds.values():
        letters = mail_on(journal, link).delivered
        arrived.append(letters.arrived)
        over.append(_turned_to(journal, desk, letters, speaks))
    return stays(journal, end, np.concatenate(arrived), np.concatenate(over))


def _turned_to(journal: Journal, desk: str, letters: LinkMail, speaks: list[str]) -> Whole:
    """`(letters,)` ns: when the desk turned to each, or never; `speaks` are the links on which it then speaks."""
    said = [mail_on(journal, link).originals for link in speaks]
    tasks, sent = np.concatenate([mail.task for mail in said]), np.concatenate([mail.sent for mail in said])
    # What a desk says on giving a task up answers no letter.
    spoken, given_up = in_order(tasks, sent, *incidents(journal, desk, *EXPIRED))
    answers = ~np.isin(spoken, given_up)
    strays, came_to_nothing = incidents(journal, desk, "stray")
    spoke = _first(np.append(strays, tasks[answers]), np.append(came_to_nothing, sent[answers]), letters)
    work = [(journal.columns.code(task_id), begin) for task_id, begin, _ in journal.work.get(desk, ())]
    known = np.array([row for row in work if row[0] is not None], dtype=np.int64).reshape(-1, 2)
    began = _first(known[:, 0], known[:, 1], letters)
    return np.where(spoke == NEVER, NOT_OVER, np.minimum(spoke, began))


def _first(tasks: Whole, times: Whole, letters: LinkMail) -> Whole:
    """`(letters,)` the first of these times, for the letter's task, that is not before its arrival; or `NEVER`."""
    there, asked = in_order(tasks, times, letters.task, letters.arrived)
    order = np.argsort(there)
    places = np.append(order, -1)[np.searchsorted(there[order], asked)]
    fits = np.append(tasks, 0)[places] == letters.task
    return np.where(fits & (places >= 0), np.append(times, NEVER)[places], NEVER)
