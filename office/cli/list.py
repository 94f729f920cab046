"""`office list`."""

from __future__ import annotations

from office.cli.scenario_files import scenarios, title
from office.cli.terminal import show_parts
from office.show.table import Table

__all__ = ["list_"]


def list_() -> None:
    """Show the scenarios, a line each."""
    show_parts([Table([(name, title(path)) for name, path in scenarios().items()])])
