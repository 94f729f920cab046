"""How long things go well: reordering-free runs, RFC 4737, section 4.6."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from office.study.extents import earliest_greater
from office.study.sequences import Whole, first_copies, whole_numbers

__all__ = ["Runs", "reordering_free_runs"]


@dataclass(frozen=True)
class Runs:
    """The reordering-free runs of a sequence, under the RFC's letters."""

    lengths: Whole
    """`(x,)`: how many arrivals in order came before each reordered one, since the reordered one before it."""
    p: int
    """All arrivals that are no later copy."""
    a: int
    """Those in order, with the ones after the last reordered arrival, which make up no run yet."""

    @property
    def x(self) -> int:
        """How many runs: one for each reordered arrival, which ends it."""
        return len(self.lengths)

    @property
    def q(self) -> int:
        """The sum of the squares of the runs."""
        return int(self.lengths @ self.lengths)

    @property
    def mean(self) -> float:
        """The average run as the RFC has it, a/x; NaN where there is none."""
        return self.a / self.x if self.x else float("nan")

    @property
    def variation(self) -> float:
        """(q/a) / (a/x), the RFC's sign of how much runs vary: about 1 where they do not; NaN where there is none."""
        return self.q * self.x / self.a**2 if self.x and self.a else float("nan")


def reordering_free_runs(sequence: ArrayLike) -> Runs:
    """Count the arrivals in order between reordered ones (RFC 4737, section 4.6.3). Later copies are left out.

    `(arrivals,)` whole numbers in order of arrival -> `Runs`. A run may have no arrivals at all. What comes after the
    last reordered arrival is not a run, since nothing has ended it.
    """
    numbers = whole_numbers(sequence)
    copies = numbers[first_copies(numbers)]
    late = np.flatnonzero(earliest_greater(copies) < np.arange(len(copies)))
    return Runs(np.diff(late, prepend=-1) - 1, len(copies), len(copies) - len(late))
