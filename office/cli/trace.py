"""`office trace`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from office.cli.output import JournalFile, read_journal, usage_errors, writable
from office.cli.terminal import say
from office.show import write_trace

__all__ = ["trace"]


def trace(
    journal: JournalFile,
    file: Annotated[Path, typer.Argument(metavar="F.json", callback=writable, help="Where to write the trace.")],
) -> None:
    """Write a journal as a trace, to be opened at https://ui.perfetto.dev: the Trace Event Format.

    A track a desk, a slice for each thing that it does, and the way of each task as a flow. Exits with 2 on wrong use.
    """
    loaded = read_journal(journal)
    with usage_errors():
        done = write_trace(loaded, file)
        flows = int(done.steps.is_first.sum())
        say(f"{len(done.begin):,} slices, {flows:,} flows: open {file} at https://ui.perfetto.dev")
