"""Bodies of messages that are numbers: their shape, their dtype, and arrays that are closed to writing."""

from __future__ import annotations

import math
from collections.abc import Sequence
from numbers import Real
from typing import Any, TypeAlias

import numpy as np

from office.errors import BadChart, WrongShape, WrongType
from office.work.protocols import Array, Array2d

__all__ = [
    "Shape",
    "all_finite",
    "as_array",
    "as_real",
    "as_table",
    "common_shape",
    "dtype_of",
    "has_nan",
    "read_only",
    "real_array",
    "row_by_row",
    "sealed",
    "shape_of",
]

Shape: TypeAlias = tuple[int, ...]

ONE_THREAD = 8192
"""A dot product of no more numbers than this is done by one thread (OpenBLAS: up to 10,000)."""

NO_NUMBERS = {type(np.ma.masked), np.ma.MaskedArray, np.timedelta64}
"""Types that numpy passes off as real numbers, or as arrays of them."""


def as_array(inputs: Any, dtype: np.dtype[Any] | None = None) -> Array:
    """The inputs as an array of `dtype`, or of their own if that is a real floating one, or else of float64.

    It is the very same array if they are one, else a copy. Integers, booleans and nested lists are taken too. Raises
    `WrongType` for what is not real numbers.
    """
    if isinstance(inputs, np.ndarray):
        array: Array = inputs
    else:
        try:
            array = np.asarray(inputs)
        except ValueError:  # rows of unequal length
            raise WrongType("inputs", f" are a {type(inputs).__name__} that is no table") from None
    if dtype is not None and array.dtype == dtype:
        return array
    if array.dtype.kind not in "fiub":
        raise WrongType("inputs", f" have dtype {array.dtype}, and no real numbers")
    if dtype is not None:
        return array.astype(dtype)
    return array if array.dtype.kind == "f" else array.astype(np.float64)


def as_table(inputs: Any, columns: int | None = None, dtype: np.dtype[Any] | None = None) -> Array2d:
    """The inputs as `as_array` has them, if they are a table.

    It does not look for a NaN, which would be a look at every entry. Raises `WrongType` for what is not real numbers.

    Args:
        inputs: A table: `WrongShape` for other than two dimensions.
        columns: How many it must have, else `WrongShape`; None for any number.
        dtype: That of the array returned; None for that of the inputs.
    """
    table = as_array(inputs, dtype)
    if table.ndim != 2:
        raise WrongShape("inputs", f" have shape {table.shape}, where a table is asked for")
    if columns is not None and table.shape[1] != columns:
        raise WrongShape("inputs", f" have {table.shape[1]} columns, where {columns} are asked for")
    return table


def as_real(number: Any) -> float | None:
    """A real number as a float: Python's, numpy's, or an array without axes, of any library; None for anything else.

    True and False are none, nor is a masked number. What is too large for a float is an infinity.
    """
    if hasattr(number, "dtype") and not isinstance(number, np.floating):
        kind = getattr(number.dtype, "kind", "f")
        number = number.item() if number.shape == () and kind in "fiu" and type(number) not in NO_NUMBERS else None
    return _as_float(number) if isinstance(number, Real) and not isinstance(number, bool) else None


def _as_float(number: Any) -> float:
    try:
        return float(number)
    except OverflowError:  # whole numbers may be of any size
        return math.inf if number > 0 else -math.inf


def shape_of(body: Any) -> Shape | None:
    """The shape of a real number or an array of them; None for anything else, such as words."""
    if isinstance(body, float):
        return ()
    if isinstance(body, (np.ndarray, np.generic)):
        return body.shape if body.dtype.kind in "fiu" else None
    return () if isinstance(body, int) and not isinstance(body, bool) else None


def dtype_of(body: Any) -> np.dtype[Any] | None:
    """The dtype of an array; None for a number, and for anything else."""
    return body.dtype if isinstance(body, np.ndarray) else None


def common_shape(bodies: Sequence[Any], subject: str) -> Shape | None:
    """The one shape that all of them have; None if it is one body alone and no number, such as words.

    Raises `BadChart` where there are none, `WrongType` where there are several and one is no number, and
    `WrongShape` where they differ: numpy would stretch the smaller one, and its feedback would not fit.
    """
    if not bodies:
        raise BadChart(f"there are no {subject} to combine: a team needs at least one member")
    shape = shape_of(bodies[0])
    if len(bodies) == 1:
        return shape
    for body in bodies:
        other = shape_of(body)
        if other is None:
            raise WrongType(subject, f": a {type(body).__name__} cannot be combined with others")
        if other != shape:
            raise WrongShape(subject, f": shapes {shape} and {other} cannot be combined")
    return shape


def row_by_row(output: Any, rows: int) -> Array:
    """The output itself, if it is an array with one entry for each of the rows; else raises `WrongShape`."""
    shape = shape_of(output)
    if shape is None or shape[:1] != (rows,):
        raise WrongShape("output", f" has shape {shape}, and not one entry for each of {rows} rows")
    return np.asarray(output)


def has_nan(numbers: Any) -> bool:
    """Whether there is a NaN anywhere in an array of real floating numbers."""
    # A sum of squares has nothing negative in it, so infinities cannot cancel and only NaN makes NaN;
    # the dot product takes a quarter of the time of isnan().any() on small arrays, and never warns. On large ones
    # it calls other threads to help, and waits for them where the machine is busy.
    if numbers.size > ONE_THREAD:
        return bool(np.isnan(numbers).any())
    return math.isnan(np.vdot(numbers, numbers))


def all_finite(numbers: Any) -> bool:
    """Whether there is neither a NaN nor an infinity anywhere in an array of real floating numbers."""
    squares = np.vdot(numbers, numbers) if np.size(numbers) <= ONE_THREAD else math.inf
    return math.isfinite(squares) or bool(np.isfinite(numbers).all())


def sealed(array: Array) -> Array:
    """An array of our own making, from now on closed to writing."""
    array.setflags(write=False)
    return array


def read_only(array: Array) -> Array:
    """A view of another's array that cannot be written to; the array itself stays as it is."""
    return sealed(array.view()) if array.flags.writeable else array


def real_array(numbers: Any) -> Array:
    """A new array of these numbers, of their own dtype where that is a real floating one, else of float64."""
    array = np.asarray(numbers)
    return np.array(array, dtype=array.dtype if array.dtype.kind == "f" else np.float64)
