"""Which messages were overtaken on their way, of all the mail at once."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from office.journal import Journal
from office.study.extents import extents
from office.study.sequences import Whole

__all__ = ["overtaken"]


def overtaken(journal: Journal) -> Whole:
    """How many places late each message came on its own link: its extent (RFC 4737, section 4.2), 0 for one in order.

    `(rows,)` of the journal's mail. As in `reordering`, later copies are never late, and what was damaged or lost has
    not arrived.
    """
    mail = journal.mail
    found = np.zeros(len(mail.sent), dtype=np.int64)
    rows = np.flatnonzero((mail.arrived >= 0) & ~mail.damaged)
    rows = rows[np.argsort(mail.link[rows], kind="stable")]
    bounds = np.searchsorted(mail.link[rows], np.arange(len(journal.links) + 1))
    numbers = mail.number[rows]
    for begin, end in pairwise(bounds):
        found[rows[begin:end]] = extents(numbers[begin:end])
    return found
