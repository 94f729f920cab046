"""Every order, one after another: depth first through the tree of choices, each run from the start. The brute force."""

from __future__ import annotations

from collections.abc import Sequence

from office.engines.orders.choices import OLDEST, Choice
from office.engines.orders.outcome import Outcome
from office.journal import Entry
from office.mail import DELIVER

__all__ = ["EveryOrder"]


class EveryOrder:
    """No two runs take the same choices, and no choice is left out."""

    def __init__(self) -> None:
        self.begins_with: list[Choice] = []
        """The choices with which the next run begins; those that it takes after them are added."""
        self.counts: list[int] = []
        """How many messages there were to choose from, step by step."""
        self.outcome: Outcome

    def choose(self, pending: Sequence[Entry]) -> Choice:
        """The oldest message, at a step that is new."""
        self.counts.append(len(pending))
        self.begins_with.append(OLDEST)
        return OLDEST

    def next_run(self, _outcome: Outcome) -> bool:
        """Turn to the next order; False if there is none."""
        begins_with, counts = self.begins_with, self.counts
        while begins_with:
            place = begins_with[-1][0] + 1
            if place < counts[-1]:
                begins_with[-1] = place, DELIVER
                return True
            begins_with.pop()
            counts.pop()
        return False
