"""Somebody who follows an order as far as it goes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from office.engines import OLDEST, Choice, order_text
from office.mail import Choose

__all__ = ["Follower", "difference", "oldest", "were"]


def oldest(_pending: Sequence[Any]) -> Choice:
    """The oldest message arrives first."""
    return OLDEST


class Follower:
    """Chooses as told, or the nearest that there is; after that, as `then` does. What was chosen is written down."""

    def __init__(self, told: Sequence[Choice], then: Choose = oldest) -> None:
        self.told = list(told)
        self.then = then
        self.choices: list[Choice] = []
        self.counts: list[int] = []
        """How many messages there were to choose from, step by step."""

    def __call__(self, pending: Sequence[Any]) -> Choice:
        """The next choice."""
        step = len(self.choices)
        if step < len(self.told):
            place, fate = self.told[step]
            choice = min(place, len(pending) - 1), fate
        else:
            choice = self.then(pending)
        self.choices.append(choice)
        self.counts.append(len(pending))
        return choice

    def __str__(self) -> str:
        """The order that was taken."""
        return order_text(self.choices)

    def __repr__(self) -> str:
        return f"Follower(read_order({order_text(self.told)!r}))"

    @property
    def misfit(self) -> str:
        """Where it could not do as it was told, in words."""
        for step, (told, count) in enumerate(zip(self.told, self.counts, strict=False), 1):
            if told[0] >= count:
                return f"step {step} passes over {messages(told[0])}, and there {were(count)} only {count} under way"
        steps = len(self.choices)
        if any(choice != OLDEST for choice in self.told[steps:]):
            return f"it goes on after step {steps}, when all messages have arrived"
        return ""


def difference(then: Sequence[int], now: Sequence[int]) -> str:
    """Where there were more messages to choose from, or fewer, than in an earlier run, in words."""
    for step, (one, other) in enumerate(zip(then, now, strict=False), 1):
        if one != other:
            return f"at step {step} there {were(one)} {messages(one)} under way, and in another run {other}"
    if len(then) != len(now):
        return f"{messages(len(then))} arrived, and in another run {len(now)}"
    return ""


def messages(number: int) -> str:
    """So many, in words."""
    return "1 message" if number == 1 else f"{number} messages"


def were(number: int) -> str:
    """One was, several were."""
    return "was" if number == 1 else "were"
