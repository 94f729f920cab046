"""Whether desks that take time worked on each letter, one after another, for as long as their pace says."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from office.journal import IncidentKind
from office.study.checks.check import Check, finding
from office.study.handling import Handling
from office.study.journal_index import NO_TASK, JournalIndex
from office.study.matching import Moments, among, first, in_order, nth_time
from office.study.sequences import Whole
from office.times import NEVER

__all__ = ["one_thing_at_a_time", "pace", "work_there"]


class WorkRows(NamedTuple):
    """The table of work as columns, desk after desk."""

    desk: Whole
    key: Whole
    """The desk and the task, as in `JournalIndex.key`; `NO_TASK` where no message is about that task."""
    begin: Whole
    end: Whole


def work_rows(index: JournalIndex) -> WorkRows:
    """The rows of that table."""
    journal = index.journal
    table = [(desk, *entry) for desk, name in enumerate(journal.desks) for entry in journal.work.get(name, ())]
    task = index.places([task_id for _, task_id, _, _ in table])
    desk, begin, end = np.array([(row[0], *row[2:]) for row in table], dtype=np.int64).reshape(-1, 3).T
    return WorkRows(desk, np.where(task == NO_TASK, NO_TASK, (desk + 1) * index.tasks + task), begin, end)


def one_thing_at_a_time(index: JournalIndex) -> Check:
    """Look whether a desk's pieces of work follow one another, each on a task that a letter had come about."""
    desk, key, begin, end = work_rows(index)
    letters = np.flatnonzero(index.read)
    came = Moments(index.key(index.reader[letters], letters), index.mail.arrived[letters])
    overlaps = np.flatnonzero((np.diff(desk) == 0) & (begin[1:] < end[:-1])) + 1
    return finding(
        "work",
        "a desk does one thing at a time, which takes a while, and about which a letter had come",
        {"pieces of work": len(desk), "desks": len(np.unique(desk))},
        (np.flatnonzero((end <= begin) | (begin < 0)), "it ends no later than it begins"),
        (overlaps, "the work before it was not done yet"),
        (np.flatnonzero(first(came, key) > begin), "no letter about this task had come"),
        table="work",
    )


def _spans(index: JournalIndex) -> Whole:
    """`(6, desks)` the least and the most time to answer, to reply and to learn."""
    return np.array([[*each.answer, *each.reply, *each.learn] for each in index.paces], dtype=np.int64).reshape(-1, 6).T


def pace(index: Handling) -> Check:
    """Look whether each piece of work took as long as its desk's pace says, and whether its letter went out then.

    Work on a task ends as the answer is sent; feedback to below is sent after the time to reply, and then comes the
    time to learn. A stray is work that ends as the stray is noted. Where a desk may have to wait for room on its links,
    or tasks come to it again, nothing more is known than that it has a pace at all.
    """
    desk, key, begin, end = work_rows(index)
    _, answers = index.sent_on(index.ends.outbox)
    _, passed = index.sent_on(index.ends.feedback_to_below)
    _, astray = index.incidents(IncidentKind.STRAY)
    least_answer, most_answer, least_reply, most_reply, least_learn, most_learn = _spans(index)[:, desk]
    took = end - begin
    is_answer = among(Moments(key, end), answers) & (took >= least_answer) & (took <= most_answer)
    # Of work on feedback, the letter that went out meanwhile: the first that was sent from its beginning on.
    sent = _sent_from(Moments(key, begin), passed)
    replied, learning = sent - begin, end - sent
    is_reply = (replied >= least_reply) & (replied <= most_reply) & (learning >= least_learn) & (learning <= most_learn)
    is_stray = among(Moments(key, end), astray)
    is_known = index.tells_settings & ~index.may_block[desk]
    return finding(
        "pace",
        "work takes as long as the pace of its desk says, and what comes of it is sent then",
        {"pieces of work": len(desk)},
        (np.flatnonzero(index.tells_settings & ~index.has_pace[desk]), "this desk takes no time"),
        (np.flatnonzero(is_known & ~is_answer & ~is_reply & ~is_stray), "nothing was sent of it after such a time"),
        table="work",
    )


def _sent_from(moments: Moments, others: Moments) -> Whole:
    """Of each moment the first of the others under its key that is no earlier; later than any time for none."""
    earlier = _earlier(others, moments)
    return nth_time(others, moments.keys, earlier)


def _earlier(moments: Moments, asked: Moments) -> Whole:
    """How many moments under its key come before each that is asked about."""
    known, wanted = in_order(*moments, *asked)
    return np.searchsorted(np.sort(known), wanted, side="left") - np.searchsorted(
        np.sort(moments.keys), asked.keys, side="left"
    )


def work_there(index: Handling) -> Check:
    """Look whether there is a piece of work for each letter that took time: an answer, or a feedback to below.

    Work is written down as it is done: what a desk was still learning from when the run ended is not there.
    """
    _, key, begin, end = work_rows(index)
    rows = np.flatnonzero((index.is_answer | index.is_below) & (index.cause >= 0))
    sender = index.sender[rows]
    rows = rows[index.has_pace[sender] & ~index.may_block[sender] & index.is_whole]
    sender, sent, is_answer = index.sender[rows], index.mail.sent[rows], index.is_answer[rows]
    least_answer, _, least_reply, _, least_learn, most_learn = _spans(index)[:, sender]
    takes_time = np.where(is_answer, least_answer > 0, least_reply + least_learn > 0) & ~index.is_manager[sender]
    is_over = is_answer | ((most_learn < NEVER) & (sent <= index.done_by - np.minimum(most_learn, index.done_by)))
    keys = index.key(sender, rows)
    done = Moments(key, end)
    upto = np.where(is_answer, sent, sent + np.minimum(most_learn, NEVER - sent - 1))
    ends = _sent_from(Moments(keys, sent), done)
    begins = Moments(key, begin)
    covered = np.where(is_answer, among(Moments(keys, sent), done), (ends <= upto) & (first(begins, keys) <= sent))
    return finding(
        "work done",
        "there is a piece of work for each answer and each feedback to below that took its desk time",
        {"messages": len(rows)},
        (rows[takes_time & is_over & ~covered.astype(bool)], "no piece of work led to it"),
    )
