"""What a check finds: whether an invariant holds, and which entries break it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

import numpy as np

from office.study.sequences import Whole

__all__ = ["Broken", "Check", "Entry", "finding"]

NAMED = 1000
"""So many entries at most are named."""

Broken: TypeAlias = tuple[Whole, str | Callable[[int], str]]
"""Rows of a table, and what is wrong with them, or with each."""


class Entry(NamedTuple):
    """An entry of a journal that breaks an invariant."""

    table: str
    """"mail", "losses", "work", "incidents" or "learnt"."""
    row: int
    """Its place in that table, from 0; in the last three, desk after desk."""
    why: str
    """What is wrong with it."""


@dataclass(frozen=True)
class Check:
    """One invariant, and the entries of a journal that break it."""

    name: str
    says: str
    """What is to be so."""
    looked_at: Mapping[str, int]
    """How many of what were looked at: where that is nothing, the check says nothing."""
    broken: int
    """How many entries break it."""
    entries: tuple[Entry, ...]
    """The first thousand of them."""

    @property
    def holds(self) -> bool:
        """Whether none does."""
        return not self.broken


def finding(name: str, says: str, looked_at: Mapping[str, int], *broken_rows: Broken, table: str = "mail") -> Check:
    """What a check finds: the rows of a table that break an invariant, each with the reason.

    Args:
        name: The check's name.
        says: What is to be so.
        looked_at: How many of what were looked at.
        broken_rows: Rows of the table and what is wrong with them, or with each.
        table: Which table the rows are of.
    """
    broken = np.unique(np.concatenate([np.arange(0), *(rows for rows, _ in broken_rows)]))
    reasons: dict[int, list[str]] = {row: [] for row in broken[:NAMED].tolist()}
    for rows, why in broken_rows:
        for row in rows[np.isin(rows, broken[:NAMED])].tolist():
            reasons[row].append(why if isinstance(why, str) else why(row))
    entries = tuple(Entry(table, row, "; ".join(because)) for row, because in reasons.items())
    return Check(name, says, looked_at, len(broken), entries)
