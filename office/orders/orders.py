"""All delivery orders of a small office, one after another."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import inf
from typing import Any

from office.desks import Chart
from office.engines.client import Client
from office.engines.delivery_order import EVERY, OLDEST, Choice, Late
from office.engines.progress import search_in_sight
from office.mail import DELIVER
from office.orders.dependence import Dependence
from office.orders.mail_limits import MailLimits
from office.orders.outcome import Outcome
from office.orders.reduction import Reduction
from office.orders.untimed_office import UntimedOffice
from office.orders.untimed_run import run

__all__ = ["EveryOrder", "Orders"]


class EveryOrder:
    """Depth first through the tree of choices, each run from the start. The brute force.

    No two runs take the same choices, and no choice is left out.
    """

    def __init__(self) -> None:
        self.begins_with: Sequence[Choice] = ()
        """The choices with which the next run begins; after them it calls `choose`."""
        self.counts: list[int] = []
        """How many messages there were to choose from, step by step."""

    def begin(self, _trail: Sequence[object]) -> Sequence[Choice]:
        """A run begins: the choices with which it is to begin."""
        return self.begins_with

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

    def orders_like_this(self) -> int:
        """How many orders are the same as the one that was run last, and itself."""
        return 1


class Orders:
    """What comes of each delivery order of an office: ``for outcome in Orders(make_chart, client): …``.

    `make_chart` makes the chart anew for every order. Messages on the `late` links arrive in any order, whatever link
    they are on; on all others they arrive at once. So many of them may be lost (`losses`) or arrive twice (`repeats`)
    in one order; with `overtakings` only so many may be overtaken by later ones on their own link. Desks must bear
    repeats themselves: the mail of an office recognises them, and then no desk sees any.

    With `reduce`, of all orders in which each desk sees the same, in the same order, one is run, any: what workers and
    managers say is the same in all of them. (A manager of ours deals with each task by itself, so that it counts as the
    same, too, when it hears of two tasks the other way round.) Workers are to share nothing but `Parameters`. There is
    no time: desks with a pace and clients with a clock are refused, with `BadChart` and `BadClient`; `BadOrder` is for
    links that there are not. After `most` runs, those that were broken off among them, it stops. In the field: a
    stateless model checker.
    """

    def __init__(
        self,
        make_chart: Callable[[], Chart | Any],
        client: Client,
        *,
        late: Late = EVERY,
        losses: int = 0,
        repeats: int = 0,
        overtakings: int | None = None,
        reduce: bool = True,
        seed: int = 0,
        most: float = inf,
    ) -> None:
        self.office = UntimedOffice(make_chart, client, seed=seed, late=late)
        self.limits = MailLimits(losses, repeats, overtakings)
        self.reduce = reduce
        self.most = most
        self.runs = 0
        """How many orders were run to their end."""
        self.broken_off = 0
        """How many were not, since all that was to come had been seen."""
        self.complete = False
        """Whether there are no more orders."""
        self._search: EveryOrder | Reduction = EveryOrder()

    def __iter__(self) -> Iterator[Outcome]:
        """Run one order after another, from the first."""
        with search_in_sight(lambda: self.runs):
            yield from self._each()

    def _each(self) -> Iterator[Outcome]:
        self.runs, self.broken_off, self.complete = 0, 0, False
        if self.reduce or self.limits != MailLimits():
            self._search = Reduction(self.limits, Dependence(self.office).of if self.reduce else None)
        else:
            self._search = EveryOrder()
        office, search, choose = self.office, self._search, self._search.choose
        while True:
            outcome = Outcome(office)
            run(outcome, choose, search.begin(outcome.trail))
            if outcome.broken_off:
                self.broken_off += 1
            else:
                self.runs += 1
                yield outcome
            self.complete = not search.next_run(outcome.choices)
            if self.complete or self.runs + self.broken_off >= self.most:
                return

    def same_as_this(self) -> int | None:
        """How many orders are the same as the one that was run last, and itself; None where they are too many."""
        return self._search.orders_like_this()
