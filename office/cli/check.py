"""`office check`."""

from __future__ import annotations

import typer

from office.cli.output import FAILED, AsJson, JournalFile, read_journal, show_findings, usage_errors
from office.study import check_table, checked

__all__ = ["check"]


def check(journal: JournalFile, as_json: AsJson = None) -> None:
    """Look whether a journal is as every run's is, and name the entries that are not.

    Exits with 1 where a check fails, with 2 on wrong use.
    """
    there = read_journal(journal)
    with usage_errors():
        found = checked(there)
        holds = all(one.holds for one in found)
        show_findings(
            {"holds": holds, "checks": [one.as_dict() for one in found]},
            [check_table(found)],
            as_json,
        )
    if not holds:
        raise typer.Exit(FAILED)
