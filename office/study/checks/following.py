"""Whether each letter that a desk read had what follows from it: the right letters, all of them, and in time."""

from __future__ import annotations

import numpy as np

from office.journal import NO_CAUSE, IncidentKind
from office.study.checks.check import Check, finding
from office.study.checks.incidents import EXPIRED
from office.study.ends import OUTSIDE
from office.study.handling import Handling
from office.study.journal_index import Flags
from office.study.matching import among, counts
from office.study.sequences import Whole

__all__ = ["kinds_of_causes", "promptness", "what_follows"]

PROMPT = "a desk that takes no time sends what follows from a message when it reads it"


def kinds_of_causes(index: Handling) -> Check:
    """Look whether the cause of each letter is such as leads to it: an answer comes of a task, and so on.

    A stray result is answered with word that there is no feedback; and where all of a team have given a task up, or a
    desk gives it up, feedback to below comes of something else than replies. What a user's own code sends has no cause.
    """
    cause = index.cause
    rows = np.flatnonzero(cause >= 0)
    because = cause[rows]
    sender = index.sender[rows]
    boss = index.is_manager[sender] & (sender != OUTSIDE)
    result = index.brings_result[because]
    task, feedback = index.brings_task[because], index.brings_feedback[because]
    right = np.select(
        [index.is_answer[rows], index.is_given[rows], index.is_told[rows], index.is_below[rows],
         index.is_said[rows], index.is_submitted[rows]],
        [np.where(boss, result, task), task, feedback | result, feedback | (boss & index.brings_reply[because]),
         index.brings_result_to_client[because], np.zeros(len(rows), dtype=bool)],
        default=True,
    )  # fmt: skip
    ends, link = index.ends, index.mail.link
    # A stray result is answered to the member that it is from.
    strays = np.flatnonzero(index.is_told[rows] & result)
    right[strays] &= ends.reader[link[rows[strays]]] == ends.sender[link[because[strays]]]
    alone = np.flatnonzero(index.original & (index.sender != OUTSIDE) & (index.mail.cause == NO_CAUSE))
    never = index.is_answer[alone] | index.is_given[alone]
    return finding(
        "kinds of causes",
        "an answer comes of a task or of results, feedback to below of feedback or of replies, a reply of a result",
        {"messages with a cause": len(rows), "that a desk sent without": len(alone)},
        (rows[~right.astype(bool)], "a message of that kind does not lead to it"),
        (alone[never], "nothing but a message leads to it"),
    )


def what_follows(index: Handling) -> Check:
    """Look whether each letter that was surely read had all that follows from it, and nothing twice.

    A worker answers each task, and passes something down for each feedback, unless that is a stray on what it had given
    up. A manager hands each task to some member, sends on what is joined as the last part comes, and tells each
    feedback to all that were given the task. Whether the client replies is the client's affair. A letter was surely
    read where its reader is never busy, down or without room for its own letters then; where a run ended since nothing
    more happened, everybody has read everything, but for tasks that a desk had no room for, and letters to desks that
    wait for room themselves. What is left out in the end: tasks over which something befell somebody at some desk, as
    far as it is about how many members had a part in them.
    """
    mail = index.mail
    must, key = index.must_be_handled, index.key(index.reader, np.arange(len(mail.sent)))
    answers, below, given, shares = map(index.effects, (index.is_answer, index.is_below, index.is_given, index.is_told))
    boss = index.is_manager[index.reader] & (index.reader != OUTSIDE)
    effects = answers + below + given + shares
    strays = index.incidents(IncidentKind.STRAY)[1]
    is_stray = counts(strays.keys, key) > 0
    tasks, feedbacks = index.brings_task & must, index.brings_feedback & must
    silent = np.select(
        [tasks, feedbacks], [np.where(boss, given, answers) == 0, (below + shares == 0) & ~is_stray], default=False
    )
    twice = (answers > 1) | (below > 1) | (index.brings_reply & (shares > 0))
    twice |= ~boss & (index.reader != OUTSIDE) & (effects > 1)
    # By manager and task, of tasks that came once and over which nothing befell anybody.
    plain = index.is_plain
    share, handed = (
        _by_key(key, given, index.brings_task & boss & plain),
        _by_key(key, shares, feedbacks & boss & plain),
    )
    unequal = feedbacks & boss & plain & (shares != share)
    unjoined = _unjoined(index, index.brings_result & must & plain, share, answers)
    unjoined |= _unjoined(index, index.brings_reply & must & plain, handed, below)
    return finding(
        "what follows",
        "each task that a desk reads is answered or handed on, and each feedback is passed down or shares to the team",
        {"messages surely read": int(np.count_nonzero(must))},
        (np.flatnonzero(silent), "nothing follows from it"),
        (np.flatnonzero(twice), "more follows from it than can"),
        (np.flatnonzero(unequal), "not all that were given the task are told of it"),
        (np.flatnonzero(unjoined), "what is joined does not follow from the last part of it, and from that alone"),
    )


def _by_key(key: Whole, numbers: Whole, rows: Flags) -> Whole:
    """For each letter the sum of the numbers in these rows under the key of that letter."""
    codes = np.sort(key[rows])
    if not len(codes):
        return np.zeros(len(key), dtype=np.int64)
    codes = codes[np.append(True, np.diff(codes) > 0)]
    place = np.minimum(np.searchsorted(codes, key), len(codes) - 1)
    sums = np.bincount(place[rows], numbers[rows], len(codes)).astype(np.int64)
    return np.where(codes[place] == key, sums[place], 0)


def _unjoined(index: Handling, parts: Flags, wanted: Whole, sent: Whole) -> Flags:
    """Which parts of something joined did not lead to it, being the last, or did, being not."""
    rows = np.flatnonzero(parts)
    wrong = np.zeros(len(parts), dtype=bool)
    keys = index.key(index.reader[rows], rows)
    order = np.argsort(keys, kind="stable")
    rows, keys = rows[order], keys[order]
    is_last = np.append(np.diff(keys) != 0, True) if len(keys) else np.zeros(0, dtype=bool)
    complete = counts(keys, keys) == wanted[rows]
    wrong[rows] = sent[rows] != (is_last & complete)
    return wrong


def promptness(index: Handling) -> Check:
    """Look whether what a desk sends leaves at the instant in which it read the cause, or gave the task up.

    So it is where the desk takes no time over things, and need not wait for room on its links. One that was down reads
    its letters when it is back. How soon the client replies, the journal does not tell.
    """
    mail = index.mail
    if not index.tells_settings:
        return finding("promptness", PROMPT, {"messages": 0})
    rows = np.flatnonzero((index.cause >= 0) & index.original & (index.sender != OUTSIDE))
    rows = rows[index.is_prompt[index.sender[rows]]]
    rows = rows[index.reader[index.cause[rows]] == index.sender[rows]]
    late = mail.sent[rows] != index.handled[index.cause[rows]]
    alone = np.flatnonzero(index.original & (index.sender != OUTSIDE) & (mail.cause == NO_CAUSE))
    alone = alone[~index.may_block[index.sender[alone]]]
    _, let_go = index.incidents(*EXPIRED)
    moments = let_go._replace(keys=index.key(index.sender[alone], alone), times=mail.sent[alone])
    return finding(
        "promptness",
        PROMPT,
        {"messages": len(rows) + len(alone)},
        (rows[late], "its sender had read the cause at another time"),
        (alone[~among(moments, let_go)], "its sender let nothing of that task go then"),
    )
