"""In which order everything happened: each sending, and each arrival. In the field: the events of a trace."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from office.journal import Mail
from office.study.ends import Ends
from office.study.sequences import Whole

__all__ = ["NOTHING", "Events", "event_order"]


NOTHING = -1
"""The row of no message."""


class Events(NamedTuple):
    """Sendings and arrivals, one after another."""

    row: Whole
    """`(events,)` which row of the mail each is about."""
    is_arrival: NDArray[np.bool_]
    """`(events,)` whether it arrived then, or else was sent."""


def event_order(mail: Mail, ends: Ends, read: NDArray[np.bool_], cause: Whole, rows: Whole) -> Events:
    """Put the sendings and arrivals of some rows in order of time.

    Within an instant a message is sent before it arrives, arrivals keep the order of the journal, the messages of a
    link are sent in the order of their numbers, and a message is sent after its cause has arrived. A message whose
    cause arrived earlier, or that has none, is sent after all that its sender reads at that instant, as far as that
    leaves it time to arrive.

    Args:
        mail: The journal's mail.
        ends: The ends of its links.
        read: `(rows of the mail,)` which came to their readers.
        cause: `(rows of the mail,)` as `Mail.cause_row` has it.
        rows: `(n,)` which rows of the mail to put in order.
    """
    sent, link, number, copy = (column[rows] for column in (mail.sent, mail.link, mail.number, mail.copy))
    order = np.lexsort((copy, number, sent, link))
    starts = np.append(True, (np.diff(link[order]) != 0) | (np.diff(sent[order]) != 0))[: len(rows)]
    group = np.cumsum(starts) * (len(mail.sent) + 2)

    # Each of a link's messages of one instant leaves no later than the first of those after it can arrive.
    until = np.where(mail.arrived[rows] == sent, rows, np.searchsorted(_clock(mail), sent, side="right"))[order]
    until = (np.minimum.accumulate((until + group)[::-1])[::-1] - group)[np.argsort(order)]
    letter = cause[rows]
    at_once = (letter != NOTHING) & (mail.arrived[letter] == sent)
    after = np.where(at_once, letter, _last_read(mail, ends, read, ends.sender[link], sent, until))[order]
    after = (np.maximum.accumulate(after + 1 + group) - 1 - group)[np.argsort(order)]

    came = rows[mail.arrived[rows] >= 0]
    nothing = np.zeros(len(came), dtype=np.int64)
    is_arrival = np.arange(len(rows) + len(came)) >= len(rows)
    # The last of these counts most; at one place in the mail a letter comes before what it causes.
    in_order = np.lexsort(
        (
            np.append(copy, nothing),
            np.append(number, nothing),
            np.append(link, nothing),
            ~is_arrival,
            np.append(after, came),
            np.append(sent, mail.arrived[came]),
        )
    )
    return Events(np.append(rows, came)[in_order], is_arrival[in_order])


def _clock(mail: Mail) -> Whole:
    """`(arrivals,)` ns: when each row arrived, in their order."""
    return mail.arrived[: np.count_nonzero(mail.arrived >= 0)]


def _last_read(mail: Mail, ends: Ends, read: NDArray[np.bool_], desk: Whole, when: Whole, until: Whole) -> Whole:
    """The last row, before row `until`, that each desk read at that very time; `NOTHING` where there is none."""
    letters = np.flatnonzero(read)
    span = len(read) + 1
    keys = (ends.reader[mail.link[letters]] + 1) * span + letters
    keys.sort()
    place = np.append(keys, NOTHING)[np.searchsorted(keys, (desk + 1) * span + until) - 1]
    row = place % span
    return np.where((place // span == desk + 1) & (np.append(mail.arrived, NOTHING)[row] == when), row, NOTHING)
