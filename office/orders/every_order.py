"""Every order, one after another: depth first through the tree of choices, each run from the start. The brute force."""

from __future__ import annotations

from collections.abc import Sequence

from office.engines.delivery_order import OLDEST, Choice
from office.mail import DELIVER

__all__ = ["EveryOrder"]


class EveryOrder:
    """No two runs take the same choices, and no choice is left out."""

    def __init__(self) -> None:
        self.begins_with: Sequence[Choice] = ()
        """The choices with which the next run begins; after them it is to ask."""
        self.counts: list[int] = []
        """How many messages there were to choose from, step by step."""

    def choose(self, pending: Sequence[object]) -> Choice:
        """The oldest message, at a step that is new."""
        self.counts.append(len(pending))
        return OLDEST

    def next_run(self, choices: Sequence[Choice]) -> bool:
        """Turn to the next order after the one with these choices; False if there is none."""
        counts = self.counts
        while counts:
            place = choices[len(counts) - 1][0] + 1
            if place < counts[-1]:
                self.begins_with = [*choices[: len(counts) - 1], (place, DELIVER)]
                return True
            counts.pop()
        return False
