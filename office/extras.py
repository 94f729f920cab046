"""Libraries that only some things need, and that an extra of the installation brings."""

from __future__ import annotations

from importlib import import_module
from typing import Any

__all__ = ["need"]


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
        text = f"{user} needs {error.name}: pip install 'office[{extra}]'"
        raise ModuleNotFoundError(text, name=error.name) from error
