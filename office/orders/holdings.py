"""What can change in what a desk holds: by it two desks may come to depend on each other without a message."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterable, Iterator
from dataclasses import is_dataclass
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
from typing import Any

import numpy as np

__all__ = ["changeable", "is_out_of_sight"]

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


def changeable(holder: Any) -> dict[int, Any]:
    """All that may change and can be reached from an object, by identity.

    It follows attributes, items, closures, default arguments, bound methods, and the globals and classes that functions
    of the user's name. What code in C holds out of sight of Python's garbage collector it cannot see.
    """
    reached: dict[int, Any] = {}
    result: dict[int, Any] = {}
    stack = [holder]
    while stack:
        thing = stack.pop()
        if id(thing) in reached or isinstance(thing, PLAIN):
            continue
        reached[id(thing)] = thing
        if not _is_frozen(thing):
            result[id(thing)] = thing
        stack.extend(_held_by(thing))
    return result


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
    if isinstance(thing, FunctionType):
        return _held_by_function(thing)
    if isinstance(thing, type):
        return () if _is_ours(thing) else _held_by_class(thing)
    if isinstance(thing, BuiltinFunctionType):
        return [thing.__self__]
    return gc.get_referents(thing)


def _held_by_class(cls: type) -> Iterator[Any]:
    yield from cls.__bases__
    for name, value in vars(cls).items():
        if isinstance(value, FunctionType) or not name.startswith(("__", "_abc_")):
            yield value


def _held_by_function(function: FunctionType) -> Iterator[Any]:
    for cell in function.__closure__ or ():
        try:
            yield cell.cell_contents
        except ValueError:  # not there yet
            continue
    yield from function.__defaults__ or ()
    yield from (function.__kwdefaults__ or {}).values()
    yield from vars(function).values()
    if not _is_ours(function):
        names = _names(function.__code__)
        yield from (value for name, value in function.__globals__.items() if name in names)


def _names(code: CodeType) -> set[str]:
    inner = [constant for constant in code.co_consts if isinstance(constant, CodeType)]
    return {*code.co_names}.union(*map(_names, inner))


def _is_ours(thing: FunctionType | type) -> bool:
    return str(thing.__module__).partition(".")[0] in OURS
