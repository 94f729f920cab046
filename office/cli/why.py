"""`office why`."""

from __future__ import annotations

from typing import Annotated

import typer

from office.cli.output import AsJson, JournalFile, read_journal, show_findings, usage_errors
from office.show.life_text import life_table, life_title
from office.study import find_task
from office.study import why as life_of

__all__ = ["why"]


def why(
    journal: JournalFile,
    task: Annotated[str, typer.Argument(metavar="TASK", help="A task's ID: 7 is the number if there is such a task.")],
    as_json: AsJson = None,
) -> None:
    """Tell the life of one task, hop by hop. Exits with 2 on wrong use, and for a task that is not there."""
    recorded = read_journal(journal)
    with usage_errors():
        life = life_of(recorded, find_task(recorded, task))
        show_findings(life.as_dict(), [life_title(life), "", life_table(life)], as_json)
