"""Many numbers as a few bins, to be looked at: a million points are no picture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from office.study.occupancy import Occupancy
from office.study.sequences import Whole

__all__ = ["Bins", "TimeBins", "binned", "binned_over_time", "medians"]

Numbers = NDArray[np.float64]
PERCENTS = 0, 10, 50, 90, 100


@dataclass(frozen=True)
class Bins:
    """How numbers are distributed in each of so many bins, side by side."""

    edges: Whole
    """`(bins + 1,)`: which number each begins with, and how many there are in all."""
    percentiles: dict[int, Numbers]
    """By percent, `(bins,)`: 0 is the least of each bin, 50 its median, 100 the most."""

    @property
    def middles(self) -> Whole:
        """`(bins,)`: which number is in the middle of each."""
        return (self.edges[:-1] + self.edges[1:]) // 2


@dataclass(frozen=True)
class TimeBins:
    """How many there were in each of so many parts of a run, one after another."""

    edges: Whole
    """`(parts + 1,)` ns: when each begins, and when the last ends."""
    least: Numbers
    """`(parts,)`"""
    mean: Numbers
    """`(parts,)`: the average over the time of each part."""
    largest: Numbers
    """`(parts,)`"""

    @property
    def middles(self) -> Numbers:
        """`(parts,)` ns: the middle of each."""
        return (self.edges[:-1] + self.edges[1:]) / 2


def binned(values: Numbers, bins: int, percents: tuple[int, ...] = PERCENTS) -> Bins:
    """Put numbers into so many bins in their order, as many in each as in the next, or one more or less: `(n,)`.

    The percentiles are by nearest rank, as those of `latency`. There are no more bins than numbers.

    Args:
        values: `(n,)`
        bins: How many bins.
        percents: Which percentiles of each bin to take.
    """
    bins = min(bins, len(values))
    edges = len(values) * np.arange(bins + 1) // max(bins, 1)
    rows = np.empty((len(percents), bins))
    for place in range(bins):
        part = values[edges[place] : edges[place + 1]]
        rows[:, place] = np.percentile(part, percents, method="inverted_cdf")
    return Bins(edges, dict(zip(percents, rows, strict=True)))


def medians(times: Whole, values: Numbers, limit: int) -> tuple[Whole, Numbers]:
    """The medians of at most so many bins of neighbours, each at the time of its middle one: two columns `(n,)`.

    Values that are not finite are left out; where there are no more than that, each stands for itself.

    Args:
        times: `(n,)` ns
        values: `(n,)`
        limit: The largest number of bins.
    """
    times, values = times[np.isfinite(values)], values[np.isfinite(values)]
    if len(values) <= limit:
        return times, values
    bins = binned(values, limit, (50,))
    return times[bins.middles], bins.percentiles[50]


def binned_over_time(occupancy: Occupancy, bins: int) -> TimeBins:
    """Look at how many there were in each of so many equally long parts of a run.

    What takes fewer ns than that has a part for each of them; a run that takes no time has none.
    """
    times, counts, end = occupancy.times, occupancy.counts, occupancy.run_end
    parts = min(bins, end)
    if not parts:
        return TimeBins(np.zeros(1, dtype=np.int64), *(np.zeros(0) for _ in range(3)))
    edges = np.array([end * part // parts for part in range(parts + 1)], dtype=np.int64)
    # Whatever the count is as a part begins is a step of its own, so that every part has one.
    begins = edges[:-1]
    carried = counts[np.searchsorted(times, begins, side="right") - 1]
    moments, steps = np.concatenate([begins, times]), np.concatenate([carried, counts])
    order = np.argsort(moments, kind="stable")
    order = order[moments[order] < end]
    moments, steps = moments[order], steps[order]
    first = np.searchsorted(moments, begins)
    least, largest = (of.reduceat(steps, first).astype(float) for of in (np.minimum, np.maximum))
    area = np.add.reduceat(steps * np.diff(moments, append=end).astype(float), first)
    return TimeBins(edges, least, area / np.diff(edges), largest)
