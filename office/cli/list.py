"""`office list`."""

from __future__ import annotations

import typer

from office.cli.scenario_files import scenarios, title

__all__ = ["list_"]


def list_() -> None:
    """Show the scenarios, a line each."""
    known = scenarios()
    width = max(map(len, known))
    for name, path in known.items():
        typer.echo(f"{name:{width}}  {title(path)}")
