"""How many there are at each time: messages under way, tasks pending. A step function."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from operator import mul

import numpy as np
from numpy.typing import NDArray

from office.study.sequences import Whole
from office.study.stays import Stays

__all__ = ["Occupancy", "occupancy"]


@dataclass(frozen=True)
class Occupancy:
    """From each of the times on until the next, or until the end of the run, so many. In the field: L(t)."""

    times: Whole
    """`(steps,)` ns, ascending from 0: when the count changes."""
    counts: Whole
    """`(steps,)`: how many there are from then on."""
    run_end: int
    """ns."""

    @property
    def widths(self) -> Whole:
        """`(steps,)` ns: how long each count lasts."""
        return np.diff(self.times, append=self.run_end)

    def until(self, end: int) -> Occupancy:
        """The same up to a time (ns) before the end of the run."""
        return Occupancy(self.times[self.times <= end], self.counts[self.times <= end], min(end, self.run_end))

    @property
    def area(self) -> int:
        """The integral over the run, exactly, in ns."""
        if self.peak * self.run_end < 2**62:
            return int(self.counts @ self.widths)
        return sum(map(mul, self.counts.tolist(), self.widths.tolist()))

    @property
    def mean(self) -> Fraction:
        """The average over the time of the run, exactly; 0 for a run that takes none."""
        return Fraction(self.area, self.run_end) if self.run_end else Fraction(0)

    @property
    def peak(self) -> int:
        """The most that there were between two instants. What comes and goes within one instant is not seen."""
        return int(self.counts.max(initial=0))

    @property
    def shares(self) -> NDArray[np.float64]:
        """`(peak + 1,)`: the share of the time in which there were 0, 1, 2…; zeros for a run that takes no time."""
        spent = np.bincount(self.counts, weights=self.widths, minlength=1)
        return spent / max(self.run_end, 1)


def occupancy(stays: Stays) -> Occupancy:
    """Count the stays that go on at each time."""
    over = stays.end[stays.end >= 0]
    moments = np.concatenate([[0], stays.begin, over])
    steps = np.concatenate([[0], np.ones(len(stays.begin), np.int64), np.full(len(over), -1)])
    order = np.argsort(moments, kind="stable")
    moments, counts = moments[order], np.cumsum(steps[order])
    last = np.append(moments[1:] != moments[:-1], True)  # of each instant
    times, counts = moments[last], counts[last]
    changes = np.append(True, counts[1:] != counts[:-1])
    return Occupancy(times[changes], counts[changes], stays.run_end)
