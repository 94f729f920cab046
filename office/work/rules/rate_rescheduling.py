"""Small steps for late feedback, to begin with."""

from __future__ import annotations

from office.work.rules.around import Scaled
from office.work.rules.rule import Rule
from office.work.schedules import Schedule

__all__ = ["RateRescheduling"]


class RateRescheduling(Scaled):
    """rate ← rate / max(staleness, 1)^p, with p = 1 − min(heard / tasks, 1), for the rule within.

    Yang et al., *PipeMare: Asynchronous Pipeline Parallel DNN Training* (arXiv 1910.05124), technique T1: it starts as
    `StalenessAware`, and after so many `tasks` is the rule within. There the staleness is that of a stage of the
    pipeline, which is fixed; here each feedback is scaled by its own. `ValueError` where `tasks` are fewer than one.
    """

    def __init__(self, rule: Rule | Schedule | float, tasks: int) -> None:
        if not tasks >= 1:
            raise ValueError(f"a rate is rescheduled over one task or more, not {tasks!r}")
        super().__init__(rule)
        self.tasks = tasks

    def factor(self, staleness: int, heard: int) -> float:
        """One where nothing is late, and for everything in the end."""
        return float(max(staleness, 1) ** -(1 - min(heard / self.tasks, 1)))
