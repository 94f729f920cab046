"""What a journal knows of each link."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["LinkEnds"]


class LinkEnds(NamedTuple):
    """A link by name, with the desks at its two ends, and which channel it is to each of them.

    A link between two departments of a chain is an own channel of both. To a manager, and to the client, a link from
    or to a member is a channel of that member.
    """

    name: str
    sender: str = ""
    """The desk that sends on it; "client" for the people below and above."""
    reader: str = ""
    """The desk that reads from it."""
    sent_on: str = ""
    """To its sender: the own "outbox" or "feedback_to_below", or a member's "inbox" or "feedback_from_above"."""
    read_on: str = ""
    """To its reader: the own "inbox" or "feedback_from_above", or a member's "outbox" or "feedback_to_below"."""
