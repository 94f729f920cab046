"""`office plot`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from office.cli.output import AsJson, JournalFile, read_journal, show_findings, usage_errors, writable, wrong_use
from office.show import PLOTS, draw_plots

__all__ = ["NAMES", "plot"]

NAMES = "\b\n" + "\n".join(f"{name:10} {plot.shows}" for name, plot in PLOTS.items())
"""The names of the plots, with what they show, as lines of a help text."""


def plot(
    journal: JournalFile,
    names: Annotated[list[str] | None, typer.Argument(metavar="[NAME]...", help="Which; all if not given.")] = None,
    output: Annotated[
        Path | None,
        typer.Option(metavar="F.png|F.svg", callback=writable, help="The picture; beside the journal if not given."),
    ] = None,
    of: Annotated[str, typer.Option(metavar="PATTERN", help="Only these desks or links, as in '*.inbox'.")] = "*",
    as_json: AsJson = None,
) -> None:
    """Draw the plots of a run as one picture. Exits with 2 on wrong use, and where there is nothing to draw."""
    for name in names or ():
        if name not in PLOTS:
            wrong_use(f'no plot is named "{name}" (plots: {", ".join(PLOTS)})')
    loaded = read_journal(journal)
    file = output or Path(journal).with_suffix(".png")
    try:
        with usage_errors():
            drawn = draw_plots(loaded, file, names or PLOTS, of)
            text = [f"{file}: {', '.join(drawn.shown)}", *(f"no {name}: {why}" for name, why in drawn.left_out.items())]
            show_findings({"file": str(file), **drawn._asdict()}, text, as_json)
    except ModuleNotFoundError as error:
        wrong_use(str(error))
