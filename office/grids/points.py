"""The points of a grid, and its seeds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice, product
from math import isnan, prod
from numbers import Integral, Real
from typing import Any

import numpy as np

from office.counts import is_count
from office.errors import BadGrid
from office.grids.cell import RESERVED, Point

__all__ = ["checked_points", "checked_seeds", "every_point"]

MOST = 1_000_000
"""Cells of a grid."""


def every_point(**axes: Iterable[Any]) -> list[Point]:
    """Every combination of the values of the axes; the last axis changes fastest. Lists of points add up with ``+``.

        every_point(rule=["sgd", "muon"], rate=[0.1, 0.03])  # four points, the first {"rule": "sgd", "rate": 0.1}

    Raises `BadGrid` for an axis that is no list of values. In the field: a full factorial design.
    """
    for name, values in axes.items():
        if isinstance(values, str) or not isinstance(values, Iterable):
            raise BadGrid(f"axis {name} is a list of values, not {values!r}")
    each = [at_most(values, f"axis {name} has") for name, values in axes.items()]
    if prod(map(len, each)) > MOST:
        raise BadGrid(f"{' times '.join(f'{len(values):,}' for values in each)} are more points than {MOST:,}")
    return [dict(zip(axes, values, strict=True)) for values in product(*each)]


def at_most(values: Iterable[Any], what: str) -> list[Any]:
    """The values in a list. Raises `BadGrid` where there are too many; `what` begins its text."""
    listed = list(islice(values, MOST + 1))
    if len(listed) > MOST:
        raise BadGrid(f"{what} more values than {MOST:,}")
    return listed


def checked_points(points: Sequence[Mapping[str, Any]]) -> list[Point]:
    """The points with plain Python values and their keys in one order. Raises `BadGrid`, which says what is wrong."""
    if not isinstance(points, Sequence) or not points or not all(isinstance(point, Mapping) for point in points[:MOST]):
        raise BadGrid(f"points are a list of at least one dict, not {points!r}")
    if len(points) > MOST:
        raise BadGrid(f"there are {len(points):,} points, and {MOST:,} cells are the most that a grid has")
    keys = list(points[0])
    if bad := [key for key in keys if not isinstance(key, str) or key in RESERVED]:
        raise BadGrid(f'the keys of points are strings other than "seed" and "diverged", not {bad[0]!r}')
    numbers: dict[tuple[Any, ...], int] = {}
    for number, point in enumerate(points):
        if set(point) != set(keys):
            raise BadGrid(f"point {number} has the keys {sorted(point, key=str)}, and point 0 has {sorted(keys)}")
        values = tuple(_plain(point[key], f"point {number}, {key}") for key in keys)
        if numbers.setdefault(values, number) != number:
            raise BadGrid(f"point {number} is point {numbers[values]} again: {dict(point)}")
    return [dict(zip(keys, values, strict=True)) for values in numbers]


def checked_seeds(seeds: Iterable[int]) -> list[int]:
    """The seeds in a list. Raises `BadGrid` for none, for one that is no whole number from 0, and for repeats."""
    listed = at_most(seeds, "seeds are")
    if not listed or not all(is_count(seed, 0) for seed in listed) or len(set(listed)) < len(listed):
        raise BadGrid(f"seeds are different whole numbers from 0, at least one, not {listed}")
    return list(map(int, listed))


def _plain(value: Any, where: str) -> str | int | float:
    """A value as plain Python's, which is what a kept cell gives back."""
    if isinstance(value, np.bool_):
        value = bool(value)
    if isinstance(value, (str, bool)):
        return str(value) if isinstance(value, str) else value
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, Real) and not isnan(value):
        return float(value)
    raise BadGrid(f"{where}: a value is a string or a number, not {value!r}")
