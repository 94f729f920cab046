"""What can change in what a desk holds: by it two desks may come to depend on each other without a message."""

from __future__ import annotations

import gc
import os
import random
import sys
from collections.abc import Iterable, Iterator
from dataclasses import is_dataclass
from dis import get_instructions
from enum import Enum
from functools import partial
from io import IOBase
from types import (
    BuiltinFunctionType,
    ClassMethodDescriptorType,
    CodeType,
    FunctionType,
    GetSetDescriptorType,
    MappingProxyType,
    MemberDescriptorType,
    MethodDescriptorType,
    MethodType,
    ModuleType,
    WrapperDescriptorType,
)
from typing import Any, TypeAlias

import numpy as np

__all__ = ["Holdings", "is_out_of_sight"]

PLAIN = (
    bool, int, float, complex, str, bytes, type(None), type(...), type(NotImplemented), range, slice, np.generic,
    np.dtype, np.ufunc, ModuleType, CodeType, Enum, ClassMethodDescriptorType, GetSetDescriptorType,
    MemberDescriptorType, MethodDescriptorType, WrapperDescriptorType,
)  # fmt: skip
"""Of these nothing changes, and they hold nothing that does."""
FROZEN = (tuple, frozenset, partial, MethodType, FunctionType, property, classmethod, staticmethod, MappingProxyType)
"""These do not change themselves, but may hold what does."""
NOT_SEEN_INTO = {*sys.stdlib_module_names} - {
    "builtins",
    "collections",
    "_collections",
    "itertools",
    "functools",
    "random",
}
"""Classes of these packages that are made in C may hold what nobody sees."""
OURS = {"office", "numpy", "builtins", *sys.stdlib_module_names}
"""The functions and classes of these packages keep nothing between calls."""


class Holdings:
    """All that can be reached from an object, as far as it may change.

    It follows attributes, items, closures, default arguments, bound methods, and what functions of the user's name:
    their globals, classes and modules. What code in C holds out of sight of Python's garbage collector it cannot see.

    Args:
        holder: the object.
    """

    def __init__(self, holder: Any) -> None:
        self.things: dict[int, Any] = {}
        """Objects that may change, by identity."""
        self.reads: set[Variable] = set()
        """Variables that code looks at: names of closures, modules and classes."""
        self.assigns: set[Variable] = set()
        """Variables that code gives another value."""
        self._alive: list[Any] = []
        self._follow(holder)

    @property
    def may_change(self) -> bool:
        """Whether anything in it may change by what is in it."""
        return bool(self.things or self.assigns)

    def _follow(self, holder: Any) -> None:
        reached: dict[int, Any] = {}
        stack, assigned_attributes = [holder], set[str]()
        while stack:
            thing = stack.pop()
            if id(thing) in reached or (isinstance(thing, PLAIN) and not isinstance(thing, ModuleType)):
                continue
            reached[id(thing)] = thing
            if isinstance(thing, ModuleType):
                continue
            if not _is_frozen(thing):
                self.things[id(thing)] = thing
            if isinstance(thing, FunctionType):
                if not _is_ours(thing):
                    names = Names(thing.__code__)
                    assigned_attributes |= names.assigned_attributes
                    self._note_variables(thing, names)
                    stack.extend(_named_by(thing, names))
                stack.extend(_in_function(thing))
            else:
                stack.extend(_held_by(thing))
        for thing in reached.values():
            place = id(vars(thing)) if isinstance(thing, ModuleType) else id(thing)
            variables = {(place, name) for name in data_attributes(thing)}
            self.reads |= variables
            self.assigns |= {variable for variable in variables if variable[1] in assigned_attributes}
        self._alive += reached.values()

    def _note_variables(self, function: FunctionType, names: Names) -> None:
        module = id(function.__globals__)
        self.reads |= {(module, name) for name in names.all if name in function.__globals__}
        self.assigns |= {(module, name) for name in names.assigned_globals}
        for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
            self.reads.add((id(cell), ""))
            if name in names.assigned_cells:
                self.assigns.add((id(cell), ""))
            self._alive.append(cell)


Variable: TypeAlias = tuple[int, str]
"""The identity of a closure's cell, of a module's names or of a class, and a name in it."""


class Names:
    """What code names, that of functions within it, too."""

    def __init__(self, code: CodeType) -> None:
        self.all = {*code.co_names}
        self.assigned_globals: set[str] = set()
        self.assigned_cells: set[str] = set()
        self.assigned_attributes: set[str] = set()
        kinds = {
            "STORE_GLOBAL": self.assigned_globals, "DELETE_GLOBAL": self.assigned_globals,
            "STORE_DEREF": self.assigned_cells, "STORE_ATTR": self.assigned_attributes,
        }  # fmt: skip
        for instruction in get_instructions(code):
            if instruction.opname in kinds:
                kinds[instruction.opname].add(instruction.argval)
        for constant in code.co_consts:
            if isinstance(constant, CodeType):
                inner = Names(constant)
                self.all |= inner.all
                self.assigned_globals |= inner.assigned_globals
                self.assigned_cells |= inner.assigned_cells
                self.assigned_attributes |= inner.assigned_attributes


def data_attributes(thing: Any) -> Iterator[str]:
    """The names of a class's or a module's own values, functions and classes apart."""
    if isinstance(thing, ModuleType) or (isinstance(thing, type) and not _is_ours(thing)):
        for name, value in vars(thing).items():
            if not (name.startswith("__") or isinstance(value, (FunctionType, type, ModuleType))):
                yield name


def is_out_of_sight(thing: Any) -> bool:
    """Whether what a thing is connected with cannot be seen: a file, a socket, a database, other things made in C."""
    kind = type(thing)
    is_made_in_c = not any(isinstance(value, FunctionType) for each in kind.__mro__ for value in vars(each).values())
    return (is_made_in_c and kind.__module__.partition(".")[0] in NOT_SEEN_INTO) or isinstance(thing, IOBase)


def _is_frozen(thing: Any) -> bool:
    if isinstance(thing, np.ndarray):
        return not thing.flags.writeable and thing.base is None
    frozen = is_dataclass(thing) and not isinstance(thing, type) and type(thing).__dataclass_params__.frozen  # type: ignore[attr-defined]
    return bool(frozen) or isinstance(thing, (*FROZEN, type, BuiltinFunctionType))


def _held_by(thing: Any) -> Iterable[Any]:
    if isinstance(thing, type):
        return () if _is_ours(thing) else _held_by_class(thing)
    if isinstance(thing, BuiltinFunctionType):
        return [thing.__self__]
    if isinstance(thing, np.ndarray):
        return [thing.base, *gc.get_referents(thing)]
    return gc.get_referents(thing)


def _held_by_class(cls: type) -> Iterator[Any]:
    yield from cls.__bases__
    for name, value in vars(cls).items():
        if isinstance(value, FunctionType) or not name.startswith(("__", "_abc_")):
            yield value


def _in_function(function: FunctionType) -> Iterator[Any]:
    for cell in function.__closure__ or ():
        try:
            yield cell.cell_contents
        except ValueError:  # not there yet
            continue
    yield from function.__defaults__ or ()
    yield from (function.__kwdefaults__ or {}).values()
    if set(vars(function)) - {"__wrapped__"}:
        yield vars(function)  # which may change
    yield from vars(function).values()


def _named_by(function: FunctionType, names: Names) -> Iterator[Any]:
    """The values of what a function names: its globals, and attributes of the modules that it names or imports."""
    values = [value for name, value in function.__globals__.items() if name in names.all]
    modules = [value for value in values if isinstance(value, ModuleType)]
    modules += [sys.modules[name] for name in names.all if name in sys.modules and name not in function.__globals__]
    yield from values
    for module in modules:
        package = module.__name__.partition(".")[0]
        if package not in OURS:
            yield module
            yield from (value for name, value in vars(module).items() if name in names.all)
        elif package == "random" or (package == "numpy" and ("random" in names.all or module is np.random)):
            yield _RANDOM[package]
        elif package == "os" and names.all & {"environ", "environb", "getenv", "putenv", "unsetenv"}:
            yield os.environ


_RANDOM = {"random": random.random.__self__, "numpy": np.random.mtrand._rand}  # type: ignore[attr-defined]  # noqa: SLF001
"""The generators that all of a process share."""


def _is_ours(thing: FunctionType | type) -> bool:
    return str(thing.__module__).partition(".")[0] in OURS
