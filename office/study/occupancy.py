"""How many there are at each time, how long they stay, and how busy desks are: L(t), Little's law and utilisation.

Little's law, L = λW: on average there are as many as come in a unit of time, times how long they stay. Over a whole
run, with what is still there at the end counted up to the end, it is an identity and holds exactly (J. D. C. Little,
"Little's law as viewed on its 50th anniversary", Operations Research 59, 2011, pages 536 to 549). The law is of 1961:
"A proof for the queuing formula: L = λW", Operations Research 9, pages 383 to 387.
"""

from __future__ import annotations

from dataclasses import dataclass
from operator import mul

import numpy as np
from numpy.typing import NDArray

from office.journal import Journal
from office.study.link_mail import run_end
from office.study.sequences import Whole
from office.study.stays import Stays

__all__ = ["Little", "Occupancy", "little", "occupancy", "utilisation"]


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
    def mean(self) -> float:
        """The average over the time of the run; 0 for a run that takes none."""
        return self.area / self.run_end if self.run_end else 0.0

    @property
    def peak(self) -> int:
        """The largest count between two instants. What comes and goes within one instant is not seen."""
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


@dataclass(frozen=True)
class Little:
    """The three sides of the law. They are 0 where a run takes no time or nothing comes."""

    came: int
    """How many stays there were."""
    run_end: int
    """How long the run took, in ns."""
    area: int
    """The integral of how many there were, over the run, in ns: from the steps of the count."""
    spent: int
    """How long all stayed together, in ns: from the stays one by one."""

    @property
    def mean_number(self) -> float:
        """L: how many there were on average."""
        return self.area / self.run_end if self.run_end else 0.0

    @property
    def rate(self) -> float:
        """λ: how many came in a nanosecond."""
        return self.came / self.run_end if self.run_end else 0.0

    @property
    def mean_stay(self) -> float:
        """W: how long each stayed on average, in ns."""
        return self.spent / self.came if self.came else 0.0

    @property
    def holds(self) -> bool:
        """Whether L = λW, exactly: both sides are whole numbers divided by the length of the run."""
        return self.area == self.spent or not self.run_end


def little(stays: Stays) -> Little:
    """Both sides of Little's law, each on its own, for any stays (`on_link`, `in_tray`, `in_table`…)."""
    spent = sum(stays.lengths_so_far.tolist())
    return Little(len(stays.begin), stays.run_end, occupancy(stays).area, spent)


def utilisation(journal: Journal, desk: str, end: int | None = None) -> float:
    """The share of the run that a desk spent at work; ρ in the field.

    0 for a desk that takes no time, and in a run that takes none. Work that was not done when the run ended is not in
    the journal, and does not count.

    Args:
        journal: What a run has recorded.
        desk: The desk's path.
        end: Look at the run until then (ns); None is until the last event in the journal.
    """
    span = run_end(journal) if end is None else end
    busy = sum(min(until, span) - min(begin, span) for _, begin, until in journal.work.get(desk, ()))
    return busy / span if span else 0.0
