"""The findings of checks as a text table, and as JSON has them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from office.journal import Journal
from office.show.entry_text import entry_text
from office.show.table import Table
from office.study import Check

__all__ = ["check_findings", "check_table"]

SHOWN = 10
"""So many entries that break a check are shown."""
WIDTHS = len("broken"), 18
"""Of whether a check holds and of its name, so that a check alone stands as it does among others."""


def check_table(journal: Journal, checks: Iterable[Check]) -> Table:
    """Whether each check holds, and of how many; where one does not, what is not so, and the first entries."""
    return Table([row for check in checks for row in _rows(journal, check)], least=WIDTHS)


def check_findings(journal: Journal, checks: Iterable[Check]) -> list[dict[str, Any]]:
    """The same as JSON has it, with each entry that is named: its table, row, line in the file, and text."""
    return [
        asdict(check)
        | {"looked_at": dict(check.looked_at), "holds": check.holds}
        | {"entries": list(_entries(journal, check))}
        for check in checks
    ]


def _rows(journal: Journal, check: Check) -> list[tuple[str, ...]]:
    counted = ", ".join(f"{number} {what}" for what, number in check.looked_at.items())
    if check.holds:
        return [("ok", check.name, counted)]
    lines = [f"not so: {check.says}; {check.broken} entries break it"]
    lines += [f"line {entry['line']}: {entry['text']}" for entry in _entries(journal, check, SHOWN)]
    lines += [f"… and {check.broken - SHOWN} more"] if check.broken > SHOWN else []
    return [("broken", check.name, counted), *(("", line) for line in lines)]


def _entries(journal: Journal, check: Check, limit: int | None = None) -> list[dict[str, Any]]:
    if not check.entries:
        return []
    mail, lines = journal.mail, journal.line_numbers()
    return [
        {
            "table": table,
            "row": row,
            "line": lines[table][row],
            "text": f"{entry_text(journal, mail, table, row)}: {why}",
        }
        for table, row, why in check.entries[:limit]
    ]
