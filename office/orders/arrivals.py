"""What arrived in a delivery order, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from office.engines import Taken, order_text
from office.ids import TaskID
from office.mail import DELIVER, LOSE
from office.orders.follower import were

__all__ = ["arrivals"]

SHOWN = 40
"""So many messages are shown."""


def arrivals(offices: Sequence[Taken]) -> Iterator[str]:
    """Which messages arrived, one after another, and which of them passed over others, in lines."""
    for number, office in enumerate(offices, 1):
        if len(offices) > 1:
            yield f"office {number}:"
        choices = order_text(office.choices).split(".")
        shown = office.messages[: min(len(choices) + 1, SHOWN)]
        rows = [named(office, *message) for message in shown]
        widths = [max((len(row[column]) for row in rows), default=0) for column in (0, 1)]
        for step, (row, (place, fate)) in enumerate(zip(rows, office.choices, strict=False), 1):
            words = [word.ljust(width) for word, width in zip(row, widths, strict=True)]
            if fate != DELIVER:
                words.append("is lost" if fate == LOSE else "comes, and will come again")
            if place:
                words.append(f"before {place} that {were(place)} sent earlier")
            yield f"{step:4}  {'  '.join(words)}".rstrip()
        left = len(office.messages) - len(rows)
        if left:
            yield f"      and {left} more" + (", the oldest first" if len(rows) > len(choices) else "")


def named(office: Taken, link: int, task: TaskID) -> tuple[str, str]:
    """The link of a message, and what it is about: a task of an office, or in a network what it is called.

    Args:
        office: the choices that were taken.
        link: by its place.
        task: as the mail has it.
    """
    if link < 0:
        return "a timer", "rings"
    return office.links[link], f"task {task!r}" if office.are_tasks else str(task)
