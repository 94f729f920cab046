"""`office list`."""

from __future__ import annotations

from office.cli.scenario_files import scenarios, takes, title
from office.cli.terminal import show_parts
from office.show.table import Table

__all__ = ["list_"]


def list_() -> None:
    """Show the scenarios, a line each, and of long ones how long they take."""
    show_parts([Table([(name, title(path), takes(path)) for name, path in scenarios().items()])])
