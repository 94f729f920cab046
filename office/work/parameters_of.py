"""Where the weights are: behind an estimator, however many others it is made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import partial
from types import CellType, FunctionType, MethodType, ModuleType
from typing import Any

from office.work.parameters import Parameters

__all__ = ["parameters_of"]


def parameters_of(estimator: Any) -> list[Parameters]:
    """All the `Parameters` behind an estimator or a chart, each once: those it has, or those of what it is made of.

    It looks into attributes, lists, closures and default arguments: a team made by `combine` holds its members in a
    closure. In the field: `model.parameters()`.
    """
    parameters: dict[int, Parameters] = {}
    seen: set[int] = set()
    to_see = [estimator]
    while to_see:
        thing = to_see.pop()
        if id(thing) in seen:
            continue
        seen.add(id(thing))
        if isinstance(thing, Parameters):
            parameters[id(thing)] = thing
        elif isinstance(getattr(thing, "__dict__", {}).get("parameters"), Parameters):
            to_see.append(thing.parameters)
        else:
            to_see += reversed(_made_of(thing))
    return list(parameters.values())


def _made_of(thing: Any) -> list[Any]:
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
