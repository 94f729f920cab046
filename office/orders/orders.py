"""All delivery orders of a small office, one after another."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import inf
from typing import Any, Unpack

from office.desks import Chart
from office.engines.client import Client
from office.engines.delivery_order import OLDEST, Choice
from office.engines.instruments import Glimpse, in_sight, watching_now
from office.engines.settings import takes
from office.mail import DELIVER, Fate, is_timer
from office.orders.dependence import Dependence
from office.orders.outcome import Outcome
from office.orders.reduction import Reduction
from office.orders.repeating import check_repeated, not_repeated
from office.orders.settings import SearchKeywords, SearchSettings
from office.orders.untimed_office import UntimedOffice
from office.orders.untimed_run import run

__all__ = ["EveryOrder", "Orders"]


class EveryOrder:
    """Depth first through the tree of choices, each run from the start. The brute force.

    No two runs take the same choices, and no choice is left out.

    Args:
        fates: what may become of one more message, after what became of those before.
    """

    def __init__(self, fates: Callable[[Sequence[Fate]], list[Fate]] = lambda _: [DELIVER]) -> None:
        self.fates = fates
        self.begins_with: Sequence[Choice] = ()
        """The choices with which the next run begins; after them it calls `choose`."""
        self.counts: list[int] = []
        """How many messages there were to choose from, step by step."""
        self.timers: list[bool] = []
        """Whether the last of them was a timer, of which there is no loss."""

    def begin(self, _trail: Sequence[object]) -> Sequence[Choice]:
        """A run begins: the choices with which it is to begin."""
        return self.begins_with

    def choose(self, pending: Sequence[Any]) -> Choice:
        """The oldest message, at a step that is new."""
        self.counts.append(len(pending))
        self.timers.append(is_timer(pending[-1]))
        return OLDEST

    def next_run(self, choices: Sequence[Choice]) -> bool:
        """Turn to the next order after the one with these choices; False if there is none."""
        counts = self.counts
        while counts:
            step = len(counts) - 1
            place, fate = choices[step]
            fates = [DELIVER]
            if place < counts[-1] - self.timers[-1]:
                fates = self.fates([fate for _, fate in choices[:step]])
            later = fates[fates.index(fate) + 1 :]
            if later or place + 1 < counts[-1]:
                self.begins_with = [*choices[:step], (place, later[0]) if later else (place + 1, DELIVER)]
                return True
            counts.pop()
            self.timers.pop()
        return False

    def orders_like_this(self) -> int:
        """How many orders are the same as the one that was run last, and itself."""
        return 1


class Orders:
    """What comes of each delivery order of an office: ``for outcome in Orders(make_chart, client): …``.

    Desks must bear repeats themselves: the mail of an office recognises them, and then no desk reads any.

    With `reduce`, of all orders in which each desk reads the same messages in the same order, any one is run: what
    workers and managers send is the same in all of them. (A manager of ours deals with each task by itself, so two
    orders also count as the same where a manager reads messages on two tasks the other way round.) Desks that
    hold the same thing, be it weights, a closure or a global of theirs, count as one desk; what they share through
    files and the like nobody sees: `out_of_sight`. An order that comes to something else when it is run again is a
    `BadChart`. There is no time: desks with a pace and clients with a clock are refused, with `BadChart` and
    `BadClient`; `BadOrder` is for links that there are not. In the field: a stateless model checker.

    Args:
        make_chart: makes the chart anew for every order.
        client: which tasks are submitted, and what the people above say of each result.
        max_runs: after so many runs it stops, those that were broken off among them.
        late: the links, by name or pattern, whose messages arrive in any order, whatever link they are on; on all
            others messages arrive at once.
        losses: how many messages may be lost in one order.
        repeats: how many messages may arrive twice in one order.
        overtakings: how many messages may be overtaken in one order, each by a later one on its own link. None: any
            number.
        reduce: of all orders that are the same for every desk, run one alone.
        seed: a number that decides all that is random.
    """

    @takes(SearchSettings)
    def __init__(
        self,
        make_chart: Callable[[], Chart | Any],
        client: Client,
        *,
        max_runs: float = inf,
        **settings: Unpack[SearchKeywords],
    ) -> None:
        self.settings = SearchSettings(**settings)
        self.office = UntimedOffice(make_chart, client, seed=self.settings.seed, late=self.settings.late)
        self.max_runs = max_runs
        self.runs = 0
        """How many orders were run to their end."""
        self.broken_off = 0
        """How many were not, since all that was to come had been seen."""
        self.complete = False
        """Whether there are no more orders."""
        self.out_of_sight: list[str] = []
        """What desks hold by which they may share more than can be seen: that they do not is taken for granted."""
        self._search: EveryOrder | Reduction = EveryOrder()

    def __iter__(self) -> Iterator[Outcome]:
        """Run one order after another, from the first."""
        with in_sight(self, watching_now()):
            yield from self._each()

    def glimpse(self, number: int) -> Glimpse:
        """How many orders have been run by now."""
        return Glimpse(number, 0, 0, orders=self.runs)

    def _each(self) -> Iterator[Outcome]:
        self.runs, self.broken_off, self.complete = 0, 0, False
        dependence = Dependence(self.office) if self.settings.reduce else None
        self.out_of_sight = [] if dependence is None else dependence.out_of_sight
        self._search = EveryOrder() if self.settings.tries_all else Reduction(self.settings, dependence)
        office, search, choose = self.office, self._search, self._search.choose
        first: Outcome | None = None
        while True:
            outcome = Outcome(office, stands_for_others=self.settings.reduce)
            try:
                run(outcome, choose, search.begin(outcome.trail))
            except IndexError as error:  # there are fewer messages than there were
                raise not_repeated() from error
            first = first or outcome
            if outcome.broken_off:
                self.broken_off += 1
            else:
                self.runs += 1
                yield outcome
            self.complete = not search.next_run(outcome.choices)
            if self.complete:
                check_repeated(first)
            if self.complete or self.runs + self.broken_off >= self.max_runs:
                return

    def same_as_this(self) -> int | None:
        """How many orders are the same as the one that was run last, and itself; None where they are too many."""
        return self._search.orders_like_this()
