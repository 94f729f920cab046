"""No step at all for what comes too late."""

from __future__ import annotations

from typing import Any

from office.work.rules.around import Around
from office.work.rules.rule import Rule
from office.work.schedules import Schedule

__all__ = ["Discard"]


class Discard(Around):
    """weights ← the step of the rule within, if staleness ≤ limit; weights, if not.

    Maranjyan, Tyurin & Richtárik, *Ringmaster ASGD*, 2025 (arXiv 2501.16168), algorithm 4, whose threshold R is `limit`
    + 1. What is discarded is not an update, and makes nothing else later. Put it outermost, so that nothing around it
    takes a step of its own. `ValueError` for a negative limit.
    """

    def __init__(self, rule: Rule | Schedule | float, limit: int) -> None:
        if not limit >= 0:
            raise ValueError(f"a limit of staleness is zero or more, not {limit!r}")
        super().__init__(rule)
        self.limit = limit

    def step(self, gradient: Any, weights: Any, then: Any, staleness: int, heard: int) -> Any:
        """The very same weights where the feedback is too late."""
        return weights if staleness > self.limit else self.rule.step(gradient, weights, then, staleness, heard)
