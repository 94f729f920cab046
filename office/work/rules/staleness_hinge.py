"""Smaller steps for later feedback: from some staleness on."""

from __future__ import annotations

from office.work.rules.around import Scaled
from office.work.rules.rule import Rule
from office.work.schedules import Schedule

__all__ = ["StalenessHinge"]


class StalenessHinge(Scaled):
    """rate ← rate, up to a staleness of `free`; rate / (slope · (staleness − free) + 1) beyond; for the rule within.

    Xie, Koyejo & Gupta, *Asynchronous Federated Optimization* (FedAsync, arXiv 1903.03934), who mix models with this
    factor: `slope` is their a, `free` their b. Each feedback is scaled by its own staleness. `ValueError` for a
    negative one of them.
    """

    def __init__(self, rule: Rule | Schedule | float, slope: float = 1.0, free: int = 0) -> None:
        if not (slope >= 0 and free >= 0):
            raise ValueError(f"slope and free updates are zero or more, not {slope!r} and {free!r}")
        super().__init__(rule)
        self.slope = slope
        self.free = free

    def factor(self, staleness: int, heard: int) -> float:  # noqa: ARG002
        """One while the staleness is free."""
        return 1.0 if staleness <= self.free else 1 / (self.slope * (staleness - self.free) + 1)
