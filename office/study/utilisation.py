"""How busy desks are."""

from __future__ import annotations

from fractions import Fraction

from office.journal import Journal
from office.study.channels import desks
from office.study.columns import run_end

__all__ = ["utilisation"]


def utilisation(journal: Journal, end: int | None = None) -> dict[str, Fraction]:
    """The share of the run that each desk spent at work, exactly; ρ in the field.

    0 for a desk that takes no time, and in a run that takes none. Work that was not done when the run ended is not in
    the journal, and does not count. The run is looked at until `end` (ns), or until the last event in the journal.
    """
    span = run_end(journal) if end is None else end
    busy = {
        desk: sum(min(until, span) - min(begin, span) for _, begin, until in journal.work.get(desk, ()))
        for desk in desks(journal)
    }
    return {desk: Fraction(time, span) if span else Fraction(0) for desk, time in busy.items()}
