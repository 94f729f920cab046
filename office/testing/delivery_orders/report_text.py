"""Delivery orders in the reports of pytest, in words."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence

from office.engines import Taken, order_text
from office.mail import LOSE
from office.orders.follower import were

__all__ = ["NO_OFFICE", "again", "arrivals", "different_again", "too_many"]

NO_OFFICE = (
    "this test is to run in other delivery orders, but there is no message that could come in another order: it opens "
    "no office, or only such as have an order of their own, or no late link has any mail"
)
SHOWN = 40
"""So many messages are shown."""


def too_many(orders: int) -> str:
    """There are more orders than were run."""
    return (
        f"it passed in {orders:,} delivery orders, and there are more: say max_runs=… to be content with fewer than "
        'all, or a number instead of "all" for so many at random'
    )


def different_again(order: str, how: str) -> str:
    """A test that does not do the same twice."""
    return (
        f"this test does not do the same again when it is run in the same delivery order ({order}): {how}.\n"
        "What does it take from chance, from a real clock, or from an earlier run (a chart or a fixture that outlives "
        "the test)? Do two tasks use one channel of an office?"
    )


def again(nodeid: str, order: str) -> str:
    """The line that runs a test in one order alone."""
    return f"pytest {shlex.quote(nodeid)} --delivery-order={order}"


def arrivals(offices: Sequence[Taken]) -> Iterator[str]:
    """Which messages arrived, one after another, and which of them passed over others, in lines."""
    for number, office in enumerate(offices, 1):
        if len(offices) > 1:
            yield f"office {number}:"
        choices = order_text(office.choices).split(".")
        shown = office.messages[: min(len(choices) + 1, SHOWN)]
        rows = [(office.links[link], f"task {task!r}") for link, task in shown]
        widths = [max((len(row[column]) for row in rows), default=0) for column in (0, 1)]
        for step, (row, (place, fate)) in enumerate(zip(rows, office.choices, strict=False), 1):
            words = [word.ljust(width) for word, width in zip(row, widths, strict=True)]
            if fate == LOSE:
                words.append("is lost")
            if place:
                words.append(f"before {place} that {were(place)} sent earlier")
            yield f"{step:4}  {'  '.join(words)}".rstrip()
        left = len(office.messages) - len(rows)
        if left:
            yield f"      and {left} more" + (", the oldest first" if len(rows) > len(choices) else "")
