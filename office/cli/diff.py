"""`office diff`."""

from __future__ import annotations

from typing import Annotated

import typer

from office.cli.output import FAILED, AsJson, read_journal, show_findings, usage_errors
from office.cli.terminal import Parts
from office.show.journal_diff import Parting, partings
from office.show.table import Table

__all__ = ["diff"]


def diff(
    first: Annotated[str, typer.Argument(metavar="JOURNAL", help="A journal that a run has saved.")],
    second: Annotated[str, typer.Argument(metavar="JOURNAL", help="Another.")],
    as_json: AsJson = None,
) -> None:
    """Tell where two journals part: in the head, the mail, and each other table.

    Exits with 0 where they are the same, with 1 where they part, with 2 on wrong use.
    """
    ours, theirs = read_journal(first), read_journal(second)
    differences = partings(ours, theirs)
    same = f"the same: {len(ours)} messages, {len(ours.losses)} tasks spoken of"
    with usage_errors():
        show_findings(
            {"same": not differences, "partings": [parting.as_dict() for parting in differences]},
            [part for parting in differences for part in in_words(parting, first, second)] or [same],
            as_json,
        )
    if differences:
        raise typer.Exit(FAILED)


def in_words(parting: Parting, first: str, second: str) -> Parts:
    """Where two journals part, and what either has there.

    Args:
        parting: The place.
        first: The name of the first journal.
        second: The name of the second.
    """
    rows = (f"    {first}", parting.first), (f"    {second}", parting.second)
    return [f"{parting.part}, {parting.where}", Table(rows)]
