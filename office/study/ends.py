"""Who sends on each link and who reads from it: the head of a journal, as columns."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from office.ids import CLIENT
from office.journal import Journal
from office.study.sequences import Whole

__all__ = ["OUTSIDE", "Channels", "Ends", "channels", "desks", "ends", "managers"]

OUTSIDE = -1
"""The place of the client, which is no desk of the chart."""
READ = "inbox", "feedback_from_above"
"""The channels that a desk reads; it sends on the two others."""


class Ends(NamedTuple):
    """Desks by link: for each link of a journal, a place in `Journal.desks`, or `OUTSIDE`."""

    sender: Whole
    """`(links,)`"""
    reader: Whole
    """`(links,)`"""
    inbox: Whole
    """`(links,)` whose inbox each is; `OUTSIDE` where it is no desk's. So too the three others."""
    outbox: Whole
    feedback_from_above: Whole
    feedback_to_below: Whole


class Channels(NamedTuple):
    """The links of a desk, by name."""

    inbox: str
    outbox: str
    feedback_from_above: str
    feedback_to_below: str


def ends(journal: Journal) -> Ends:
    """The two ends of every link. A link between two departments of a chain is a channel of both."""
    place = {name: number for number, name in enumerate(journal.desks)} | {CLIENT: OUTSIDE}
    sender = np.array([place.get(link.sender, OUTSIDE) for link in journal.links], dtype=np.int64)
    reader = np.array([place.get(link.reader, OUTSIDE) for link in journal.links], dtype=np.int64)
    sent_on = np.array([link.sent_on for link in journal.links], dtype=str)
    read_on = np.array([link.read_on for link in journal.links], dtype=str)
    return Ends(
        sender,
        reader,
        np.where(read_on == "inbox", reader, OUTSIDE),
        np.where(sent_on == "outbox", sender, OUTSIDE),
        np.where(read_on == "feedback_from_above", reader, OUTSIDE),
        np.where(sent_on == "feedback_to_below", sender, OUTSIDE),
    )


def desks(journal: Journal) -> list[str]:
    """Every desk of the chart, in the journal's order; not the client, who is outside it."""
    with_inbox = {link.reader for link in journal.links if link.read_on == "inbox"}
    return [desk for desk in journal.desks if desk in with_inbox]


def managers(journal: Journal) -> set[str]:
    """The desks that have a team; to them a member's inbox is a link that they send on."""
    return {link.sender for link in journal.links if link.sent_on in READ} - {CLIENT}


def channels(journal: Journal, desk: str) -> Channels:
    """The four channels of a desk. Raises `ValueError` where there is no such desk."""
    own = {link.read_on: link.name for link in journal.links if link.reader == desk and link.read_on in READ}
    own |= {link.sent_on: link.name for link in journal.links if link.sender == desk and link.sent_on not in READ}
    if len(own) < len(Channels._fields):
        known = desks(journal)
        some = ", ".join(known[:8]) + (", …" if len(known) > 8 else "")
        raise ValueError(f'no desk is named "{desk}" in this journal (desks: {some or "none"})')
    return Channels(**own)
