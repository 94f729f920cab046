"""Where a cell stands: in a file, from which other processes load it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from office.errors import BadGrid
from office.loading import load_file

__all__ = ["Home", "cell_at", "home_of", "read_grid"]


class Home(NamedTuple):
    """Where a function is defined."""

    file: str
    module: str
    name: str
    digest: str
    """SHA-256 of the file."""


def read_grid(path: Path) -> tuple[Callable[..., Any], list[Any]]:
    """The function `cell` and the `POINTS` of a grid file. Raises `BadGrid` where it has none."""
    module = load_file(path)
    for name, what in ("POINTS", "a list of dicts"), ("cell", "a function cell(*, seed, **point)"):
        if not hasattr(module, name):
            raise BadGrid(f"{path} has no {name}, {what}")
    return module.cell, module.POINTS


def home_of(cell: Callable[..., Any]) -> Home:
    """Where a function is defined. Raises `BadGrid` for one that does not stand at the top of a file."""
    module = sys.modules.get(getattr(cell, "__module__", ""))
    name = getattr(cell, "__qualname__", "")
    file = getattr(module, "__file__", None)
    if file is None or getattr(module, name, None) is not cell:
        raise BadGrid(f"a cell is a function at the top of a file, where other processes find it, not {cell!r}")
    path = Path(file).absolute()
    return Home(str(path), cell.__module__, name, _digest(path))


@cache
def cell_at(home: Home) -> Callable[..., Any]:
    """The function there; its file is loaded once. Raises `BadGrid` where the file is no longer the same."""
    path = Path(home.file)
    if _digest(path) != home.digest:
        raise BadGrid(f"{path} has changed while its cells were run")
    module = sys.modules.get(home.module)  # there already in a script's own process
    if getattr(module, "__file__", None) != home.file:
        module = load_file(path, home.module)
    cell: Callable[..., Any] = getattr(module, home.name)
    return cell


def _digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()
