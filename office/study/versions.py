"""Which version of a worker's weights gave an answer: how many feedbacks he had heard by then."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from numpy.typing import NDArray

from office.journal import Journal, Mail
from office.study.channels import channels
from office.study.link_mail import incidents
from office.study.matching import matched
from office.study.sequences import Whole
from office.study.staleness import learners

__all__ = ["Versions"]


class Versions:
    """The answers of one worker and the feedback on them; what counts, and when, is as in `staleness`.

    A worker with weights has written down himself how late each feedback was. `rows` are those of the journal's mail.
    """

    def __init__(self, journal: Journal, mail: Mail, read: NDArray[np.bool_], desk: str) -> None:
        links = channels(journal, desk)
        inbox, outbox, above = (
            journal.place_of(name) for name in (links.inbox, links.outbox, links.feedback_from_above)
        )
        self.mail = mail
        self.learnt: dict[int | None, list[int]] | None = None
        if desk in learners(journal):
            self.learnt = defaultdict(list)
            for row in journal.learnt.get(desk, ()):
                self.learnt[journal.columns.code(row.task_id)].append(row.staleness)
        self.clock = mail.arrived[: np.count_nonzero(mail.arrived >= 0)]
        self.ends = {end for _, _, end in journal.work.get(desk, ())}
        self.answered = np.flatnonzero(mail.link == outbox)
        self.answers = self.answered[mail.copy[self.answered] == 0]
        self.given = np.flatnonzero(read & (mail.link == inbox))
        heard = np.flatnonzero(read & (mail.link == above))
        self.heard = heard[self._is_learnt_from(journal, desk, heard)] if journal.incidents.get(desk) else heard

    def _is_learnt_from(self, journal: Journal, desk: str, heard: Whole) -> NDArray[np.bool_]:
        """Whether each feedback found its task pending, at a desk that lets tasks go."""
        task, answers = self.mail.task, self.answers
        let_go, when = incidents(journal, desk, "forgotten", "feedback expired")
        done, times = np.append(let_go, task[heard]), np.append(when, self.mail.arrived[heard])
        ends = matched(task[answers], self.mail.sent[answers], done, times) - len(let_go)
        learnt_from: NDArray[np.bool_] = np.isin(np.arange(len(heard)), ends)
        return learnt_from | ~np.isin(task[heard], incidents(journal, desk, "stray")[0])

    def of_answer(self, row: int) -> int:
        """How many feedbacks the worker had heard when he sent this answer, an original."""
        return int(np.searchsorted(self.heard, self._sent_after(row), side="right"))

    def staleness(self, row: int) -> int | None:
        """How many other feedbacks he had heard since he answered what this is on; None if it taught him nothing."""
        place = int(np.searchsorted(self.heard, row))
        mail, answers = self.mail, self.answers
        own = answers[(mail.task[answers] == mail.task[row]) & (mail.sent[answers] <= mail.arrived[row])]
        if row not in self.heard or not len(own):
            return None
        if self.learnt is not None:
            written = self.learnt[int(mail.task[row])]
            alike = self.heard[mail.task[self.heard] == mail.task[row]]
            if len(written) in (0, len(alike)):  # if not, who can tell on which of them there was nothing to say
                return written[int(np.searchsorted(alike, row))] if written else None
        return place - self.of_answer(int(own[np.argmax(mail.sent[own])]))

    def _sent_after(self, row: int) -> int:
        """The row after which an answer was sent.

        Of the events of one instant, ends of work come first, then the mail, then whatever a desk that takes its time
        turns to next. A desk that takes no time answers on reading the task, unless it let that letter lie.
        """
        mail, sent = self.mail, int(self.mail.sent[row])
        if sent in self.ends:
            return int(np.searchsorted(self.clock, sent, side="left")) - 1
        copies = self.answered[mail.number[self.answered] == mail.number[row]]
        last = min(int(np.searchsorted(self.clock, sent, side="right")) - 1, int(copies.min()))
        letters = self.given[(mail.task[self.given] == mail.task[row]) & (self.given <= last)]
        at_once = not self.ends and len(letters) and mail.arrived[letters[-1]] == sent
        return int(letters[-1]) if at_once else last
