"""Smaller steps for later feedback: by a power of its staleness."""

from __future__ import annotations

from office.work.rules.around import Scaled
from office.work.rules.rule import Rule
from office.work.schedules import Schedule

__all__ = ["StalenessPolynomial"]


class StalenessPolynomial(Scaled):
    """rate ← rate · (1 + staleness)^−power, for the rule within.

    Xie, Koyejo & Gupta, *Asynchronous Federated Optimization* (FedAsync, arXiv 1903.03934), mix models with this
    factor; Nguyen et al., *Federated Learning with Buffered Asynchronous Aggregation* (FedBuff, arXiv 2106.06639),
    scale updates with it, by power ½, as is done here. Each feedback is scaled by its own staleness. `ValueError` for a
    negative power.
    """

    def __init__(self, rule: Rule | Schedule | float, power: float = 0.5) -> None:
        if not power >= 0:
            raise ValueError(f"a power of the staleness is zero or more, not {power!r}")
        super().__init__(rule)
        self.power = power

    def factor(self, staleness: int, heard: int) -> float:  # noqa: ARG002
        """One where nothing is late."""
        return float((1 + staleness) ** -self.power)
