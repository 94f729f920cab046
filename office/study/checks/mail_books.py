"""Whether something became of every message, and one thing only."""

from __future__ import annotations

import numpy as np

from office.study.books import mail_books
from office.study.checks.finding import Check, finding
from office.study.evidence import Evidence

__all__ = ["the_mail_balances"]


def the_mail_balances(evidence: Evidence) -> Check:
    """Look whether on each link sent = read + repeats + damaged + lost + on its way; name what is two of these."""
    journal, mail = evidence.journal, evidence.mail
    books = mail_books(journal)
    totals = np.array(list(books.values()), dtype=np.int64).reshape(-1, 6).sum(axis=0).tolist()
    return finding(
        evidence,
        "books of the mail",
        "on each link, sent = read + repeats + damaged + lost + on its way",
        {"links": len(books)}
        | dict(zip(("sent", "read", "repeats", "damaged", "lost", "on its way"), totals, strict=True)),
        (np.flatnonzero(evidence.came & mail.lost), "it arrived, and it was lost"),
        (np.flatnonzero(mail.arrived < -1), "it neither arrived nor is it on its way or lost"),
    )
