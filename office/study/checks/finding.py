"""What a check found."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, TypeAlias

import numpy as np

from office.study.entries import Entry, entry_text, line_of
from office.study.evidence import Evidence
from office.study.sequences import Whole
from office.study.tables import Table

__all__ = ["Amiss", "Check", "check_table", "finding"]

NAMED, SHOWN = 1000, 10
"""So many entries at most are named, and shown to people."""
WIDTHS = len("broken"), 18
"""Of whether it holds and of a name, so that each check is told the same alone and among others."""

Amiss: TypeAlias = tuple[Whole, str | Callable[[int], str]]
"""Rows of a table, and what is wrong with them, or with each."""


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

    def as_dict(self) -> dict[str, Any]:
        """The finding, as JSON has it."""
        found = asdict(self) | {"looked_at": dict(self.looked_at), "holds": self.holds}
        return found | {"entries": [asdict(entry) for entry in self.entries]}

    @property
    def rows(self) -> list[tuple[str, ...]]:
        """How it is told: whether it holds, of how many; and if not, what is not so, and the first entries."""
        counted = ", ".join(f"{number} {what}" for what, number in self.looked_at.items())
        if self.holds:
            return [("ok", self.name, counted)]
        rest = [f"not so: {self.says}; {self.broken} entries break it", *map(str, self.entries[:SHOWN])]
        more = self.broken - SHOWN
        rest += [f"… and {more} more"] if more > 0 else []
        return [("broken", self.name, counted), *(("", line) for line in rest)]

    def __str__(self) -> str:
        return str(check_table([self]))


def check_table(found: Sequence[Check]) -> Table:
    """What checks found, for people."""
    return Table([row for one in found for row in one.rows], least=WIDTHS)


def finding(
    evidence: Evidence, name: str, says: str, looked_at: Mapping[str, int], *amiss: Amiss, table: str = "mail"
) -> Check:
    """What a check found: the rows of a table that are amiss, each with the reason."""
    broken = np.unique(np.concatenate([rows for rows, _ in amiss]))
    reasons: dict[int, list[str]] = {row: [] for row in broken[:NAMED].tolist()}
    for rows, why in amiss:
        for row in rows[np.isin(rows, broken[:NAMED])].tolist():
            reasons[row].append(why if isinstance(why, str) else why(row))
    entries = [
        Entry(
            table,
            row,
            line_of(evidence.journal, table, row),
            f"{entry_text(evidence.journal, evidence.mail, table, row)}: {'; '.join(because)}",
        )
        for row, because in reasons.items()
    ]
    return Check(name, says, looked_at, len(broken), tuple(entries))
