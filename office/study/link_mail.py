"""The mail of a journal, link by link, in order of arrival and with sequence numbers."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from office.journal import ONE_COPY, ONE_MORE, Journal, Mail
from office.study.sequences import Whole

__all__ = ["LinkMail", "incidents", "mail_by_link", "mail_on", "no_link", "run_end"]


class LinkMail(NamedTuple):
    """The mail on one link, every copy of every message: in order of arrival, then what is under way, then the lost."""

    sent: Whole
    """`(copies,)` ns."""
    arrived: Whole
    """`(copies,)` ns; -1 for what never arrived."""
    task: Whole
    """`(copies,)` as in `Mail`."""
    mark: Whole
    """`(copies,)` as in `Mail`."""
    read: NDArray[np.bool_]
    """`(copies,)` which came to the link's reader; at most one of each message."""

    @property
    def number(self) -> Whole:
        """`(copies,)` which message of the link it is, counted from 0 in order of sending."""
        return np.abs(self.mark) // ONE_MORE - 1

    @property
    def lost(self) -> NDArray[np.bool_]:
        """`(copies,)` which were lost on the way."""
        return self.mark < 0

    @property
    def originals(self) -> LinkMail:
        """Each message once, as it was first sent, whatever became of it: lost, damaged, under way or read."""
        return self._only(np.abs(self.mark) % ONE_MORE < ONE_COPY)

    @property
    def readable(self) -> LinkMail:
        """Every copy that arrived undamaged, in order of arrival: repeats too, which the reader does not get."""
        return self._only((self.arrived >= 0) & (self.mark % ONE_COPY == 0))

    @property
    def delivered(self) -> LinkMail:
        """Each message that came to its reader, once, in order of arrival: no repeats, nothing damaged, nothing lost.

        `sent` is when the message was first sent, also where a later copy of it was the first to arrive.
        """
        delivered = self._only(self.read)
        again = np.flatnonzero(np.abs(delivered.mark) % ONE_MORE >= ONE_COPY)
        if not len(again):
            return delivered
        order = np.lexsort((self.sent, self.number))
        sent = delivered.sent.copy()
        sent[again] = self.sent[order][np.searchsorted(self.number[order], delivered.number[again])]
        return delivered._replace(sent=sent)

    def _only(self, which: NDArray[np.bool_]) -> LinkMail:
        return LinkMail(self.sent[which], self.arrived[which], self.task[which], self.mark[which], self.read[which])


def mail_by_link(journal: Journal, pattern: str = "*") -> dict[str, LinkMail]:
    """Each link whose name fits, with all its mail. Raises `ValueError` for a pattern that fits none.

    A pattern is as in mail conditions: ``*.feedback_from_above``; a name is one too.
    """
    fitting = [(place, name) for place, name in enumerate(journal.link_names) if fnmatchcase(name, pattern)]
    if not fitting and (pattern != "*" or journal.links):
        raise no_link(journal, pattern)
    mail = journal.mail
    # The journal has what never arrived last, and sorting keeps it so within each link.
    order = np.argsort(mail.link, kind="stable")
    read = mail.read
    bounds = np.searchsorted(mail.link[order], np.arange(len(journal.links) + 1))
    rows_of = {name: order[bounds[place] : bounds[place + 1]] for place, name in fitting}
    return {
        name: LinkMail(mail.sent[rows], mail.arrived[rows], mail.task[rows], mail.mark[rows], read[rows])
        for name, rows in rows_of.items()
    }


def mail_on(journal: Journal, link: str) -> LinkMail:
    """All the mail on one link. Raises `ValueError` where no link has that name."""
    if link not in journal.link_names:
        raise no_link(journal, link)
    mail = journal.mail
    rows = np.flatnonzero(mail.link == journal.place_of(link))
    alone = Mail(*(column[rows] for column in mail))
    return LinkMail(alone.sent, alone.arrived, alone.task, alone.mark, alone.read)


def run_end(journal: Journal) -> int:
    """The last time (ns) that a journal mentions. The run may have gone on, with nothing happening, until later.

    Where mail is sent again until it is acknowledged, a further copy that was to be sent after that, and was lost, does
    not count.
    """
    mail = journal.mail
    return max(
        int(mail.sent[(mail.copy == 0) | ~mail.lost].max(initial=0)),
        int(mail.arrived.max(initial=0)),
        max((time for time, _, _ in journal.losses), default=0),
        max((end for rows in journal.work.values() for _, _, end in rows), default=0),
        max((time for rows in journal.incidents.values() for time, _, _ in rows), default=0),
        max((rows[-1].time for rows in journal.learnt.values() if rows), default=0),
    )


def no_link(journal: Journal, name: str) -> ValueError:
    """The error for a link that is not there, which names those that are."""
    some = ", ".join(journal.link_names[:8]) + (", …" if len(journal.links) > 8 else "")
    return ValueError(f'no link is named "{name}" in this journal (links: {some or "none"})')


def incidents(journal: Journal, desk: str, *what: str) -> tuple[Whole, Whole]:
    """`(incidents,)` which task each was about, as in `Mail`, and `(incidents,)` when it was, in ns, in their order.

    What concerns no task, or one about which there is no mail, is left out.

    Args:
        journal: What a run has recorded.
        desk: The desk's path.
        what: The kinds of incidents.
    """
    rows = [
        (journal.columns.code(task_id), time)
        for time, kind, task_id in journal.incidents.get(desk, ())
        if kind in what and task_id is not None
    ]
    known = [(code, time) for code, time in rows if code is not None]
    tasks, times = np.array(known, dtype=np.int64).reshape(-1, 2).T
    return tasks, times
