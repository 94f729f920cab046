"""Tables and numbers for people."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import isnan

from office.show.names import visible

__all__ = ["Table", "number_text", "share_text"]


@dataclass(frozen=True)
class Table:
    """Rows of cells, for people. As text it is plain: a line a row, its cells aligned, two spaces between them."""

    rows: Sequence[Sequence[str]]
    """A row may have fewer cells than there are columns: then its last one runs on over the rest."""
    head: Sequence[str] = ()
    """What stands over the columns, if anything does."""
    right: Collection[int] = ()
    """The columns that are aligned to the right."""
    least: Sequence[int] = ()
    """How wide the first columns are at least."""

    def __str__(self) -> str:
        rows = [list(map(visible, row)) for row in ([self.head, *self.rows] if self.head else self.rows)]
        columns = max(map(len, rows))
        full = [row for row in rows if len(row) == columns]
        widths = [max(map(len, column)) for column in zip(*full, strict=True)]
        for place, width in enumerate(self.least):
            widths[place] = max(widths[place], width)
        return "\n".join("  ".join(map(self._cell, range(len(row)), row, widths)).rstrip() for row in rows)

    def _cell(self, column: int, cell: str, width: int) -> str:
        return cell.rjust(width) if column in self.right else cell.ljust(width)


def number_text(number: float) -> str:
    """A number to three decimals at most, "none" for a NaN."""
    return "none" if isnan(number) else f"{number:.3f}".rstrip("0").rstrip(".")


def share_text(share: float) -> str:
    """A share in percent, "none" for a NaN."""
    return "none" if isnan(share) else f"{100 * share:.1f}%"
