"""All that is to be said of the order of arrivals on a link: RFC 4737 and RFC 5236 together."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from office.journal import Journal
from office.study.link_mail import LinkMail, mail_by_link, mail_on
from office.study.rfc4737 import (
    Runs,
    discontinuities,
    extents,
    gap_times,
    gaps,
    late_times,
    n_reordering,
    reordering_free_runs,
)
from office.study.rfc5236 import Density, reorder_buffer_density, reorder_density
from office.study.sequences import Whole, arrival_times, first_copies, whole_numbers

__all__ = ["Reordering", "overtaken", "reordering", "reordering_by_link"]


EACH = "number", "place", "extent", "late_time_ns", "n"


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
        """Measure a sequence. Raises `ValueError` for anything else than such numbers.

        Args:
            sequence: `(arrivals,)` whole numbers in order of arrival.
            times: `(arrivals,)` ns, when each arrived; late times need them.
            dt: RFC 5236's threshold of displacement; None is no threshold.
            bt: RFC 5236's threshold of the buffer; None is no threshold.
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
        places = np.full(len(self.numbers), -1)
        places[first_copies(self.numbers)] = np.arange(self.arrivals)
        return places

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
        numbers: dict[str, Any] = {
            "arrivals": self.arrivals,
            "later_copies": len(self.numbers) - self.arrivals,
            "reordered": self.reordered,
            "ratio": _or_none(self.ratio),
            "extent": _summary(self.extents),
            "late_time_ns": _summary(self.late_times, self.extents > 0),
            "discontinuities": len(self.discontinuities),
            "gap": _summary(self.gaps),
            "gap_time_ns": _summary(self.gap_times, self.gaps > 0),
            "reordering_free_runs": {
                **{letter: getattr(self.runs, letter) for letter in "xqpa"},
                "mean": _or_none(self.runs.mean),
                "variation": _or_none(self.runs.variation),
            },
            "n_reordering": {
                "most": int(self.n.max(initial=0)),
                "degrees": {str(n): self.degree(n) for n in (1, 2, 3) if self.arrivals},
            },
            "reorder_density": _shares(self.rd),
            "reorder_buffer_density": _shares(self.rbd),
        }
        if each:
            numbers["reordered_arrivals"] = [dict(zip(EACH, row, strict=True)) for row in self.late_arrivals]
        return numbers

    @property
    def late_arrivals(self) -> list[tuple[int, int, int, int | None, int]]:
        """The reordered arrivals: number, place from 1, extent, late time in ns, n."""
        at = np.flatnonzero(self.extents)
        late = [None] * len(at) if self.late_times is None else self.late_times[at].tolist()
        columns = (self.numbers[at], self.places[at] + 1, self.extents[at])
        return list(zip(*(column.tolist() for column in columns), late, self.n[at].tolist(), strict=True))


def reordering(journal: Journal, link: str, *, dt: int | None = None, bt: int | None = None) -> Reordering:
    """Measure the order of arrivals on a link.

    Repeats are counted and left out. What was damaged or lost has not arrived; but it has a number, since numbers are
    those that the link gave its messages in order of sending, from 0. Raises `ValueError` where no link has that name.

    Args:
        journal: What a run has recorded.
        link: The link's name, as in ``"estimates/alex.inbox"``.
        dt: RFC 5236's threshold of displacement; None is no threshold.
        bt: RFC 5236's threshold of the buffer; None is no threshold.
    """
    return _measured(mail_on(journal, link), dt, bt)


def reordering_by_link(
    journal: Journal, pattern: str = "*", *, dt: int | None = None, bt: int | None = None
) -> dict[str, Reordering]:
    """The same for each link whose name fits. Raises `ValueError` for a pattern that fits none.

    Args:
        journal: What a run has recorded.
        pattern: As in mail conditions: ``"*.feedback_from_above"``.
        dt: As in `reordering`.
        bt: As in `reordering`.
    """
    return {name: _measured(mail, dt, bt) for name, mail in mail_by_link(journal, pattern).items()}


def _measured(mail: LinkMail, dt: int | None, bt: int | None) -> Reordering:
    arrived = mail.readable
    return Reordering.of(arrived.number, arrived.arrived, dt=dt, bt=bt)


def overtaken(journal: Journal) -> Whole:
    """How many places late each message came on its own link: its extent (RFC 4737, section 4.2), 0 for one in order.

    `(rows,)` of the journal's mail. As in `reordering`, later copies are never late, and what was damaged or lost has
    not arrived.
    """
    mail = journal.mail
    places_late = np.zeros(len(mail.sent), dtype=np.int64)
    rows = np.flatnonzero((mail.arrived >= 0) & ~mail.damaged)
    rows = rows[np.argsort(mail.link[rows], kind="stable")]
    bounds = np.searchsorted(mail.link[rows], np.arange(len(journal.links) + 1))
    numbers = mail.number[rows]
    for begin, end in pairwise(bounds):
        places_late[rows[begin:end]] = extents(numbers[begin:end])
    return places_late


def _or_none(number: float) -> float | None:
    return None if np.isnan(number) else float(number)


def _summary(values: Whole | None, which: NDArray[np.bool_] | None = None) -> dict[str, Any] | None:
    """Mean and most of those that count, which are those above 0 where it is not said."""
    if values is None:
        return None
    counted = values[values > 0 if which is None else which]
    return {"mean": float(counted.mean()), "most": int(counted.max())} if len(counted) else None


def _shares(density: Density) -> dict[str, Any]:
    return {"lost": density.lost, "shares": {str(value): share for value, share in density.items()}}
