"""How fast a number changes with each entry of a body: by finite differences, from both sides."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from office.testing.nested import paired, replaced

__all__ = ["Slopes", "precision", "slopes_of"]

STEP = {4: 4e-3, 8: 6e-6}
"""How far an entry is moved, in units of its size or of 1, by `precision`: the cube root of the rounding error."""
SUSPECT = {4: 1e-2, 8: 1e-6}
"""Slopes to the left and to the right that differ by more may be those of a kink."""


class Slopes(NamedTuple):
    """The slopes along some entries of one part of a body."""

    where: str
    part: Any
    entries: NDArray[np.int64]
    """Which entries, in flat numbering."""
    values: NDArray[np.float64]
    """The slope at each; NaN at a kink."""


def slopes_of(function: Callable[[Any], float], body: Any, entries: int, rng: np.random.Generator) -> list[Slopes]:
    """For each part of `body` that is of real floating numbers: the slopes of `function` along some of its entries.

    Args:
        function: a number for any body like this one.
        body: where the slopes are measured.
        entries: along how many entries of each part, at most.
        rng: draws which they are.
    """
    here, slopes = function(body), []
    for where, part, _ in paired(body, body):
        array = np.asarray(part)
        if array.dtype.kind != "f":
            continue

        def at(new: NDArray[Any], where: str = where) -> float:
            return function(replaced(body, where, new if new.ndim else float(new)))

        chosen = np.sort(rng.permutation(array.size)[:entries])
        values = [_slope(at, array, place, here) for place in chosen.tolist()]
        slopes.append(Slopes(where, part, chosen, np.array(values, dtype=np.float64)))
    return slopes


def precision(part: Any) -> int:
    """Bytes a number: 4 for float32 and less, else 8."""
    return 8 if np.asarray(part).dtype.itemsize >= 8 else 4


def _slope(function: Callable[[NDArray[Any]], float], array: NDArray[Any], place: int, here: float) -> float:
    step = STEP[precision(array)] * max(1.0, abs(float(array.flat[place])))
    left, right = (_one_sided(function, array, place, here, side) for side in (step, -step))
    if abs(left - right) > SUSPECT[precision(array)] * max(1.0, abs(left)):
        # On a curve the two come closer as the step shrinks; at a kink they do not.
        nearer = [_one_sided(function, array, place, here, side) for side in (step / 4, -step / 4)]
        if abs(nearer[0] - nearer[1]) > abs(left - right) / 2:
            return float("nan")
    return (left + right) / 2


def _one_sided(
    function: Callable[[NDArray[Any]], float], array: NDArray[Any], place: int, here: float, step: float
) -> float:
    moved = array.copy()
    moved.flat[place] += step
    return (function(moved) - here) / (float(moved.flat[place]) - float(array.flat[place]))
