"""Bodies as they are written in a program."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from office.desks import NO_FEEDBACK
from office.orders.names import Names

__all__ = ["literal"]

PLAIN = str, bytes, int, bool, type(None)


def literal(body: Any, names: Names) -> str:
    """An expression for a body; where there is none, a name for it, which whoever reads it is to see to."""
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
