"""Stays: from when to when each message, or each task, was somewhere. What queues are made of.

In the field: sojourns. A journal tells of these:

`on_link`     a message under way: from its sending to its arrival
`in_tray`     a letter in a desk's tray: from its arrival until the desk turns to it
`in_table`    a task in a desk's pending table: from the sending of its result to the arrival of its feedback
`at_desk`     a task with a desk and whoever works for it: from its arrival in the inbox to the sending of its result
`in_office`   a task with the office: from its submission to the arrival of its feedback to below

Feedback that a busy or stalled desk lets lie counts as heard when it arrives. On a bounded link a message counts as
sent when there is room for it, so that a result which waits for room is not pending yet.

Of several copies of a message, the sending of the original counts, and the arrival of the first that is undamaged. So a
task whose result or feedback was lost or damaged stays, unless the desk lets it go: a crash made it forget the task, or
the task expired. A message about such a task, which then comes to nothing, ends no stay. A task that the client gives
up stays in the office until its feedback to below comes, or until the end.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from office.ids import CLIENT
from office.journal import IncidentKind, Journal, Mail
from office.study.ends import channels
from office.study.link_mail import incidents, mail_on, run_end
from office.study.matching import in_order, matched
from office.study.sequences import Whole
from office.times import NEVER

__all__ = ["Stays", "at_desk", "in_office", "in_table", "in_tray", "on_link", "stays"]

NOT_OVER = -1
"""The end of what is still there at the end of the run."""


@dataclass(frozen=True)
class Stays:
    """So many stays, from the beginning of a run at 0 to its end."""

    begin: Whole
    """`(stays,)` ns."""
    end: Whole
    """`(stays,)` ns; -1 for what is still there at the end of the run."""
    run_end: int
    """ns."""

    @property
    def lengths(self) -> Whole:
        """`(stays that ended,)` ns, in order of beginning."""
        over = self.end >= 0
        return self.end[over] - self.begin[over]

    @property
    def lengths_so_far(self) -> Whole:
        """`(stays,)` ns: those still there counted up to the end of the run."""
        return np.where(self.end >= 0, self.end, self.run_end) - self.begin


def on_link(journal: Journal, link: str | None = None, end: int | None = None) -> Stays:
    """Each copy of a message under way on a link, or on any of them. Raises `ValueError` where no link has that name.

    Repeats and what arrives damaged are under way as long as anything else. What is lost does not come under way at
    all, as in tc-netem, where it is dropped as it is sent: a journal does not tell where it got to.

    How long a run took is known to its result, as `run.time`; repeats may still be under way then.

    Args:
        journal: What a run has recorded.
        link: The link's name; None is all links together.
        end: Look at the run until then (ns), and leave out what comes later; None is until the last event in the
            journal.
    """
    mail = journal.mail if link is None else mail_on(journal, link)
    return stays(journal, end, mail.sent[~mail.lost], mail.arrived[~mail.lost])


def in_table(journal: Journal, desk: str, end: int | None = None) -> Stays:
    """Each task in the pending table of a desk; in the field, a microbatch whose activations are stashed.

    A task is taken out of the table by its feedback, by a crash, or by expiring. Raises `ValueError` where there is no
    such desk, and for a feedback with no result before it, unless it is on a task that the desk had let go.

    Args:
        journal: What a run has recorded.
        desk: The desk's path.
        end: Look at the run until then (ns); None is until the last event in the journal.
    """
    links = channels(journal, desk)
    results, feedback = mail_on(journal, links.outbox).originals, mail_on(journal, links.feedback_from_above).delivered
    heard = feedback.task, feedback.arrived
    over = _over(
        journal, desk, (results.task, results.sent), heard, IncidentKind.FORGOTTEN, IncidentKind.FEEDBACK_EXPIRED
    )
    return stays(journal, end, results.sent, over)


def at_desk(journal: Journal, desk: str, end: int | None = None) -> Stays:
    """Each task with a desk, until its result; in the field, response times. Raises `ValueError` as `in_table` does.

    A task that never came to the desk, lost or damaged, was never there; one whose answers from the team did not come
    in time is there until the desk gives it up.

    Args:
        journal: What a run has recorded.
        desk: The desk's path.
        end: Look at the run until then (ns); None is until the last event in the journal.
    """
    links = channels(journal, desk)
    tasks, results = mail_on(journal, links.inbox).delivered, mail_on(journal, links.outbox).originals
    answered = results.task, results.sent
    over = _over(journal, desk, (tasks.task, tasks.arrived), answered, IncidentKind.RESULTS_EXPIRED)
    return stays(journal, end, tasks.arrived, over)


def in_office(journal: Journal, end: int | None = None) -> Stays:
    """Each task with the whole office: the client's tasks in flight. Raises `ValueError` as `in_table` does.

    A task that is lost on its way in counts too.
    """
    inbox = next((link.name for link in journal.links if link.sender == CLIENT and link.sent_on == "inbox"), "")
    below = next((link.name for link in journal.links if link.reader == CLIENT and link.read_on != "outbox"), "")
    tasks, back = mail_on(journal, inbox).originals, mail_on(journal, below).delivered
    return stays(journal, end, tasks.sent, _over(journal, CLIENT, (tasks.task, tasks.sent), (back.task, back.arrived)))


def stays(journal: Journal, end: int | None, begin: Whole, over: Whole) -> Stays:
    """Those that have begun by the end of the run, or by `end`, in order of beginning.

    Args:
        journal: What a run has recorded.
        end: The end (ns) to look at; None is the last event in the journal.
        begin: `(stays,)` ns
        over: `(stays,)` ns
    """
    last = run_end(journal) if end is None else end
    order = np.argsort(begin, kind="stable")
    order = order[begin[order] <= last]
    return Stays(begin[order], np.where(over[order] > last, NOT_OVER, over[order]), last)


def _over(journal: Journal, desk: str, begun: tuple[Whole, Whole], done: tuple[Whole, Whole], *let_go: str) -> Whole:
    """`(stays,)` when each stay is over, or never. Stays and ends are given as tasks and times.

    An end is a message, or an incident of the kinds in `let_go`.
    """
    given_up, when = incidents(journal, desk, *let_go)
    tasks, times = np.concatenate([given_up, done[0]]), np.concatenate([when, done[1]])
    ends = matched(*begun, tasks, times)
    spare = np.ones(len(times), dtype=bool)
    spare[ends[ends >= 0]] = False
    spare[: len(when)] = False
    unbegun = tasks[spare & ~np.isin(tasks, given_up)]
    if len(unbegun):
        raise ValueError(f"task {unbegun[0]} is done with in this journal before it has begun")
    return np.append(times, NOT_OVER)[ends]


def in_tray(
    journal: Journal, desk: str, what: Literal["tasks", "feedback"] | None = None, end: int | None = None
) -> Stays:
    """Each letter in the tray of a desk, until the desk turns to it: tasks, feedback from above, or both.

    In the field: waiting times. Nothing lies in the tray of a desk that takes no time, has no limit and never stalls. A
    desk turns to a letter when it begins the work in the journal, or, where that takes no time, when it sends what the
    letter causes, or counts the letter as stray. Letters of these two kinds cause something; those from its team may
    cause nothing, and so a journal does not tell how long they lie. Work that was not done when the run ended is not in
    the journal: that letter counts as in the tray still. What is lost or damaged, and repeats, never lie there.

    Raises `ValueError` where there is no such desk.

    Args:
        journal: What a run has recorded.
        desk: The desk's path.
        what: Only "tasks", or only "feedback" from above.
        end: Look at the run until then (ns); None is until the last event in the journal.
    """
    own = channels(journal, desk)
    links = {"tasks": own.inbox, "feedback": own.feedback_from_above}
    mail = journal.mail
    read_on = [journal.place_of(link) for kind, link in links.items() if what in (None, kind)]
    letters = np.flatnonzero(mail.read & np.isin(mail.link, read_on))
    return stays(journal, end, mail.arrived[letters], _turned_to(journal, desk, mail, letters, read_on))


def _turned_to(journal: Journal, desk: str, mail: Mail, letters: Whole, read_on: list[int]) -> Whole:
    """`(letters,)` ns: when the desk turned to each, or never."""
    task, arrived = mail.task[letters], mail.arrived[letters]
    sent = np.flatnonzero(np.isin(mail.cause_link, read_on) & (mail.copy == 0))
    cause = mail.rows_of(mail.cause[sent])
    handled = np.full(len(mail.sent), NEVER)
    np.minimum.at(handled, cause[cause >= 0], mail.sent[sent[cause >= 0]])
    handled = handled[letters]
    strays = np.flatnonzero(handled == NEVER)  # they cause nothing
    handled[strays] = _first(*incidents(journal, desk, IncidentKind.STRAY), task[strays], arrived[strays])
    # A desk that takes its time turned to a letter when it began the work in or after which it had handled it.
    work = [(journal.columns.code(task_id), begin, end) for task_id, begin, end in journal.work.get(desk, ())]
    about, begin, end = np.array([(-1, -1, -1), *(row for row in work if row[0] is not None)], dtype=np.int64).T
    place = np.searchsorted(begin, handled) - 1
    is_work = (about[place] == task) & (arrived <= begin[place]) & (handled <= end[place])
    return np.where(handled == NEVER, NOT_OVER, np.where(is_work, begin[place], handled))


def _first(tasks: Whole, times: Whole, asked: Whole, since: Whole) -> Whole:
    """`(asked,)` the first of these times for each task that is not before `since`; or `NEVER`."""
    known, wanted = in_order(tasks, times, asked, since)
    order = np.argsort(known)
    places = np.append(order, -1)[np.searchsorted(known[order], wanted)]
    fits = (places >= 0) & (np.append(tasks, 0)[places] == asked)
    return np.where(fits, np.append(times, NEVER)[places], NEVER)
