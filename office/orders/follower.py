"""A choice of messages that follows an order as far as it goes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from office.engines import OLDEST, Choice, order_text
from office.mail import Choose

__all__ = ["Follower", "first_difference", "oldest", "were"]


def oldest(_pending: Sequence[Any]) -> Choice:
    """The oldest message arrives first."""
    return OLDEST


class Follower:
    """Chooses as an order says, or the nearest that there is; after its end, as `afterwards` does. It keeps the choices
    that it took.
    """

    def __init__(self, order: Sequence[Choice], afterwards: Choose = oldest) -> None:
        self.order = list(order)
        self.afterwards = afterwards
        self.choices: list[Choice] = []
        self.counts: list[int] = []
        """How many messages there were to choose from, step by step."""

    def __call__(self, pending: Sequence[Any]) -> Choice:
        """The next choice."""
        step = len(self.choices)
        if step < len(self.order):
            place, fate = self.order[step]
            choice = min(place, len(pending) - 1), fate
        else:
            choice = self.afterwards(pending)
        self.choices.append(choice)
        self.counts.append(len(pending))
        return choice

    def __str__(self) -> str:
        """The order that was taken."""
        return order_text(self.choices)

    def __repr__(self) -> str:
        return f"Follower(read_order({order_text(self.order)!r}))"

    @property
    def misfit(self) -> str:
        """Where it could not follow the order, in words."""
        for step, ((place, _), count) in enumerate(zip(self.order, self.counts, strict=False), 1):
            if place >= count:
                return f"step {step} passes over {messages(place)}, and there {were(count)} only {count} under way"
        steps = len(self.choices)
        if any(choice != OLDEST for choice in self.order[steps:]):
            return f"it goes on after step {steps}, when all messages have arrived"
        return ""


def first_difference(counts: Sequence[int], earlier: Sequence[int]) -> str:
    """Where a run had more messages to choose from, or fewer, than an earlier run had, in words."""
    for step, (before, now) in enumerate(zip(earlier, counts, strict=False), 1):
        if before != now:
            return f"at step {step} there {were(before)} {messages(before)} under way, and in another run {now}"
    if len(earlier) != len(counts):
        return f"{messages(len(earlier))} arrived, and in another run {len(counts)}"
    return ""


def messages(number: int) -> str:
    """So many, in words."""
    return "1 message" if number == 1 else f"{number} messages"


def were(number: int) -> str:
    """One was, several were."""
    return "was" if number == 1 else "were"
