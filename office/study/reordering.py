"""All that is to be said of the order of arrivals on a link: RFC 4737 and RFC 5236 together."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from office.journal import Journal
from office.study.buffer_density import reorder_buffer_density
from office.study.columns import LinkMail, mail_by_link, mail_on
from office.study.density import Density
from office.study.extents import extents, late_times
from office.study.gaps import discontinuities, gap_times, gaps
from office.study.n_reordering import n_reordering
from office.study.reorder_density import reorder_density
from office.study.runs import Runs, reordering_free_runs
from office.study.sequences import Whole, arrival_times, first_copies, whole_numbers
from office.study.tables import Table
from office.study.telling import as_numbers, as_tables

__all__ = ["Reordering", "reordering", "reordering_by_link"]


@dataclass(frozen=True, eq=False)
class Reordering:
    """The order of arrivals in a sequence: arrays with an entry an arrival, and what they come to.

    Numbers and times are as given; of later copies nothing is said (0 in every array).
    """

    numbers: Whole
    """`(arrivals,)` in order of arrival."""
    times: Whole | None
    """`(arrivals,)` ns, or nothing."""
    extents: Whole
    """`(arrivals,)` places late; more than 0 for reordered arrivals (RFC 4737, section 4.2)."""
    late_times: Whole | None
    """`(arrivals,)` ns late (section 4.3)."""
    discontinuities: Whole
    """`(discontinuities,)` places of what was ahead of its turn, among first copies (section 4.5)."""
    gaps: Whole
    """`(arrivals,)` places since the discontinuity before, at a discontinuity (section 4.5)."""
    gap_times: Whole | None
    """`(arrivals,)` ns since the discontinuity before (section 4.5)."""
    runs: Runs
    """The reordering-free runs (section 4.6)."""
    n: Whole
    """`(arrivals,)` the greatest n for which each is n-reordered (section 5)."""
    rd: Density
    """The reorder density: shares by displacement (RFC 5236, section 3.6)."""
    rbd: Density
    """The reorder buffer-occupancy density: shares by occupancy (RFC 5236, section 3.11)."""

    @classmethod
    def of(
        cls, sequence: ArrayLike, times: ArrayLike | None = None, *, dt: int | None = None, bt: int | None = None
    ) -> Reordering:
        """Measure a sequence of whole numbers in order of arrival, perhaps with times in ns.

        `dt` and `bt` are RFC 5236's thresholds, of displacement and of the buffer; None is no threshold. Raises
        `ValueError` for anything else than such numbers.
        """
        numbers = whole_numbers(sequence)
        came = None if times is None else arrival_times(times, len(numbers))
        return cls(
            numbers,
            came,
            extents(numbers),
            None if came is None else late_times(numbers, came),
            discontinuities(numbers),
            gaps(numbers),
            None if came is None else gap_times(numbers, came),
            reordering_free_runs(numbers),
            n_reordering(numbers),
            reorder_density(numbers, dt),
            reorder_buffer_density(numbers, bt),
        )

    @cached_property
    def places(self) -> NDArray[np.int64]:
        """`(arrivals,)`: each one's place among first copies, from 0; -1 for a later copy."""
        found = np.full(len(self.numbers), -1)
        found[first_copies(self.numbers)] = np.arange(self.arrivals)
        return found

    @property
    def arrivals(self) -> int:
        """How many there were, later copies left out."""
        return self.runs.p

    @property
    def reordered(self) -> int:
        """How many of them were reordered (RFC 4737, section 3.3)."""
        return self.runs.x

    @property
    def ratio(self) -> float:
        """The share that was reordered (RFC 4737, section 4.1); NaN of no arrivals."""
        return self.reordered / self.arrivals if self.arrivals else float("nan")

    def degree(self, n: int) -> float:
        """The share that was n-reordered (RFC 4737, section 5.3); NaN of no arrivals."""
        return int(np.count_nonzero(self.n >= n)) / self.arrivals if self.arrivals else float("nan")

    def as_dict(self, *, each: bool = False) -> dict[str, Any]:
        """The numbers, as JSON has them: ns, places, shares; null where there is none. `each`: every reordered arrival.

        Means are over reordered arrivals, of gaps over those that there are.
        """
        return as_numbers(self, each=each)

    @property
    def tables(self) -> list[Table]:
        """What it all comes to, and the first reordered arrivals, if any, for people; places from 1, as in the RFCs."""
        return as_tables(self)

    def __str__(self) -> str:
        return "\n\n".join(map(str, self.tables))


@overload
def reordering(journal: Journal, link: str, *, dt: int | None = None, bt: int | None = None) -> Reordering:  # noqa: D418
    """One link."""


@overload
def reordering(  # noqa: D418
    journal: Journal, link: None = None, *, dt: int | None = None, bt: int | None = None
) -> dict[str, Reordering]:
    """Every link."""


def reordering(
    journal: Journal, link: str | None = None, *, dt: int | None = None, bt: int | None = None
) -> Reordering | dict[str, Reordering]:
    """Measure the order of arrivals on a link, or on each of them, by name.

    Repeats are counted and left out. What was damaged or lost has not arrived; but it has a number, since numbers are
    those that the link gave its messages in order of sending, from 0.

    `dt` and `bt` are RFC 5236's thresholds, see `Reordering.of`. Raises `ValueError` where no link has that name.
    """
    return _measured(mail_on(journal, link), dt, bt) if link is not None else reordering_by_link(journal, dt=dt, bt=bt)


def reordering_by_link(
    journal: Journal, pattern: str = "*", *, dt: int | None = None, bt: int | None = None
) -> dict[str, Reordering]:
    """Measure the order of arrivals on each link whose name fits, as `reordering` does.

    Raises `ValueError` for a pattern that fits none.
    """
    return {name: _measured(mail, dt, bt) for name, mail in mail_by_link(journal, pattern)}


def _measured(mail: LinkMail, dt: int | None, bt: int | None) -> Reordering:
    there = mail.readable
    return Reordering.of(there.number, there.arrived, dt=dt, bt=bt)
