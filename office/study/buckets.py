"""Long series made short: what happened in each of so many equal parts of a run."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from office.study.occupancy import Occupancy
from office.study.sequences import Whole

__all__ = ["Buckets", "in_buckets", "occupancy_in_buckets"]

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Buckets:
    """Equal parts of the time from 0 to the end of a run, those left out in which there is nothing."""

    times: Numbers
    """`(parts,)` ns: the middle of each."""
    mean: Numbers
    """`(parts,)`"""
    least: Numbers
    """`(parts,)`"""
    most: Numbers
    """`(parts,)`"""
    width: float
    """ns: how long each part is; 0 where every value stands for itself."""


def in_buckets(times: Whole, values: Numbers, end: int, parts: int) -> Buckets:
    """Values at times: the mean, the least and the most of those in each part; each for itself if they are so few.

    `(n,)` ns, `(n,)` numbers, NaN where there is none; ns; how many parts at most.
    """
    there = ~np.isnan(values)
    times, values = times[there], values[there]
    order = np.argsort(times, kind="stable")
    times, values = times[order], values[order]
    if len(times) <= parts:
        return Buckets(times.astype(float), values, values, values, 0.0)
    width = max(end, int(times[-1]), 1) / parts
    which = np.minimum(times // width, parts - 1).astype(np.int64)
    used, first = np.unique(which, return_index=True)
    mean = np.add.reduceat(values, first) / np.diff(first, append=len(values))
    return Buckets(
        (used + 0.5) * width, mean, np.minimum.reduceat(values, first), np.maximum.reduceat(values, first), width
    )


def occupancy_in_buckets(one: Occupancy, parts: int) -> Buckets:
    """How many there are in each part of the run: the mean over its time, the least and the most. If they change so few
    times, each count stands for itself, from then on.

    A count that changes on the edge of two parts is seen in the later one.
    """
    if len(one.times) <= parts:
        counts = one.counts.astype(float)
        return Buckets(one.times.astype(float), counts, counts, counts, 0.0)
    width = one.run_end / parts
    edges = np.arange(parts) * np.float64(width)
    area = np.concatenate([[0.0], np.cumsum(one.counts * one.widths.astype(float))])
    at = np.searchsorted(one.times, edges, side="right") - 1
    until = np.append(area[at] + one.counts[at] * (edges - one.times[at]), area[-1])
    mean = np.diff(until) / width
    # In each part there are the count that it begins with and those that begin in it.
    parts_of = np.minimum(one.times // width, parts - 1).astype(np.int64)
    counts = np.concatenate([one.counts[at], one.counts]).astype(float)
    which = np.concatenate([np.arange(parts), parts_of])
    least, most = np.full(parts, np.inf), np.full(parts, -np.inf)
    np.minimum.at(least, which, counts)
    np.maximum.at(most, which, counts)
    return Buckets(edges + width / 2, mean, least, most, width)
