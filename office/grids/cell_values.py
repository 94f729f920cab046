"""What a cell returns, as the text in which it is kept."""

from __future__ import annotations

import json
from collections.abc import Mapping
from numbers import Integral, Real
from typing import Any

from office.errors import BadGrid
from office.grids.cell import Cell, Found, Point

__all__ = ["cell_key", "cell_text", "check_alike", "found_in", "found_text"]


def cell_key(point: Point, seed: int) -> str:
    """A point and a seed as text, one way only."""
    return json.dumps([point, seed], sort_keys=True)


def cell_text(point: Point, seed: int) -> str:
    """A point and a seed for people."""
    return "cell " + ", ".join([*(f"{key}={value!r}" for key, value in point.items()), f"seed={seed}"])


def found_text(found: Any) -> str:
    """What a cell returned, as JSON. Raises `BadGrid` for what is no dict of numbers and shares."""
    if not isinstance(found, Mapping) or not found or not all(isinstance(name, str) for name in found):
        raise BadGrid(f"a cell returns a dict of numbers by name, not {found!r}")
    return json.dumps({name: _plain(name, value) for name, value in found.items()})


def found_in(text: str) -> Found:
    """What `found_text` has put down."""
    return {name: tuple(value) if isinstance(value, list) else value for name, value in json.loads(text).items()}


def check_alike(cell: Cell, first: Cell) -> None:
    """Raises `BadGrid` where two cells of a grid found different things, or one that has the name of a key."""
    if taken := cell.found.keys() & {*cell.point, "seed"}:
        raise BadGrid(f"a cell returns {min(taken)!r}, which is a key already: {cell_text(cell.point, cell.seed)}")
    kinds, others = ({name: type(value) for name, value in one.found.items()} for one in (cell, first))
    if kinds != others:
        raise BadGrid(
            f"cells return the same names, each a number or a share in all of them:"
            f" {cell_text(cell.point, cell.seed)} returned {cell.found},"
            f" {cell_text(first.point, first.seed)} {first.found}"
        )


def _plain(name: str, value: Any) -> float | tuple[int, int]:
    if isinstance(value, Real):
        return float(value)
    if isinstance(value, tuple) and len(value) == 2 and all(isinstance(number, Integral) for number in value):
        right, of = map(int, value)
        if 0 <= right <= of > 0:
            return right, of
    raise BadGrid(f"a cell returns a number or a pair (right, of) of whole numbers for {name!r}, not {value!r}")
