"""Where the weights are: behind an estimator, however many others it is made of."""

from __future__ import annotations

from typing import Any

from office.pickling import parts_of
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
            to_see += reversed(parts_of(thing))
    return list(parameters.values())
