"""What follows from each letter: what it is to the desks at both its ends, when it was read, and what it led to."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from office.journal import Journal
from office.study.ends import OUTSIDE
from office.study.journal_index import Flags, JournalIndex
from office.study.sequences import Whole
from office.times import NEVER

__all__ = ["Handling"]


class Handling(JournalIndex):
    """A journal, and what each letter is to who reads and who sends it. Columns have an entry a row of the mail.

    What a link is to the desk at an end of it is told in the head; where it is not, a letter is none of these.
    """

    def __init__(self, journal: Journal) -> None:
        super().__init__(journal)
        ends, link = self.ends, self.mail.link
        has_sender, has_reader = ends.sender != OUTSIDE, ends.reader != OUTSIDE
        by_boss = has_sender & (ends.outbox == OUTSIDE) & (ends.feedback_to_below == OUTSIDE)
        to_boss = has_reader & (ends.inbox == OUTSIDE) & (ends.feedback_from_above == OUTSIDE)
        sent_on = np.array([link.sent_on for link in journal.links], dtype=str)
        read_on = np.array([link.read_on for link in journal.links], dtype=str)
        self.by_boss, self.to_boss = by_boss, to_boss
        read, original = self.read, self.original
        # What it is to who reads it, …
        self.brings_task = read & (ends.inbox != OUTSIDE)[link]
        self.brings_feedback = read & (ends.feedback_from_above != OUTSIDE)[link]
        self.brings_result = read & (to_boss & (read_on == "outbox"))[link]
        self.brings_reply = read & (to_boss & (read_on == "feedback_to_below"))[link]
        self.brings_result_to_client = read & (~has_reader & (read_on == "outbox"))[link]
        # … and to who sends it.
        self.is_answer = original & (ends.outbox != OUTSIDE)[link]
        self.is_below = original & (ends.feedback_to_below != OUTSIDE)[link]
        self.is_given = original & (by_boss & (sent_on == "inbox"))[link]
        self.is_told = original & (by_boss & (sent_on == "feedback_from_above"))[link]
        self.is_said = original & (~has_sender & (sent_on == "feedback_from_above"))[link]
        self.is_submitted = original & (~has_sender & (sent_on == "inbox"))[link]
        self.bosses = np.unique(np.concatenate([ends.sender[by_boss], ends.reader[to_boss]]))

    @cached_property
    def is_manager(self) -> Flags:
        """`(desks,)` which desks are managers."""
        is_boss = np.zeros(len(self.journal.desks), dtype=bool)
        is_boss[self.bosses] = True
        return is_boss

    @cached_property
    def is_prompt(self) -> Flags:
        """`(desks,)` which read each letter as it arrives, unless they are down."""
        return ~self.has_pace & ~self.may_block

    @cached_property
    def handled(self) -> Whole:
        """When each letter was handled, in ns, by a reader that is prompt; `NEVER` for all others."""
        times = np.full(len(self.mail.sent), NEVER)
        rows = np.flatnonzero(self.read & (self.reader != OUTSIDE))
        rows = rows[self.is_prompt[self.reader[rows]]]
        times[rows] = self.when_up(self.reader[rows], self.mail.arrived[rows])
        return times

    @cached_property
    def must_be_handled(self) -> Flags:
        """Which were surely handled before the run ended."""
        if not self.is_whole:
            return np.zeros(len(self.mail.sent), dtype=bool)
        must: Flags = (self.handled <= self.done_by) & (self.handled < NEVER)
        if self.ran_out:
            # A desk at a pace of its own has then read all of its mail, but for tasks that it has no room for.
            may_be_full = np.array([pace.is_full for pace in self.paces], dtype=bool)
            sure = self.read & (self.reader != OUTSIDE) & (self.has_pace & ~self.may_block)[self.reader]
            must |= sure & ~(self.brings_task & may_be_full[self.reader]) & ~self._never_back
        return must

    @cached_property
    def _never_back(self) -> Flags:
        down, _, end = self.times_down
        return np.isin(self.reader, down[end == NEVER])

    def effects(self, of: Flags) -> Whole:
        """How many of these letters each letter has caused."""
        rows = np.flatnonzero(of & (self.cause >= 0))
        return np.bincount(self.cause[rows], minlength=len(self.mail.sent))

    @cached_property
    def is_plain(self) -> Flags:
        """Which letters are about a task that came to the office once, and over which nothing befell any desk."""
        keys, times = np.unique(self.read_on(self.ends.inbox)[1].keys, return_counts=True)
        tasks = max(self.tasks, 1)
        befallen = np.concatenate([self.incidents()[1].keys % tasks, keys[times > 1] % tasks])
        again = np.unique(self.task[self.is_submitted], return_counts=True)
        befallen = np.concatenate([befallen, again[0][again[1] > 1]])
        plain = np.ones(tasks, dtype=bool)
        plain[befallen] = False
        return plain[self.task] if self.tasks else np.zeros(0, dtype=bool)
