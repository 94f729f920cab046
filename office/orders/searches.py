"""One order after another: some at random, or all."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeAlias

from office.engines import Choice
from office.mail import DELIVER, Fate, is_timer
from office.orders.follower import Follower, first_difference
from office.orders.orders import EveryOrder

__all__ = ["EverySearch", "RandomSearch"]


Fates: TypeAlias = Callable[[Sequence[Fate]], list[Fate]]
"""What may become of one more message, after what became of those before."""
ODDS = 8
"""Of so many messages that might be lost or repeated, about one is."""


def sure(_before: Sequence[Fate]) -> list[Fate]:
    """Every message arrives, and once."""
    return [DELIVER]


class RandomSearch:
    """First the order in which the oldest message always comes first; then at each step any message, each as likely.

    Args:
        orders: how many.
        seed: of what is drawn.
        fates: what may become of messages.
    """

    def __init__(self, orders: int, seed: int, fates: Fates = sure) -> None:
        self.orders = orders
        self.seed = seed
        self.fates = fates
        self.complete = False
        """Whether there is no other order."""
        self.differs = ""

    def __iter__(self) -> Iterator[Follower]:
        first = Follower(())
        yield first
        self.complete = max(first.counts, default=1) == 1 and (not first.counts or self.fates([]) == [DELIVER])
        for number in range(1, self.orders if not self.complete else 1):
            dice = random.Random(f"{self.seed} {number}")  # noqa: S311  no secret

            before: list[Fate] = []

            def choose(pending: Sequence[Any], dice: random.Random = dice, before: list[Fate] = before) -> Choice:
                place, fate = dice.randrange(len(pending)), DELIVER
                others = [] if is_timer(pending[place]) else self.fates(before)[1:]
                if others and not dice.randrange(ODDS):
                    fate = dice.choice(others)
                before.append(fate)
                return place, fate

            yield Follower((), choose)


class EverySearch:
    """All orders, depth first, as far as so many runs go."""

    def __init__(self, max_runs: int, fates: Fates = sure) -> None:
        self.max_runs = max_runs
        self.fates = fates
        self.complete = False
        """Whether there are no more."""
        self.differs = ""
        """How a run went otherwise than an earlier one that began the same, in words; then the search is over."""

    def __iter__(self) -> Iterator[Follower]:
        every = EveryOrder(self.fates)
        for _ in range(self.max_runs):
            counts = list(every.counts)
            follower = Follower(every.begins_with, every.choose)
            yield follower
            self.differs = first_difference(follower.counts[: len(counts)], earlier=counts)
            if self.differs:
                return
            if not every.next_run(follower.choices):
                self.complete = True
                return
