"""Which links are a desk's four channels, as far as a journal tells."""

from __future__ import annotations

from typing import NamedTuple

from office.journal import Journal
from office.study.link_mail import no_link

__all__ = ["Channels", "channels", "desks", "front"]


class Channels(NamedTuple):
    """The links of a desk, by name."""

    inbox: str
    outbox: str
    feedback_from_above: str
    feedback_to_below: str


def desks(journal: Journal) -> list[str]:
    """Every desk of the chart, in the journal's order; not the client, who is outside it."""
    links = set(journal.link_names)
    return [desk for desk in journal.desks if f"{desk}.inbox" in links]


def channels(journal: Journal, desk: str) -> Channels:
    """The four channels of a desk. Raises `ValueError` where there is no such desk.

    A link between two departments of a chain has the name of the upper one. Which that is, is told by the order of the
    desks in the journal, where it comes next after the lower department and its team.
    """
    links = set(journal.link_names)
    if f"{desk}.inbox" not in links:
        raise no_link(journal, f"{desk}.inbox")
    up, down = f"{desk}.outbox", f"{desk}.feedback_from_above"
    if up not in links and desk in journal.desks:
        later = journal.desks[journal.desks.index(desk) + 1 :]
        upper = next((other for other in later if not other.startswith(f"{desk}/")), "")
        up, down = f"{upper}.inbox", f"{upper}.feedback_to_below"
    for name in (up, down):
        if name not in links:
            raise no_link(journal, name)
    return Channels(f"{desk}.inbox", up, down, f"{desk}.feedback_to_below")


def front(journal: Journal) -> tuple[str, str]:
    """The links by which tasks come into the office and what they come to goes out of it: inbox, feedback to below."""
    first = next(iter(desks(journal)), "")
    if not first:
        raise no_link(journal, "….inbox")
    return f"{first}.inbox", f"{first}.feedback_to_below"
