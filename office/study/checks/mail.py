"""Whether the mail is in order: rows, times, overtaking, numbers, and something became of every message."""

from __future__ import annotations

import numpy as np

from office.journal import COPIES
from office.study.books import mail_books
from office.study.checks.check import Broken, Check, finding
from office.study.desk_settings import cuts
from office.study.journal_index import JournalIndex
from office.study.sequences import Whole
from office.times import LONGEST, exact_time

__all__ = ["fates", "numbers", "order", "overtaking", "room", "the_mail_balances", "times"]

ARRIVED, ON_ITS_WAY, LOST = range(3)
FATES = "messages are lost, damaged, repeated and on their way in the end only where that can be"


def order(index: JournalIndex) -> Check:
    """Look whether rows go by time of arrival, link and mark, and what never arrived comes last.

    A message that is there in the instant in which it is sent stands where it came in, after what caused it: it may
    come after messages on links of a higher place.
    """
    mail = index.mail
    part = np.where(index.came, ARRIVED, np.where(mail.mark < 0, LOST, ON_ITS_WAY))
    back = np.flatnonzero(np.diff(part) < 0) + 1
    arrived = np.flatnonzero(index.came)
    earlier = arrived[1:][np.diff(mail.arrived[arrived]) < 0]
    # Of those that took a while all were known when their instant began; of those lost, when each was sent.
    slow = arrived[mail.sent[arrived] < mail.arrived[arrived]]
    lost = np.flatnonzero(part == LOST)
    descents = [
        _descents(rows, times[rows], mail.link[rows], abs(mail.mark[rows]))
        for rows, times in ((slow, mail.arrived), (lost, mail.sent))
    ]
    return finding(
        "order",
        "messages stand in order of arrival, link and mark, and after them those on their way, and those lost",
        {"messages": len(part)},
        (back, "it stands after messages that came less far"),
        (np.setdiff1d(earlier, back), "the row before it arrived later"),
        (np.setdiff1d(np.concatenate(descents), np.union1d(earlier, back)), "the row before it should come after it"),
    )


def _descents(rows: np.ndarray, *keys: np.ndarray) -> np.ndarray:
    """Those rows that come after one with greater keys, of which the first counts most."""
    place = np.empty(len(rows), dtype=np.int64)
    place[np.lexsort(keys[::-1])] = np.arange(len(rows))
    return rows[1:][np.diff(place) < 0]


def times(index: JournalIndex) -> Check:
    """Look whether nothing arrived before it was sent, nor sooner or later than the conditions of its link allow.

    What is still on its way in the end could not have arrived by then.
    """
    mail, came = index.mail, index.came
    least, longest = (np.array([bounds[place] for bounds in index.link_bounds], dtype=np.int64) for place in (0, 1))
    took = mail.arrived - mail.sent
    soonest, latest = (each[mail.link] if len(each) else took for each in (least, longest))
    waits = ~came & ~mail.lost & index.is_whole

    def too_soon(row: int) -> str:
        return f"it took {exact_time(int(took[row]))}, and {exact_time(int(soonest[row]))} is the least there"

    def too_late(row: int) -> str:
        return f"it took {exact_time(int(took[row]))}, and {exact_time(int(latest[row]))} is the most there"

    return finding(
        "times",
        "no message is sent before time begins, arrives before it is sent, or takes less or more than its link allows",
        {"arrivals": int(np.count_nonzero(came)), "of links with a least delay": int(np.count_nonzero(least))},
        (np.flatnonzero(mail.sent < 0), "time begins at 0"),
        (np.flatnonzero(came & (took < 0)), "it arrived before it was sent"),
        (np.flatnonzero(came & (took >= 0) & (took < soonest)), too_soon),
        (np.flatnonzero(came & (took > latest)), too_late),
        (np.flatnonzero(waits & (latest <= index.done_by - mail.sent)), "it should have arrived before the end"),
    )


def overtaking(index: JournalIndex) -> Check:
    """Look whether on a link whose conditions cannot reorder messages, they arrived in the order of their numbers."""
    in_order = np.array([bounds.in_order for bounds in index.link_bounds], dtype=bool)
    rows = np.flatnonzero(index.came)
    rows = rows[in_order[index.mail.link[rows]]]
    # Rows stand in order of arrival, and sorting keeps them so within each link.
    rows = rows[np.argsort(index.mail.link[rows], kind="stable")]
    links, numbers = index.mail.link[rows], index.number[rows]
    overtaken = np.flatnonzero((np.diff(links) == 0) & (np.diff(numbers) < 0)) + 1
    overtaker = dict(zip(rows[overtaken].tolist(), numbers[overtaken - 1].tolist(), strict=True))
    return finding(
        "overtaking",
        "nothing overtakes where all messages take the same time, or wait for those before them",
        {"arrivals": len(rows), "links that keep order": int(np.count_nonzero(in_order))},
        (rows[overtaken], lambda row: f"message {overtaker[row]} of this link arrived before it"),
    )


def numbers(index: JournalIndex) -> Check:
    """Look whether on each link the originals are 1, 2, … in order of sending, and copies belong to one of them."""
    mail, number, copy = index.mail, index.number, index.copy
    # By link, number and copy: each original before its copies, and after those of the one before.
    rows = np.lexsort((copy, number, mail.link))
    columns = mail.link, number, copy, mail.sent, mail.task, mail.cause
    link, number, copy, sent, task, cause = (column[rows] for column in columns)
    originals = np.flatnonzero(copy == 0)
    first = np.diff(link[originals], prepend=-1) != 0
    step = np.where(first, number[originals], np.diff(number[originals], prepend=0))
    back = ~first & (np.diff(sent[originals], prepend=0) < 0)

    copies = np.flatnonzero(copy)
    own = np.searchsorted(originals, copies) - 1  # the last original before it in this order
    at = originals[np.maximum(own, 0)] if len(originals) else copies
    has_original = (own >= 0) & (link[at] == link[copies]) & (number[at] == number[copies]) & (copy[at] == 0)
    before = copies - 1
    same = has_original & (task[at] == task[copies]) & (cause[at] == cause[copies])
    same &= (sent[before] <= sent[copies]) & (copy[before] < copy[copies])
    return finding(
        "numbers",
        "on each link, messages are numbered from 1 in order of sending, and copies belong to one of them",
        {"messages": len(originals), "copies": len(copies)},
        (rows[originals[step > 1]], "the message before it is missing"),
        (rows[originals[step < 1]], "its number is taken"),
        (rows[originals[back & (step == 1)]], "it was sent before the message before it"),
        (rows[copies[~has_original]], "there is no original of it"),
        (rows[copies[has_original & ~same]], "it does not follow from its original"),
    )


def fates(index: JournalIndex) -> Check:
    """Look whether only such messages are lost, damaged or repeated as the conditions of their links allow.

    Partitions lose whatever is sent while they last. What is sent again, is so at set times after the first time, as
    long as none of the copies before has arrived in a state to be read. Of links whose conditions the head does not
    tell, nothing is known. Where a run ended since nothing more happened, no message is on its way.
    """
    mail, copy, bounds = index.mail, index.copy, index.link_bounds
    if not bounds:
        return finding("fates", FATES, {"messages": 0})
    may_lose, may_damage, may_double = (
        np.array([bound[place] for bound in bounds], dtype=bool)[mail.link] for place in (3, 4, 5)
    )
    timeout = np.array([bound.timeout for bound in bounds], dtype=np.int64)[mail.link]
    for begin, end in cuts(index.journal):
        may_lose = may_lose | ((begin <= mail.sent) & (mail.sent < end))
    left = ~index.came & ~mail.lost & index.ran_out & (index.journal.order is None)
    return finding(
        "fates",
        FATES,
        {"messages": len(copy), "lost": int(np.count_nonzero(mail.lost)), "repeats": int(np.count_nonzero(copy))},
        (np.flatnonzero(mail.lost & ~may_lose), "nothing is lost there"),
        (np.flatnonzero(mail.damaged & ~may_damage), "nothing is damaged there"),
        (np.flatnonzero((copy % 2 == 1) & ~may_double), "nothing is repeated there"),
        (np.flatnonzero((copy > 1) & (timeout == 0)), "nothing is sent again there"),
        (np.flatnonzero(left), "it is on its way, though nothing more happened"),
        *_attempts(index, timeout),
    )


def _attempts(index: JournalIndex, timeout: Whole) -> list[Broken]:
    """What is wrong with the times at which messages were sent again, and with their number."""
    mail, number, copy = index.mail, index.number, index.copy
    rows = np.flatnonzero((timeout > 0) | (copy > 0))
    rows = rows[np.lexsort((copy[rows], number[rows], mail.link[rows]))]
    link, which, nth = mail.link[rows], number[rows], copy[rows]
    is_first = np.append(True, (np.diff(link) != 0) | (np.diff(which) != 0))[: len(rows)]
    group = np.cumsum(is_first) - 1
    original = rows[is_first][group]
    if not (copy[original] == 0).all():  # then the numbers are wrong, which has a check of its own
        rows, group, nth, original, is_first = (each[:0] for each in (rows, group, nth, original, is_first))
    due = mail.sent[original] + timeout[rows] * (2 ** (nth // 2) - 1)
    readable = np.bincount(group, ~mail.lost[rows] & ~mail.damaged[rows], minlength=1) > 0
    is_last = np.append(is_first[1:], True)[: len(rows)]
    again = due + timeout[rows] * 2 ** (nth // 2)
    # The next attempt is missing where none has come through, unless the run had ended, or that was the last of all.
    given_up = (nth // 2 == COPIES // 2 - 1) | (again > LONGEST) | (again > index.done_by)
    alone = is_last & (timeout[rows] > 0) & ~readable[group] & ~given_up & index.is_whole
    gap = ~is_first & (nth - np.append(0, nth[:-1])[: len(rows)] > np.where(nth % 2, 1, 2))
    return [
        (rows[mail.sent[rows] != due], "copies are made as it is sent, and it is sent again at set times"),
        (rows[alone], "no copy came through, and it was not sent again"),
        (rows[gap], "the copy before it is missing"),
    ]


def room(index: JournalIndex) -> Check:
    """Look whether no link held more messages than it can: at the least those that had not arrived.

    What had arrived and was not taken by a reader that is busy counts for the link as well, but the journal does not
    tell when readers took things.
    """
    capacity = index.journal.settings.get("capacity", {})
    crowded, looked_at = [np.arange(0)], 0
    for place, name in enumerate(index.journal.link_names):
        if name not in capacity:
            continue
        rows = np.flatnonzero(index.original & (index.mail.link == place))
        rows = rows[np.argsort(index.number[rows], kind="stable")]
        came = np.sort(index.mail.arrived[rows][index.came[rows]])
        held = np.arange(len(rows)) - np.searchsorted(came, index.mail.sent[rows], side="right")
        crowded.append(rows[held >= capacity[name]])
        looked_at += len(rows)
    return finding(
        "room",
        "no link holds more messages than it can",
        {"messages": looked_at, "links that hold only so many": len(capacity)},
        (np.concatenate(crowded), "there was no room for it"),
    )


def the_mail_balances(index: JournalIndex) -> Check:
    """Look whether on each link sent = read + repeats + damaged + lost + on its way; name what is two of these."""
    journal, mail = index.journal, index.mail
    books = mail_books(journal)
    totals = np.array(list(books.values()), dtype=np.int64).reshape(-1, 6).sum(axis=0).tolist()
    return finding(
        "books of the mail",
        "on each link, sent = read + repeats + damaged + lost + on its way",
        {"links": len(books)}
        | dict(zip(("sent", "read", "repeats", "damaged", "lost", "on its way"), totals, strict=True)),
        (np.flatnonzero(index.came & mail.lost), "it arrived, and it was lost"),
        (np.flatnonzero(mail.arrived < -1), "it neither arrived nor is it on its way or lost"),
    )
