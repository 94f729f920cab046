"""Libraries that only some things need, and that an extra of the installation brings."""

from __future__ import annotations

from importlib import import_module
from typing import Any

__all__ = ["need"]


def need(module: str, whoever: str, extra: str) -> Any:
    """Import a module; raises `ModuleNotFoundError`, which says who needs what, and which extra brings it."""
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        told = f"{whoever} needs {error.name}: pip install 'office[{extra}]'"
        raise ModuleNotFoundError(told, name=error.name) from error
