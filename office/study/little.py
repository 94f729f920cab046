"""Little's law, L = λW: on average there are as many as come in a unit of time, times how long they stay.

Over a whole run, with what is still there at the end counted up to the end, it is an identity and holds exactly
(J. D. C. Little, "Little's law as viewed on its 50th anniversary", Operations Research 59, 2011, pages 536 to 549). The
law is of 1961: "A proof for the queuing formula: L = λW", Operations Research 9, pages 383 to 387.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from office.study.occupancy import occupancy
from office.study.stays import Stays

__all__ = ["Little", "little"]


@dataclass(frozen=True)
class Little:
    """The three sides of the law, exactly. They are 0 where a run takes no time or nobody comes."""

    came: int
    """How many stays there were."""
    run_end: int
    """How long the run took, in ns."""
    area: int
    """The integral of how many there were, over the run, in ns: from the steps of the count."""
    spent: int
    """How long all stayed together, in ns: from the stays one by one."""

    @property
    def mean_number(self) -> Fraction:
        """L: how many there were on average."""
        return Fraction(self.area, self.run_end) if self.run_end else Fraction(0)

    @property
    def rate(self) -> Fraction:
        """λ: how many came in a nanosecond."""
        return Fraction(self.came, self.run_end) if self.run_end else Fraction(0)

    @property
    def mean_stay(self) -> Fraction:
        """W: how long each stayed on average, in ns."""
        return Fraction(self.spent, self.came) if self.came else Fraction(0)

    @property
    def holds(self) -> bool:
        """Whether L = λW, exactly."""
        return self.mean_number == self.rate * self.mean_stay


def little(stays: Stays) -> Little:
    """Both sides of Little's law, each on its own, for any stays (`on_link`, `in_tray`, `in_table`…)."""
    spent = sum(stays.lengths_so_far.tolist())
    return Little(len(stays.begin), stays.run_end, occupancy(stays).area, spent)
