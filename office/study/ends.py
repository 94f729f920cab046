"""Who sends on each link and who reads from it, as far as a journal tells."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from office.journal import Journal
from office.study.link_mail import no_link
from office.study.sequences import Whole

__all__ = ["OUTSIDE", "Ends", "ends"]

OUTSIDE = -1
"""The place of whoever is no desk of the chart: the people below, and the people above."""


class Ends(NamedTuple):
    """Desks by link: for each link of a journal, a place in `Journal.desks`, or `OUTSIDE`."""

    sender: Whole
    """`(links,)`"""
    reader: Whole
    """`(links,)`"""
    inbox: Whole
    """`(links,)` whose inbox each is; `OUTSIDE` where it is nobody's. So too the three others."""
    outbox: Whole
    feedback_from_above: Whole
    feedback_to_below: Whole


def ends(journal: Journal) -> Ends:
    """The two ends of every link. Raises `ValueError` where a desk lacks one of its four links.

    A link between two departments of a chain is a channel of both; between a desk and its boss, of the desk alone. The
    boss is who has the longest path that the desk's begins with, or else whoever is outside.
    """
    links, desks = journal.link_names, journal.desks
    place = {name: number for number, name in enumerate(links)}
    desk = {name: number for number, name in enumerate(desks)}
    inbox, outbox, above, below = (np.full(len(links), OUTSIDE) for _ in range(4))
    for number, name in enumerate(desks):
        if f"{name}.inbox" not in place:
            continue
        up, down = f"{name}.outbox", f"{name}.feedback_from_above"
        if up not in place:  # then a department on top of this one names the links between them
            upper = next((other for other in desks[number + 1 :] if not other.startswith(f"{name}/")), "")
            up, down = f"{upper}.inbox", f"{upper}.feedback_to_below"
        channels = f"{name}.inbox", up, down, f"{name}.feedback_to_below"
        for column, channel in zip((inbox, outbox, above, below), channels, strict=True):
            if channel not in place:
                raise no_link(journal, channel)
            column[place[channel]] = number
    bosses = np.array([_boss(name, desk) for name in links], dtype=np.int64)
    sender, reader = np.maximum(outbox, below), np.maximum(inbox, above)
    return Ends(
        np.where(sender == OUTSIDE, bosses, sender),
        np.where(reader == OUTSIDE, bosses, reader),
        inbox,
        outbox,
        above,
        below,
    )


def _boss(link: str, desk: dict[str, int]) -> int:
    """Whose team the desk of this name belongs to."""
    path = link.rpartition(".")[0]
    while path:
        path = path.rpartition("/")[0]
        if path in desk:
            return desk[path]
    return OUTSIDE
