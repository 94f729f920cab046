"""A density: how often each whole number came up, as shares that add up to 1."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from office.study.sequences import Whole

__all__ = ["Density", "density"]


@dataclass(frozen=True)
class Density:
    """`density[value]` is the share of a value, 0 for one that never came up."""

    values: Whole
    """`(k,)` the values that came up, ascending."""
    counts: Whole
    """`(k,)` how often each did."""
    lost: int = 0
    """Arrivals that a threshold makes count as lost, and that are in no share."""

    @property
    def total(self) -> int:
        """All that is counted."""
        return int(self.counts.sum())

    @property
    def shares(self) -> NDArray[np.float64]:
        """`(k,)` the share of each value."""
        return self.counts / max(self.total, 1)

    def __getitem__(self, value: int) -> float:
        """The share of a value."""
        return float(self.shares[self.values == value].sum())

    def grouped(self, width: int) -> Density:
        """The same in groups of so many values, each known by its least; one of them begins at 0."""
        values, places = np.unique(self.values // width * width, return_inverse=True)
        counts = np.zeros(len(values), dtype=np.int64)
        np.add.at(counts, places, self.counts)
        return Density(values, counts, self.lost)

    def items(self) -> Iterator[tuple[int, float]]:
        """Each value with its share."""
        return zip(self.values.tolist(), self.shares.tolist(), strict=True)


def density(values: Whole, lost: int = 0) -> Density:
    """Count values: `(n,)` -> the density of them."""
    return Density(*np.unique(values, return_counts=True), lost)
