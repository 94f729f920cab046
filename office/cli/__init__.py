"""The command line, a small file a command: a thin face over the rest."""

from office.cli.commands import app
from office.cli.scenario_files import find_scenario, scenarios

__all__ = ["app", "find_scenario", "scenarios"]
