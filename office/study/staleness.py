"""How late feedback came, counted in updates.

A worker answers with the weights it has. While the feedback on that answer is on its way, feedback on other answers
arrives and moves the weights on. In the field: the staleness, or delay, τ of an asynchronous gradient.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from office.journal import Journal, Mail

__all__ = ["staleness"]

Rows = NDArray[np.int64]
"""Places in the mail of a journal."""


def staleness(journal: Journal, desk: str) -> NDArray[np.int64]:
    """Count, for each feedback that reached a desk, those that had reached it since it answered that task.

    `(feedbacks,)` updates, in order of arrival. 0 is feedback in time: an office with one task in flight has no other.
    Word that there is no feedback counts too, since a journal does not know what a message said; and feedback counts
    when it arrives, though a busy desk may let it lie.

    `desk` is a path, as in ``"estimates/alex"``, or the name of its link ``"….feedback_from_above"``. It needs an
    outbox and feedback from above of its own: the lower departments of a chain have theirs in common with the next
    one up. Raises `ValueError` where a link is missing, or where a task had feedback and no answer.
    """
    desk = desk.removesuffix(".feedback_from_above")
    mail = journal.mail
    heard = _arrivals(mail, _link(journal, f"{desk}.feedback_from_above"))
    answers, answered = _answers(journal, mail, desk)
    since = answers[_latest(answered, answers, mail.task[heard], heard)]
    return np.arange(len(heard)) - np.searchsorted(heard, since, side="right")


def _answers(journal: Journal, mail: Mail, desk: str) -> tuple[Rows, NDArray[np.int64]]:
    """After which row of the mail the desk sent each of its results, and for which task."""
    results = np.flatnonzero(mail.link == _link(journal, f"{desk}.outbox"))
    sent, tasks = mail.sent[results], mail.task[results]
    clock = mail.arrived[: _arrived(mail)]
    # Of the events of one instant, ends of work come first, then the mail, then whatever a desk that takes its time
    # turns to next; and a result arrives after it was sent.
    rows = np.minimum(np.searchsorted(clock, sent, side="right") - 1, results)
    if desk in journal.work:
        ends = [end for _, _, end in journal.work[desk]]
        return np.where(np.isin(sent, ends), np.searchsorted(clock, sent, side="left") - 1, rows), tasks
    # A desk that takes no time answers on reading the letter that makes the task complete: the task itself, or the
    # last of the results from its team.
    own, team = f"{desk}.inbox", f"{desk}/"
    brought = [place for place, name in enumerate(journal.links)
               if name == own or (name.startswith(team) and name.endswith(".outbox"))]  # fmt: skip
    letters = _arrivals(mail, *brought)
    return letters[_latest(mail.task[letters], letters, tasks, rows)], tasks


def _latest(tasks: NDArray[np.int64], rows: Rows, asked: NDArray[np.int64], until: Rows) -> NDArray[np.intp]:
    """Where to find, for each task asked about, its latest row that is not after `until`."""
    numbers = np.unique(np.concatenate([tasks, asked]), return_inverse=True)[1]
    # Task and row in one number, so that the rows of one task stand together and in order: then bisect.
    span = max(rows.max(initial=0), until.max(initial=0)) + 2
    pairs = numbers * span + 1 + np.concatenate([rows, until])
    order = np.argsort(pairs[: len(tasks)], kind="stable")
    places = np.searchsorted(pairs[: len(tasks)][order], pairs[len(tasks) :], side="right") - 1
    found: NDArray[np.intp] = order[np.maximum(places, 0)] if len(order) else places
    amiss = (places < 0) | (tasks[found] != asked) if len(order) else np.ones(len(asked), dtype=bool)
    if amiss.any():
        raise ValueError(f"task {asked[amiss][0]} has feedback in this journal, but no answer before it")
    return found


def _arrived(mail: Mail) -> int:
    """How many messages arrived; the rows after those are of what was still on its way."""
    return int(np.count_nonzero(mail.arrived >= 0))


def _arrivals(mail: Mail, *links: int) -> Rows:
    return np.flatnonzero(np.isin(mail.link[: _arrived(mail)], links))


def _link(journal: Journal, name: str) -> int:
    if name not in journal.links:
        raise ValueError(f'no link is named "{name}" in this journal (links: {", ".join(journal.links)})')
    return journal.links.index(name)
