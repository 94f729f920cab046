"""The names that a test to paste uses, and where they come from."""

from __future__ import annotations

import sys
from collections.abc import Callable
from keyword import iskeyword
from typing import Any

__all__ = ["Names"]

TAKEN = "client", "run", "outcome", "np", "pytest"
"""What a test has names for already."""


class Names:
    """What is to be imported, and what has no name to import it by. No two things have one name."""

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
        """The user's own name for a function; where it has none in its module, one for him to see to."""
        own = getattr(thing, "__qualname__", ""), getattr(thing, "__name__", "")
        module = getattr(thing, "__module__", None) or ""
        if getattr(sys.modules["office"], own[1], None) is thing:
            return self.office(own[1])
        is_there = own[0] and getattr(sys.modules.get(module), own[0], None) is thing
        if is_there and module != "__main__" and all(map(is_name, [*module.split("."), own[0]])):
            return self._import(module, own[0], thing)
        return self.unnamed(thing, own[1] if is_name(own[1]) else otherwise)

    def unnamed(self, thing: Any, otherwise: str) -> str:
        """A name for what has none, which whoever pastes the test is to see to."""
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
