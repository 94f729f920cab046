"""A case to explore: an office, its client, what the mail may do, and what is claimed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from math import inf
from typing import Any, NamedTuple

import numpy as np

from office.desks import Chart
from office.engines import Client, all_at_once
from office.orders.claims import Claim, name_of
from office.orders.orders import Orders
from office.orders.outcome import Outcome
from office.orders.settings import SearchSettings
from office.orders.untimed_run import replay
from office.orders.without import without

__all__ = ["Case", "Failure"]


class Failure(NamedTuple):
    """An order in which something does not hold."""

    claim: Claim | type[Exception]
    """What does not hold, or the type of what a desk raised."""
    reason: str
    """What is wrong, in words."""
    outcome: Outcome

    @property
    def order(self) -> str:
        """The choices that make it, as text."""
        return self.outcome.order


@dataclass(frozen=True)
class Case:
    """An office to explore, and what is claimed of it. Smaller ones of its kind come of `with_tasks` and so on."""

    make_chart: Callable[[], Chart | Any]
    client: Client
    claims: tuple[Claim, ...]
    settings: SearchSettings = field(default_factory=SearchSettings)
    left_out: tuple[str, ...] = ()
    """Desks of the chart that are not there."""

    def chart(self) -> Chart | Any:
        """The chart, anew, without those left out."""
        chart = self.make_chart()
        return without(chart, *self.left_out) if self.left_out else chart

    def orders(self, max_runs: float = inf) -> Orders:
        """All its delivery orders, as far as so many runs go."""
        return Orders(self.chart, self.client, max_runs=max_runs, **self.settings.keywords())

    def replay(self, order: str) -> Outcome:
        """One of them once more."""
        return replay(self.chart, self.client, order, seed=self.settings.seed, late=self.settings.late)

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

    def with_tasks(self, tasks: Sequence[tuple[Any, Any]]) -> Case:
        """The same with these tasks alone."""
        client = replace(self.client, tasks=list(tasks), arrivals=all_at_once(), epochs=1, shuffle=False)
        return replace(self, client=client)

    def leaving_out(self, *desks: str) -> Case:
        """The same without more desks, and all that is under them."""
        return replace(self, left_out=(*self.left_out, *desks))


def _holds(claim: Claim, outcome: Outcome) -> bool:
    """Whether a claim holds of an outcome. Raises what the claim raises."""
    verdict = claim(outcome)
    if verdict is None or isinstance(verdict, (bool, np.bool_)):
        return verdict is None or bool(verdict)
    raise TypeError(f"a claim returns True, False or None, not {verdict!r}")
