"""`office check`."""

from __future__ import annotations

import typer

from office.cli.output import FAILED, AsJson, JournalFile, read_journal, show_findings, usage_errors
from office.show.check_text import check_findings, check_table
from office.study import checked

__all__ = ["check"]


def check(journal: JournalFile, as_json: AsJson = None) -> None:
    """Look whether a journal is as every run's is, and name the entries that are not.

    Exits with 1 where a check fails, with 2 on wrong use.
    """
    recorded = read_journal(journal)
    with usage_errors():
        checks = checked(recorded)
        holds = all(check.holds for check in checks)
        findings = {"holds": holds, "checks": check_findings(recorded, checks)}
        show_findings(findings, [check_table(recorded, checks)], as_json)
    if not holds:
        raise typer.Exit(FAILED)
