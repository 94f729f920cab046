"""Libraries that only some things need, and that an extra of the installation brings."""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import entry_points
from typing import Any

__all__ = ["installation_of", "need"]


def installation_of(extra: str) -> str:
    """The command that installs an extra, by the name under which the office is installed; "." in a mere clone."""
    commands = entry_points(group="console_scripts", name="office", value="office.__main__:main")
    distribution = next((command.dist.name for command in commands if command.dist), ".")
    return f"pip install '{distribution}[{extra}]'"


def need(module: str, user: str, extra: str) -> Any:
    """Import a module that an extra brings.

    Args:
        module: Its name, with dots.
        user: What needs it, in words, as in "a plot".
        extra: The name of the extra.

    Raises:
        ModuleNotFoundError: It is missing. The message names the user, the module and the extra.
    """
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        text = f"{user} needs {error.name}: {installation_of(extra)}"
        raise ModuleNotFoundError(text, name=error.name) from error
