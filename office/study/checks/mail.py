"""Whether the mail is in order: rows, times, overtaking, numbers, and something became of every message."""

from __future__ import annotations

import numpy as np

from office.study.books import mail_books
from office.study.checks.check import Check, finding
from office.study.journal_index import JournalIndex
from office.times import exact_time

__all__ = ["numbers", "order", "overtaking", "the_mail_balances", "times"]

ARRIVED, ON_ITS_WAY, LOST = range(3)


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
    """Look whether nothing arrived before it was sent, nor sooner than the conditions of its link allow."""
    mail, came = index.mail, index.came
    least = np.array([bounds.least for bounds in index.link_bounds], dtype=np.int64)
    took = mail.arrived - mail.sent
    soonest = least[mail.link] if len(least) else took

    def too_soon(row: int) -> str:
        return f"it took {exact_time(int(took[row]))}, and {exact_time(int(soonest[row]))} is the least there"

    return finding(
        "times",
        "no message is sent before time begins, arrives before it is sent, or sooner than its link allows",
        {"arrivals": int(np.count_nonzero(came)), "of links with a least delay": int(np.count_nonzero(least))},
        (np.flatnonzero(mail.sent < 0), "time begins at 0"),
        (np.flatnonzero(came & (took < 0)), "it arrived before it was sent"),
        (np.flatnonzero(came & (took >= 0) & (took < soonest)), too_soon),
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
