"""`office diagram`."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from office.cli.output import JournalFile, read_journal, usage_errors, writable, wrong_use
from office.cli.terminal import say
from office.files import write_whole
from office.show import MERMAID_LIMIT, left_out, mermaid_diagram, svg_diagram, text_diagram
from office.study import diagram as worked_out
from office.study import find_task
from office.times import nanoseconds

__all__ = ["diagram"]

WIDTH = 80


def diagram(
    journal: JournalFile,
    form: Annotated[Literal["text", "svg", "mermaid"], typer.Option("--format", help="What to draw it as.")] = "text",
    begin: Annotated[str, typer.Option("--from", metavar="TIME", help="Only from this time on, as in 20ms.")] = "0",
    end: Annotated[str | None, typer.Option("--to", metavar="TIME", help="Only up to this time.")] = None,
    task: Annotated[list[str] | None, typer.Option(metavar="TASK", help="Only this task; may be given again.")] = None,
    limit: Annotated[
        int, typer.Option("--most", min=1, metavar="N", help="Draw no more than the first so many messages.")
    ] = 500,
    width: Annotated[int | None, typer.Option(min=20, help="Columns of text; those of the terminal, or 80.")] = None,
    output: Annotated[Path | None, typer.Option(metavar="F", callback=writable, help="Draw to this file.")] = None,
) -> None:
    """Draw who sent what to whom, when it arrived and what overtook it: a Lamport diagram.

    Drawn are the messages that were sent or arrived in that time. Exits with 2 on wrong use.
    """
    loaded = read_journal(journal)
    with usage_errors():
        first, last = nanoseconds(begin), None if end is None else nanoseconds(end)
        if last is not None and last < first:
            wrong_use(f"--to {end} is before --from {begin}")
        drawn = worked_out(loaded, first, last, [find_task(loaded, word) for word in task or []], limit)
        if form == "text":
            text = text_diagram(drawn, width or _columns(output)) + "\n"
        else:
            text = (svg_diagram if form == "svg" else mermaid_diagram)(drawn)
        if output is None:
            say(text, end="")
        else:
            write_whole(output, [text.encode()])
    if drawn.left_out:
        say(f"{left_out(drawn)}: choose by --from, --to and --task, or draw more by --most", err=True)
    if form == "mermaid" and len(text) > MERMAID_LIMIT:
        say(f"Mermaid wants maxTextSize for more than {MERMAID_LIMIT:,} characters: {len(text):,}", err=True)


def _columns(output: Path | None) -> int:
    """How wide text is to be: as the terminal, where there is one."""
    return shutil.get_terminal_size((WIDTH, 0)).columns if output is None and sys.stdout.isatty() else WIDTH
