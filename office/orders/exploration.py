"""Every delivery order of a small office: does what is claimed hold in all of them?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from office.counts import is_count
from office.desks import Chart
from office.engines import EVERY, Client, Late
from office.errors import BadOrder, OrderFailed
from office.orders.claims import Claim, as_composed, everything_came, name_of
from office.orders.counterexample import Counterexample
from office.orders.outcome import Outcome
from office.orders.setting import Failure, Setting
from office.orders.shrinking import smallest

__all__ = ["Exploration", "explore"]

MOST = 1_000_000


@dataclass
class Exploration:
    """What was found out about all delivery orders of an office."""

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
    states: set[Any] = field(default_factory=set)
    """The final states that were reached, if they were asked for."""
    counterexample: Counterexample | None = None
    """The smallest order that was found in which something does not hold."""

    @property
    def holds(self) -> bool:
        """Whether all that was claimed holds in every order."""
        return self.complete and not self.failing

    def add(self, outcome: Outcome, failure: Failure | None) -> None:
        """One more order was run: what came of it, and what does not hold of that."""
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
        if self.orders == self.runs:
            return f"orders: {self.orders:,}, {'all of them' if self.runs > 1 else 'and it was'} run"
        number = "" if self.orders is None else f"{self.orders:,}; "
        return f"orders: {number}{ran}, and each of the others is the same as one of these"


def explore(
    make_chart: Callable[[], Chart | Any],
    client: Client,
    *,
    claims: Sequence[Claim] = (everything_came, as_composed),
    late: Late = EVERY,
    losses: int = 0,
    repeats: int = 0,
    overtakings: int | None = None,
    reduce: bool = True,
    seed: int = 0,
    most: int = MOST,
    first_failure: bool = True,
    count: bool = True,
    states: bool = False,
    progress: Callable[[int], object] | None = None,
) -> Exploration:
    """Run a small office in every delivery order, and say whether all that is claimed holds in each of them.

    No desk may raise an error, and each of `claims` is to hold: `everything_came`, `as_composed`, `checks_hold`, or a
    function of your own, which gets the `Outcome` of an order and raises `AssertionError` or returns False. What fails
    is made as small as can be (fewest tasks, then desks, losses, repeats, overtakings), and is in
    `Exploration.counterexample`: as a diagram, a test to paste, and a choice string for `replay`. With
    `first_failure=False` it goes on after a failure and counts them.

    `make_chart` makes the chart anew for every order; messages on the `late` links (names or patterns, all unless said
    otherwise) arrive in any order, those on other links at once; so many are lost or repeated, or overtaken on their
    own link, in one order at most. `reduce`, and what is refused, as in `Orders`. After `most` runs it stops, and is
    not complete. `count` counts the orders that are the same as one that was run, unless that are too many; `states`
    collects the final states. `progress` is called with the number of runs, after every thousand.

    A claim of your own is asked of smaller offices, too, in search of the smallest that fails; where it raises anything
    else there, or does not hold though all comes in order, that office does not count. A claim about which of two
    desks or tasks was first takes ``reduce=False``: orders that differ in that alone are the same.

    In the field: stateless model checking with dynamic partial-order reduction, and delta debugging of what it finds.
    """
    if not is_count(most):
        raise BadOrder(f"most is a whole number of runs from 1, not {most!r}")
    setting = Setting(
        make_chart, replace(client, keep=True), tuple(claims), late=late, losses=losses, repeats=repeats,
        overtakings=overtakings, reduce=reduce, seed=seed,
    )  # fmt: skip
    orders = setting.orders(most)
    found = Exploration(tuple(map(name_of, claims)), orders=0 if count else None)
    first: Failure | None = None
    for outcome in orders:
        failure = setting.failure(outcome)
        found.add(outcome, failure)
        first = first or failure
        if found.orders is not None:
            these = orders.same_as_this()
            found.orders = None if these is None else found.orders + these
        if states:
            found.states.add(outcome.state())
        if progress is not None and not orders.runs % 1000:
            progress(orders.runs)
        if first is not None and first_failure:
            found.why_not = "it stopped at the first that fails"
            break
    else:
        found.why_not = "" if orders.complete else f"it stopped after {most:,} run{'' if most == 1 else 's'}"
    found.runs, found.broken_off, found.complete = orders.runs, orders.broken_off, orders.complete
    if first is not None:
        found.counterexample = smallest(setting, first)
    return found
