"""What things are made of, and what a chart or a client does when it is copied or pickled."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from copy import deepcopy
from functools import partial
from pickle import PicklingError
from types import CellType, FunctionType, GeneratorType, MethodType, ModuleType
from typing import Any, Self

__all__ = ["Picklable", "parts_of"]


class Picklable:
    """Can be copied, and pickled if all functions in it are at the top of a module.

    A pickle names its functions by module and name. So a lambda or a local function is refused, by the name of its
    owner. Where it pickles (`multiprocessing`, a file), it comes back with the weights, rules and counts that it had.
    """

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        copy = object.__new__(type(self))
        memo[id(self)] = copy
        vars(copy).update(deepcopy(vars(self), memo))
        return copy

    def __reduce_ex__(self, protocol: Any) -> str | tuple[Any, ...]:
        owner = getattr(self, "name", "") or type(self).__name__.lower()
        for attribute, value in vars(self).items():
            if isinstance(value, GeneratorType):
                raise PicklingError(f"{owner}: {attribute} is a generator, which cannot be pickled: pass a list")
            if attribute not in ("members", "tasks"):  # members speak for themselves, and tasks may be a million
                refuse_local(value, f"{owner}: {attribute}")
        return super().__reduce_ex__(protocol)


def refuse_local(thing: Any, owner: str) -> None:
    """Raise `PicklingError` if there is a function in something that cannot be found again by module and name."""
    seen: set[int] = set()
    to_see = [thing]
    while to_see:
        part = to_see.pop()
        if id(part) in seen:
            continue
        seen.add(id(part))
        if isinstance(part, (FunctionType, type)):
            name, within = part.__qualname__, []
        elif isinstance(part, (list, tuple, dict, MethodType, partial)):
            name, within = "", parts_of(part)
        elif any(own in vars(kind) for kind in type(part).__mro__[:-1] for own in ("__reduce__", "__reduce_ex__")):
            continue  # it has its own way to be pickled
        else:
            name, within = type(part).__qualname__, parts_of(part)
        if "<" in name:
            raise PicklingError(
                f"{owner} has {name} in it. What is to be pickled may have no lambda and no local function or class: "
                "define it at the top of a module"
            )
        to_see += within


def parts_of(thing: Any) -> list[Any]:
    """What something is made of: its attributes, its elements, or what a function has in its closure and defaults."""
    if isinstance(thing, (list, tuple)):
        return list(thing)
    if isinstance(thing, dict):
        return list(thing.values())
    if isinstance(thing, FunctionType):
        return [*_held_in(thing.__closure__ or ()), *(thing.__defaults__ or ()), *(thing.__kwdefaults__ or {}).values()]
    if isinstance(thing, MethodType):
        return [thing.__self__]
    if isinstance(thing, partial):
        return [thing.func, thing.args, thing.keywords]
    return [] if isinstance(thing, (type, ModuleType)) else list(getattr(thing, "__dict__", {}).values())


def _held_in(cells: Iterable[CellType]) -> Iterator[Any]:
    for cell in cells:
        with suppress(ValueError):  # a name that has no value yet
            yield cell.cell_contents
