"""Every delivery order of a small office: does what is claimed hold in all of them?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Unpack

from office.counts import is_count
from office.desks import Chart
from office.engines import Client
from office.engines.settings import takes
from office.errors import BadOrder, OrderFailed
from office.orders.case import Case, Failure
from office.orders.claims import Claim, as_composed, everything_came, name_of
from office.orders.counterexample import Counterexample
from office.orders.outcome import Outcome
from office.orders.settings import SearchKeywords, SearchSettings
from office.orders.shrinking import smallest

__all__ = ["Exploration", "explore"]

MAX_RUNS = 100_000


@dataclass
class Exploration:
    """What `explore` finds out about all delivery orders of an office."""

    claims: tuple[str, ...]
    """What was claimed, besides that no desk raises an error."""
    runs: int = 0
    """Orders that were run to their end."""
    broken_off: int = 0
    """Runs that were broken off, since all that was to come had been seen."""
    orders: int | None = 0
    """How many orders there are: those that were run, and those that are the same as one of them. None if not
    counted; so many at least, where it is not complete."""
    failing: int = 0
    """How many of those that were run fail."""
    complete: bool = False
    """Whether every order was run, or is the same as one that was."""
    why_not: str = ""
    """Why it is not complete."""
    reassociated: int = 0
    """Runs in which bodies differ from the composed chart's as sums do that are added up in another order."""
    farthest: float = 0.0
    """By how many units in the last place they differ at most."""
    out_of_sight: Sequence[str] = ()
    """What desks hold by which they may share more than can be seen: that they do not is taken for granted."""
    states: set[Any] = field(default_factory=set)
    """The final states, if they were asked for."""
    counterexample: Counterexample | None = None
    """The smallest order in which something does not hold."""

    @property
    def holds(self) -> bool:
        """Whether all that was claimed holds in every order."""
        return self.complete and not self.failing

    def add(self, outcome: Outcome, failure: Failure | None) -> None:
        """Count one more order that was run, with what does not hold in it."""
        if failure is not None:
            self.failing += 1
        elif outcome.apart:
            self.reassociated += 1
            self.farthest = max(self.farthest, outcome.apart)

    def expect(self) -> Exploration:
        """Itself, if all that was claimed holds in every order; else raises `OrderFailed`, which shows the smallest."""
        if not self.holds:
            raise OrderFailed(str(self))
        return self

    def __str__(self) -> str:
        lines = [self._how_many()]
        if self.failing:
            lines.append(f"fail: {self.failing:,} of those run")
        else:
            where = "in every order" if self.complete else "in each of these"
            lines.append(f"{where}: {', '.join(('no error', *self.claims))}")
        if self.reassociated:
            lines.append(
                f"in {self.reassociated:,} of those run sums differ from the composed chart's in the order of addition "
                f"alone; most: {self.farthest:.0f} in the last place"
            )
        return "\n".join(lines) + (f"\n\n{self.counterexample}" if self.counterexample else "")

    def _how_many(self) -> str:
        """How many orders there are, and how many were run."""
        ran = f"{self.runs:,} run" + (f", {self.broken_off:,} broken off" if self.broken_off else "")
        if not self.complete:
            return f"orders: {ran}, and {self.why_not}"
        if self.orders == self.runs and not self.out_of_sight:
            return f"orders: {self.orders:,}, {'all of them' if self.runs > 1 else 'and it was'} run"
        number = "" if self.orders is None else f"{self.orders:,}; "
        proviso = f", if desks share nothing by {', '.join(self.out_of_sight)}" if self.out_of_sight else ""
        return f"orders: {number}{ran}, and each of the others is the same as one of these{proviso}"


@takes(SearchSettings)
def explore(
    make_chart: Callable[[], Chart | Any],
    client: Client,
    *,
    claims: Sequence[Claim] = (everything_came, as_composed),
    max_runs: int = MAX_RUNS,
    first_failure: bool = True,
    count: bool = True,
    states: bool = False,
    progress: Callable[[int], object] | None = None,
    **settings: Unpack[SearchKeywords],
) -> Exploration:
    """Run a small office in every delivery order: does all that is claimed hold in each of them?

    No desk may raise an error, and each of `claims` is to hold. An order that fails is made as small as can be (fewest
    tasks, then desks, losses, repeats, overtakings). It is in `Exploration.counterexample`: as a diagram, a test to
    paste, and a choice string for `replay`.

    A claim of your own is asked of smaller offices, too, in search of the smallest that fails. Where it raises anything
    but an `AssertionError` there, or does not hold though all comes in order, that office does not count. A claim about
    which of two desks or tasks was first, or how full a table ever was, takes ``reduce=False``: orders that differ in
    that alone are the same.

    In the field: stateless model checking with dynamic partial-order reduction, and delta debugging of what it finds.

    Args:
        make_chart: makes the chart anew for every order.
        client: which tasks are submitted, and what the people above say of each result. It goes by no clock.
        claims: what is to hold in every order: `everything_came`, `as_composed`, `checks_hold`, or a function of your
            own, which gets an `Outcome` and raises `AssertionError` or returns False where it does not hold.
        max_runs: after so many runs it stops, and is not complete; by default after a minute or a few.
        first_failure: stop at the first order that fails. If not, it goes on and counts them.
        count: count the orders that are the same as one that was run, unless they are too many.
        states: collect the final states.
        progress: called with the number of runs, after every thousand.
        late: the links, by name or pattern, whose messages arrive in any order, whatever link they are on; on all
            others messages arrive at once.
        losses: how many messages may be lost in one order.
        repeats: how many messages may arrive twice in one order.
        overtakings: how many messages may be overtaken in one order, each by a later one on its own link. None: any
            number.
        reduce: of all orders that are the same for every desk, run one alone, as `Orders` says.
        seed: a number that decides all that is random.
    """
    if not is_count(max_runs):
        raise BadOrder(f"max_runs is a whole number from 1, not {max_runs!r}")
    max_runs = int(max_runs)
    case = Case(make_chart, replace(client, keep=True), tuple(claims), SearchSettings(**settings))
    orders = case.orders(max_runs)
    exploration = Exploration(tuple(map(name_of, claims)), orders=0 if count else None)
    first: Failure | None = None
    for outcome in orders:
        failure = case.failure(outcome)
        exploration.add(outcome, failure)
        first = first or failure
        if exploration.orders is not None:
            these = orders.same_as_this()
            exploration.orders = None if these is None else exploration.orders + these
        if states:
            exploration.states.add(outcome.state())
        if progress is not None and not orders.runs % 1000:
            progress(orders.runs)
        if first is not None and first_failure:
            exploration.why_not = "it stopped at the first that fails"
            break
    else:
        exploration.why_not = "" if orders.complete else f"it stopped after {max_runs:,} run{'s' * (max_runs != 1)}"
    exploration.out_of_sight = orders.out_of_sight
    exploration.runs, exploration.broken_off, exploration.complete = orders.runs, orders.broken_off, orders.complete
    if first is not None:
        exploration.counterexample = smallest(case, first)
    return exploration
