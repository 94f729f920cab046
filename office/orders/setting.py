"""What is explored: an office, its client, what the mail may do, and what is claimed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import inf
from typing import Any, NamedTuple

import numpy as np

from office.desks import Chart
from office.engines import EVERY, Client, Late, all_at_once
from office.orders.claims import Claim, name_of
from office.orders.orders import Orders
from office.orders.outcome import Outcome
from office.orders.untimed_run import replay
from office.orders.without import without

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
    reduce: bool = True
    seed: int = 0
    left_out: tuple[str, ...] = ()
    """Desks of the chart that are not there."""

    def chart(self) -> Chart | Any:
        """The chart, anew, without those left out."""
        chart = self.make_chart()
        return without(chart, *self.left_out) if self.left_out else chart

    def orders(self, most: float = inf) -> Orders:
        """All its delivery orders, as far as so many runs go."""
        return Orders(
            self.chart, self.client, late=self.late, losses=self.losses, repeats=self.repeats,
            overtakings=self.overtakings, reduce=self.reduce, seed=self.seed, most=most,
        )  # fmt: skip

    def replay(self, order: str) -> Outcome:
        """One of them once more."""
        return replay(self.chart, self.client, order, seed=self.seed, late=self.late)

    def failure(self, outcome: Outcome) -> Failure | None:
        """What does not hold of an outcome, if anything. Raises what a claim raises that is no `AssertionError`."""
        error = outcome.error
        if error is not None:
            notes = "".join(f" ({note})" for note in getattr(error, "__notes__", ()))
            return Failure(type(error), f"{type(error).__name__}: {error}{notes}", outcome)
        for claim in self.claims:
            try:
                complaint = "" if _holds(claim, outcome) else f"{name_of(claim)} does not hold"
            except AssertionError as broken:
                complaint = f"{name_of(claim)}: {broken}" if str(broken) else f"{name_of(claim)} does not hold"
            except Exception as wrong:
                wrong.add_note(f"{name_of(claim)} was asked of order {outcome.order}")
                raise
            if complaint:
                return Failure(claim, complaint, outcome)
        return None

    def with_tasks(self, tasks: Sequence[tuple[Any, Any]]) -> Setting:
        """The same with these tasks alone."""
        client = replace(self.client, tasks=list(tasks), arrivals=all_at_once(), epochs=1, shuffle=False)
        return replace(self, client=client)

    def leaving_out(self, *desks: str) -> Setting:
        """The same without more desks, and all that is under them."""
        return replace(self, left_out=(*self.left_out, *desks))


def _holds(claim: Claim, outcome: Outcome) -> bool:
    """What a claim says of an outcome."""
    said = claim(outcome)
    if said is None or isinstance(said, (bool, np.bool_)):
        return said is None or bool(said)
    raise TypeError(f"a claim returns True, False or None, not {said!r}")
