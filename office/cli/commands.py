"""The `office` command and what it can be told to do."""

from __future__ import annotations

import typer

from office.cli.check import check
from office.cli.diff import diff
from office.cli.grid import grid
from office.cli.list import list_
from office.cli.reordering import reordering
from office.cli.report import report
from office.cli.run import run
from office.cli.why import why

__all__ = ["app"]

app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="Backpropagation as a simulation of messages between desks."
)

app.command("list")(list_)
app.command("run")(run)
app.command("grid")(grid)
app.command("check")(check)
app.command("why")(why)
app.command("diff")(diff)
app.command("report")(report)
app.command("reordering", context_settings={"ignore_unknown_options": True})(reordering)
