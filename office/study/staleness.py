"""How late feedback came, counted in updates.

A worker answers with the weights it has. While the feedback on that answer is on its way, feedback on other answers
arrives and moves the weights on. In the field: the staleness, or delay, τ of an asynchronous gradient.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from office.journal import IncidentKind, Journal, Mail
from office.study.ends import channels
from office.study.link_mail import incidents
from office.study.matching import in_order, matched
from office.study.sequences import Whole

__all__ = ["Heard", "Stashed", "heard", "learners", "learnt_at", "staleness", "stashed"]


class Heard(NamedTuple):
    """The feedback that a desk heard, in the order in which it heard it."""

    times: Whole
    """`(feedbacks,)` ns: when it learnt from each; at a desk without weights, when each arrived."""
    tasks: Whole
    """`(feedbacks,)` as in `Mail`."""
    staleness: Whole
    """`(feedbacks,)` how late each was, in updates."""


def staleness(journal: Journal, desk: str) -> Whole:
    """How late, in updates, the feedback was that a desk heard: `(feedbacks,)`, in the order in which it heard it.

    0 is feedback in time: an office with one task in flight has no other. A desk with weights has written it down
    itself: for each feedback that it learnt from, how many updates its weights had taken since it answered.

    Of any other desk it is, for each feedback that reached it, how many had reached it since it answered that task.
    Here repeats do not count, nor what was damaged or lost, nor stray feedback on a task that the desk had let go:
    nobody learns from those. Word that there is no feedback does count, since a journal does not know what a message
    said; and feedback counts when it arrives, though a desk that is busy or stalled may let it lie.

    `desk` is a path, as in ``"estimates/alex"``, or the name of its link ``"….feedback_from_above"``. Raises
    `ValueError` where there is no such desk, or where a task had feedback and no answer.
    """
    desk = desk.removesuffix(".feedback_from_above")
    return learnt_at(journal, desk)[0] if desk in learners(journal) else heard(journal, desk).staleness


def heard(journal: Journal, desk: str) -> Heard:
    """When a desk heard which feedback, and how late it was: see `staleness`, which raises the same.

    What a desk with weights learnt about a task that no message is about is left out.
    """
    if desk in learners(journal):
        learnt = [(row.time, journal.columns.code(row.task_id), row.staleness) for row in journal.learnt.get(desk, ())]
        known = [row for row in learnt if row[1] is not None]
        return Heard(*np.array(known, dtype=np.int64).reshape(-1, 3).T)
    hearing = hearing_of(journal, journal.mail, desk)
    if (hearing.late < 0).any():
        task_id = journal.task_id(int(journal.mail.task[hearing.feedback[hearing.late < 0][0]]))
        raise ValueError(f"task {task_id!r} has feedback in this journal, but no answer before it")
    return Heard(journal.mail.arrived[hearing.feedback], journal.mail.task[hearing.feedback], hearing.late)


def learners(journal: Journal) -> list[str]:
    """The desks whose workers have weights, in order of the chart: the stages of a pipeline, from below."""
    return list(journal.weights)


def learnt_at(journal: Journal, desk: str) -> tuple[Whole, Whole]:
    """Of each feedback that a desk learnt from: how late it was, and how many updates there had been.

    Two columns `(feedbacks,)`, in the order in which it heard them. Raises `ValueError` where the desk has no weights.
    """
    if desk not in learners(journal):
        raise ValueError(f"{desk} has no weights in this journal (with weights: {', '.join(learners(journal))})")
    rows = [(row.staleness, row.updates) for row in journal.learnt.get(desk, ())]
    late, updates = np.array(rows, dtype=np.int64).reshape(-1, 2).T
    return late, updates


class Hearing(NamedTuple):
    """The answers of a desk and the feedback that it heard, as rows of the journal's mail."""

    answers: Whole
    """`(answers,)` the originals, in order of sending."""
    sent_after: Whole
    """`(answers,)` the row after which each was sent: what the desk heard up to there, it had heard by then."""
    feedback: Whole
    """`(feedbacks,)` in the order in which it heard them."""
    late: Whole
    """`(feedbacks,)` how many feedbacks it had heard since the answer that each is on; -1 where there is no answer."""


def hearing_of(journal: Journal, mail: Mail, desk: str) -> Hearing:
    """What a desk answered and heard, row by row. Raises `ValueError` where there is no such desk.

    Args:
        journal: What a run has recorded.
        mail: Its mail.
        desk: The desk's path.
    """
    own = channels(journal, desk)
    answers, sent_after = _answers(journal, mail, journal.place_of(own.outbox), desk)
    feedback = np.flatnonzero(mail.read & (mail.link == journal.place_of(own.feedback_from_above)))
    if journal.incidents.get(desk):
        feedback = feedback[_is_about_a_pending_task(journal, desk, mail, feedback, answers)]
    # Each is on the latest answer to its task.
    known, wanted = in_order(mail.task[answers], sent_after, mail.task[feedback], feedback)
    order = np.argsort(known)
    place = np.searchsorted(known[order], wanted, side="right") - 1
    answer = np.append(order, 0)[place]
    is_answered = (place >= 0) & (np.append(mail.task[answers], 0)[answer] == mail.task[feedback])
    before = np.searchsorted(feedback, np.append(sent_after, 0)[answer], side="right")
    return Hearing(answers, sent_after, feedback, np.where(is_answered, np.arange(len(feedback)) - before, -1))


def _answers(journal: Journal, mail: Mail, outbox: int, desk: str) -> tuple[Whole, Whole]:
    """The answers of a desk, and after which row each was sent; an answer is sent when its original is."""
    copies = np.flatnonzero(mail.link == outbox)
    copies = copies[np.lexsort((mail.copy[copies], mail.number[copies]))]
    numbers, originals = np.unique(mail.number[copies], return_index=True)
    answers = copies[originals]
    earliest = np.minimum.reduceat(copies, originals) if len(numbers) else copies
    clock, sent = mail.arrived[: np.count_nonzero(mail.arrived >= 0)], mail.sent[answers]
    # Of the events of one instant, ends of work come first, then the mail, then whatever a desk that takes its time
    # turns to next; and a result arrives after it was sent.
    rows = np.minimum(np.searchsorted(clock, sent, side="right") - 1, earliest)
    if journal.work.get(desk):
        ends = [end for _, _, end in journal.work[desk]]
        return answers, np.where(np.isin(sent, ends), np.searchsorted(clock, sent, side="left") - 1, rows)
    # A desk that takes no time answers on reading the cause of the answer, unless it let that letter lie.
    cause = mail.rows_of(mail.cause[answers])
    return answers, np.where((cause >= 0) & (mail.arrived[cause] == sent), cause, rows)


def _is_about_a_pending_task(
    journal: Journal, desk: str, mail: Mail, heard: Whole, answers: Whole
) -> NDArray[np.bool_]:
    """Whether each feedback found its task pending, at a desk that lets tasks go."""
    let_go, when = incidents(journal, desk, IncidentKind.FORGOTTEN, IncidentKind.FEEDBACK_EXPIRED)
    done, times = np.append(let_go, mail.task[heard]), np.append(when, mail.arrived[heard])
    ends = matched(mail.task[answers], mail.sent[answers], done, times) - len(let_go)
    return np.isin(np.arange(len(heard)), ends) | ~np.isin(mail.task[heard], let_go)


@dataclass(frozen=True)
class Stashed:
    """The old weights that a desk keeps, feedback by feedback."""

    versions: Whole
    """`(feedbacks,)`: as each came, how many versions besides today's were kept, those that it was about among them."""
    version_bytes: int
    """What one of them takes."""

    @property
    def peak_bytes(self) -> int:
        """The most memory that they ever took."""
        return int(self.versions.max(initial=0)) * self.version_bytes

    @property
    def mean_bytes(self) -> float:
        """The memory that they took on average over the feedbacks; 0 where none came."""
        return float(self.versions.mean()) * self.version_bytes if len(self.versions) else 0.0


def stashed(journal: Journal, desk: str) -> Stashed:
    """How many versions of its weights a desk keeps for late feedback.

    Weights with the policy "live" or "refuse" keep none. Under "stash" a version is kept from the update after it until
    the last feedback on an answer that was given with it. One that no feedback came for is not counted. Raises
    `ValueError` where the desk has no weights. In the field: the memory of weight stashing, as in D. Narayanan et al.,
    *PipeDream* (2019).
    """
    late, updates = learnt_at(journal, desk)
    last = np.zeros(int(updates.max(initial=0)) + 1, dtype=np.int64)
    np.maximum.at(last, updates - late, updates)
    old = np.arange(len(last))
    kept = np.zeros(len(last) + 1, dtype=np.int64)
    used = last > old
    kept[old[used] + 1] += 1
    np.subtract.at(kept, last[used] + 1, 1)
    version_bytes = sum(weights["bytes"] for weights in journal.weights[desk] if weights["policy"] == "stash")
    return Stashed(np.cumsum(kept)[updates] if version_bytes else np.zeros_like(updates), version_bytes)
