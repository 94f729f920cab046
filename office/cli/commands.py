"""The `office` command and what it can be told to do."""

from __future__ import annotations

from typing import Any

import typer

from office.cli.broken_off import interruptible
from office.cli.check import check
from office.cli.diagram import diagram
from office.cli.diff import diff
from office.cli.grid import grid
from office.cli.list import list_
from office.cli.new import new
from office.cli.no_color import NoColor, WithoutColours
from office.cli.output import output_written
from office.cli.plot import NAMES, plot
from office.cli.reordering import reordering
from office.cli.report import report
from office.cli.run import run
from office.cli.trace import trace
from office.cli.why import why

__all__ = ["app"]


class Commands(WithoutColours):
    """Those of `office`, each of which can be interrupted, and says in one line that a disk is full."""

    def invoke(self, ctx: typer.Context) -> Any:  # type: ignore[override]
        """Run the command that was asked for."""
        with interruptible(), output_written():
            return super().invoke(ctx)


app = typer.Typer(cls=Commands, no_args_is_help=True, add_completion=False)


@app.callback()
def office(_no_color: NoColor = False) -> None:  # noqa: FBT002  it is a switch
    """Backpropagation as a simulation of messages between desks."""


app.command("list")(list_)
app.command("new")(new)
app.command("run")(run)
app.command("grid")(grid)
app.command("check")(check)
app.command("why")(why)
app.command("diagram")(diagram)
app.command("diff")(diff)
app.command("plot", help=f"{plot.__doc__}\n\n{NAMES}", short_help=plot.__doc__)(plot)
app.command("report")(report)
app.command("trace")(trace)
app.command("reordering", context_settings={"ignore_unknown_options": True})(reordering)
