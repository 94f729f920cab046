"""The command line, a small file a command: a thin face over the rest."""

from office.cli.commands import app
from office.cli.scenario_files import find_scenario, scenarios
from office.cli.terminal import escape_what_cannot_be_encoded

__all__ = ["app", "escape_what_cannot_be_encoded", "find_scenario", "scenarios"]
