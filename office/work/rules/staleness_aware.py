"""Smaller steps for later feedback: in inverse proportion."""

from __future__ import annotations

from office.work.rules.around import Scaled

__all__ = ["StalenessAware"]


class StalenessAware(Scaled):
    """rate ← rate / max(staleness, 1), for the rule within.

    Zhang, Gupta, Lian & Liu, *Staleness-aware Async-SGD for Distributed Deep Learning*, 2016 (arXiv 1511.05950). Each
    feedback is scaled by its own staleness. An update late is as good as none: if every feedback is, it is the rule
    within.
    """

    def factor(self, staleness: int, heard: int) -> float:  # noqa: ARG002
        """One, a half, a third, … for 1, 2, 3, … updates late."""
        return 1 / max(staleness, 1)
