"""Python text for a test to paste: bodies as literals, and the names it uses with their imports."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from keyword import iskeyword
from typing import Any

import numpy as np

from office.desks import NO_FEEDBACK

__all__ = ["Names", "literal"]

TAKEN = "client", "run", "outcome", "np", "pytest"
"""Names that the test itself gives."""


class Names:
    """What a test imports, and what the user is to define. No two things have the same name."""

    def __init__(self) -> None:
        self.numpy = False
        self.pytest = False
        self.given: dict[str, Any] = dict.fromkeys(TAKEN)
        """What each name stands for."""
        self.imported: dict[str, set[str]] = {"office": set(), "office.orders": set()}
        self.unknown: list[str] = []

    def office(self, name: str) -> str:
        """A name of ours."""
        return self._import("office", name, getattr(sys.modules["office"], name))

    def orders(self, name: str) -> str:
        """A name of ours, for delivery orders."""
        return self._import("office.orders", name, getattr(sys.modules["office.orders"], name))

    def of(self, thing: Callable[..., Any], otherwise: str) -> str:
        """The user's own name for a function; where it has none in its module, a name that the user is to define."""
        own = getattr(thing, "__qualname__", ""), getattr(thing, "__name__", "")
        module = getattr(thing, "__module__", None) or ""
        if getattr(sys.modules["office"], own[1], None) is thing:
            return self.office(own[1])
        can_be_imported = own[0] and getattr(sys.modules.get(module), own[0], None) is thing
        if can_be_imported and module != "__main__" and all(map(is_name, [*module.split("."), own[0]])):
            return self._import(module, own[0], thing)
        return self.unnamed(thing, own[1] if is_name(own[1]) else otherwise)

    def unnamed(self, thing: Any, otherwise: str) -> str:
        """A name for what has none, which the user is to define."""
        name = self._free(otherwise, thing)
        if name not in self.unknown:
            self.unknown.append(name)
        return name

    def imports(self) -> list[str]:
        """The lines that a test begins with."""
        lines = ["import numpy as np"] * self.numpy + ["import pytest"] * self.pytest
        for module, names in self.imported.items():
            if names:
                lines.append(f"from {module} import {', '.join(sorted(names))}")
        if self.unknown:
            were = "it was" if len(self.unknown) == 1 else "they were"
            lines.append(f"# and {', '.join(self.unknown)}, as {were} explored")
        return lines

    def _import(self, module: str, name: str, thing: Any) -> str:
        free = self._free(name, thing)
        self.imported.setdefault(module, set()).add(name if free == name else f"{name} as {free}")
        return free

    def _free(self, name: str, thing: Any) -> str:
        """The name, or one like it, if that stands for something else already."""
        free, number = name, 1
        while self.given.setdefault(free, thing) is not thing:
            number += 1
            free = f"{name}_{number}"
        return free


def is_name(word: str) -> bool:
    """Whether this is a name that Python takes."""
    return word.isidentifier() and not iskeyword(word)


PLAIN = str, bytes, int, bool, type(None)


def literal(body: Any, names: Names) -> str:
    """An expression for a body; where there is none, a name that the user is to define."""
    kind = type(body)
    if kind in PLAIN or (kind is float and math.isfinite(body)):
        return repr(body)
    if kind is float:
        return f"float({str(body)!r})"
    if kind in (list, tuple, dict):
        return _parts(body, names)
    if kind is np.ndarray or isinstance(body, np.generic):
        return _numbers(body, names)
    return names.office("NO_FEEDBACK") if body is NO_FEEDBACK else names.unnamed(body, "body")


def _parts(body: Any, names: Names) -> str:
    """A body that is made up of others."""
    if isinstance(body, dict):
        return f"{{{', '.join(f'{literal(key, names)}: {literal(part, names)}' for key, part in body.items())}}}"
    inside = ", ".join(literal(part, names) for part in body)
    if isinstance(body, list):
        return f"[{inside}]"
    return f"({inside},)" if len(body) == 1 else f"({inside})"


def _numbers(body: Any, names: Names) -> str:
    """An array, or one number out of one."""
    dtype = body.dtype
    if dtype.kind not in "fiubU" or (dtype.kind == "f" and dtype.itemsize > 8):
        return names.unnamed(body, "body")
    names.numpy = True
    if isinstance(body, np.generic):
        return f"np.{type(body).__name__}({literal(body.item(), names)})"
    name = dtype.name if dtype.isnative and dtype.kind != "U" else dtype.str
    numbers = f"array({literal(body.tolist(), names)}" if body.size else f"zeros({body.shape}"
    return f"np.{numbers}, dtype={name!r})"
