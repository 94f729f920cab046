"""What is explored: an office, its client, what the mail may do, and what is claimed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from office.desks import Chart
from office.engines import EVERY, Client, Late, Orders, Outcome, all_at_once, replay
from office.testing.claims import Claim
from office.testing.without import without

__all__ = ["Failure", "Setting"]


class Failure(NamedTuple):
    """An order in which something does not hold."""

    claim: Claim | type[Exception]
    """What does not hold, or the type of what a desk raised."""
    what: str
    """What is wrong, in words."""
    outcome: Outcome

    @property
    def order(self) -> str:
        """The choices that make it, as text."""
        return self.outcome.order


@dataclass(frozen=True)
class Setting:
    """An office to explore. Of smaller ones of its kind, say which tasks and desks are left out."""

    make_chart: Callable[[], Chart | Any]
    client: Client
    claims: tuple[Claim, ...]
    late: Late = EVERY
    losses: int = 0
    repeats: int = 0
    overtakings: int | None = None
    seed: int = 0
    left_out: tuple[str, ...] = ()
    """Desks of the chart that are not there."""

    def chart(self) -> Chart | Any:
        """The chart, anew, without those left out."""
        chart = self.make_chart()
        return without(chart, *self.left_out) if self.left_out else chart

    def orders(self, *, reduce: bool = True) -> Orders:
        """All its delivery orders."""
        return Orders(
            self.chart, self.client, late=self.late, losses=self.losses, repeats=self.repeats,
            overtakings=self.overtakings, reduce=reduce, seed=self.seed,
        )  # fmt: skip

    def replay(self, order: str) -> Outcome:
        """One of them once more."""
        return replay(self.chart, self.client, order, seed=self.seed, late=self.late)

    def failure(self, outcome: Outcome) -> Failure | None:
        """What does not hold of an outcome, if anything."""
        if outcome.error is not None:
            return Failure(type(outcome.error), f"{type(outcome.error).__name__}: {outcome.error}", outcome)
        for claim in self.claims:
            try:
                holds = claim(outcome)
            except AssertionError as error:
                return Failure(claim, f"{claim.__name__}: {error}", outcome)
            except Exception as error:
                error.add_note(f"{claim.__name__} itself failed, in order {outcome.order}")
                raise
            if holds is False:
                return Failure(claim, f"{claim.__name__} does not hold", outcome)
        return None

    def with_tasks(self, tasks: Sequence[tuple[Any, Any]]) -> Setting:
        """The same with these tasks alone."""
        client = replace(self.client, tasks=list(tasks), arrivals=all_at_once(), epochs=1, shuffle=False)
        return replace(self, client=client)

    def leaving_out(self, desk: str) -> Setting:
        """The same without one more desk, and all that is under it."""
        return replace(self, left_out=(*self.left_out, desk))
