"""The one entrance for arrays: what is taken for real numbers, and as what; and arrays that are closed to writing.

Taken are numpy's own arrays, memory maps, lists and tuples of numbers, and other libraries' arrays, in float32 or
float64 as they are. Whole numbers and booleans become float64 before any arithmetic, in which they would wrap. Refused
by name, by `WrongType`, are all other subclasses of numpy's array (a masked one, a matrix: numpy would do another
arithmetic with them, or forget what is masked) and all other dtypes: float16 and longdouble, complex numbers, objects,
text, dates.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite, isnan
from numbers import Real
from typing import Any, TypeAlias

import numpy as np

from office.errors import BadChart, NotANumber, WrongShape, WrongType
from office.work.protocols import Array, Array2d

__all__ = [
    "FLOATS",
    "Shape",
    "all_finite",
    "as_array",
    "as_float",
    "as_numbers",
    "as_table",
    "float_dtype",
    "form_of",
    "has_nan",
    "new_array",
    "numbers_in",
    "overflow",
    "read_only",
    "row_by_row",
    "sealed",
]

Shape: TypeAlias = tuple[int, ...]

ONE_THREAD = 8192
"""A dot product of no more numbers than this is done by one thread (OpenBLAS: up to 10,000)."""

FLOATS = frozenset(map(np.dtype, (np.float32, np.float64)))
"""The dtypes of all arithmetic."""

WHAT_TO_DO = {
    "f": "make float32 or float64 of it, as with .astype(np.float64)",
    "c": "take its real part, or pass both parts as columns",
    "O": "make floats of its entries, as with .astype(np.float64)",
    "V": "pass its fields as columns, of one dtype",
    "M": "pass the time since some date, as a float",
    "m": "divide it by a unit of time",
}
"""By the kind of a dtype that is refused."""

WORDS = "OSUVMm"
"""The kinds of dtypes that have nothing to do with real numbers."""


def numbers_in(thing: Any, subject: str = "inputs") -> np.ndarray[Any, Any]:
    """The numbers in an array, a list of numbers or a number: a plain array of float32, float64, ints or booleans.

    It is the very same array if it is one. Raises `WrongType` about `subject` for what is no real numbers.
    """
    array = thing if type(thing) is np.ndarray else _plain(thing, subject)
    if array.dtype in FLOATS or array.dtype.kind in "iub":
        return array
    if array.dtype.kind == "f" and array.dtype.itemsize in {4, 8}:  # of another machine's byte order
        return array.astype(array.dtype.newbyteorder("="))
    advice = WHAT_TO_DO.get(array.dtype.kind, "read numbers from it")
    raise WrongType(subject, f" of dtype {array.dtype} cannot be taken: {advice}")


def _plain(thing: Any, subject: str) -> np.ndarray[Any, Any]:
    """An array of numpy's own type."""
    name = type(thing).__name__
    if isinstance(thing, np.ndarray) and not isinstance(thing, np.memmap):
        is_masked = isinstance(thing, np.ma.MaskedArray)
        advice = "fill in what is masked, as with .filled(0.0)" if is_masked else "pass np.asarray() of it"
        raise WrongType(subject, f" of type {name} cannot be taken: {advice}")
    if isinstance(thing, (list, tuple)):
        thing = [
            part if type(part) is np.ndarray or isinstance(part, (float, int)) else _plain(part, subject)
            for part in thing
        ]  # numpy 1.24 would take another library's array for a row of numbers, and warn
    elif not (isinstance(thing, (Real, np.generic)) or hasattr(thing, "__array__")):
        raise WrongType(subject, f" of type {name} cannot be taken: pass an array, or a list of numbers")
    try:
        return np.asarray(thing)
    except (ValueError, TypeError, RuntimeError) as error:  # such as rows of unequal length
        raise WrongType(subject, f" of type {name} cannot be made an array: {error}") from None


def as_array(inputs: Any, dtype: np.dtype[Any] | None = None, subject: str = "inputs") -> Array:
    """The inputs as an array of float32 or float64: whole numbers and booleans become float64.

    It is the very same array if they are one, else a copy.

    Args:
        inputs: An array, a list of numbers or a number; `WrongType` for what cannot be taken.
        dtype: That of the array returned, float32 or float64; `NotANumber` where a number is too large for it. None
            for that of the inputs.
        subject: What errors speak of.
    """
    if type(inputs) is np.ndarray and inputs.dtype in FLOATS and (dtype is None or inputs.dtype is dtype):
        return inputs
    array = numbers_in(inputs, subject)
    if array.dtype.kind != "f":
        array = array.astype(np.float64)
    if dtype is None or array.dtype == dtype:
        return array
    with np.errstate(over="ignore"):
        converted: Array = array.astype(dtype)
    if not all_finite(converted) and all_finite(array):
        raise NotANumber(subject, f" of dtype {array.dtype} cannot be taken: there are numbers too large for {dtype}")
    return converted


def as_table(inputs: Any, columns: int | None = None, dtype: np.dtype[Any] | None = None) -> Array2d:
    """The inputs as `as_array` has them, if they are a table.

    It does not look for a NaN, which would be a look at every entry. Raises `WrongType` for what is not real numbers.

    Args:
        inputs: A table: `WrongShape` for other than two dimensions.
        columns: How many it must have, else `WrongShape`; None for any number.
        dtype: That of the array returned; None for that of the inputs.
    """
    if type(inputs) is np.ndarray and inputs.dtype is dtype and inputs.ndim == 2 and inputs.shape[1] == columns:
        return inputs
    table = as_array(inputs, dtype)
    if table.ndim != 2:
        raise WrongShape("inputs", f" have shape {table.shape}, where a table is asked for")
    if columns is not None and table.shape[1] != columns:
        raise WrongShape("inputs", f" have {table.shape[1]} columns, where {columns} are asked for")
    return table


def new_array(numbers: Any, subject: str, dtype: np.dtype[Any] | None = None) -> Array:
    """A new array of these numbers, as `as_array` has them. Raises `NotANumber` for a NaN or an infinity.

    Args:
        numbers: An array, a list of numbers or a number.
        subject: What errors speak of.
        dtype: float32 or float64; None for that of the numbers.
    """
    array = np.array(as_array(numbers, dtype, subject))
    if not all_finite(array):
        raise NotANumber(subject, " with a NaN or an infinity cannot be taken")
    return array


def float_dtype(dtype: Any) -> np.dtype[Any]:
    """The dtype for weights. Raises `ValueError` for any but float32 and float64."""
    chosen: np.dtype[Any] = np.dtype(dtype)
    if chosen not in FLOATS:
        raise ValueError(f"weights are of dtype float32 or float64, not {chosen}")
    return chosen


def form_of(body: Any, subject: str = "answers") -> tuple[Shape | None, np.dtype[Any] | None]:
    """The shape of a real number or an array of them, and the dtype of an array; None for both of words.

    Words are whatever has nothing to do with numbers. Raises `WrongType` for arrays that cannot be taken, and numbers
    that numpy has in such dtypes.
    """
    if type(body) is np.ndarray and body.dtype in FLOATS:
        return body.shape, body.dtype
    if isinstance(body, (float, int)):
        return (), None
    if not isinstance(body, (np.ndarray, np.generic)):
        return None, None
    if body.dtype.kind in WORDS and (type(body) is np.ndarray or isinstance(body, np.generic)):
        return None, None
    array = numbers_in(body, subject)
    return array.shape, array.dtype if isinstance(body, np.ndarray) else None


def as_numbers(bodies: Sequence[Any], subject: str) -> tuple[list[Any], Shape]:
    """Several bodies as floats or arrays of them, ready for arithmetic, and the one shape that all of them have.

    Raises `BadChart` where there are none, `WrongType` where one is no real numbers, and `WrongShape` where they
    differ: numpy would stretch the smaller one, and its feedback would not fit.
    """
    if not bodies:
        raise BadChart(f"there are no {subject} to combine: a team needs at least one member")
    numbers = [_in_floats(body, subject) for body in bodies]
    shape = getattr(numbers[0], "shape", ())
    for number in numbers:
        other = getattr(number, "shape", ())
        if other != shape:
            raise WrongShape(subject, f": shapes {shape} and {other} cannot be combined")
    return numbers, shape


def as_float(number: Any, subject: str) -> float:
    """A whole number as a float. Raises `NotANumber` for one that is too large."""
    try:
        return float(number)
    except OverflowError:
        raise NotANumber(subject, ": there are numbers too large for float64") from None


def _in_floats(body: Any, subject: str) -> Any:
    if type(body) is float or (type(body) is np.ndarray and body.dtype in FLOATS):
        return body
    shape, _ = form_of(body, subject)
    if shape is None:
        raise WrongType(subject, f": a {type(body).__name__} cannot be combined with others")
    if isinstance(body, np.floating):
        return body
    return as_array(body, None, subject) if shape else as_float(body, subject)


def row_by_row(output: Any, rows: int) -> Array:
    """The output itself, if it is an array with one entry for each of the rows; else raises `WrongShape`."""
    shape, _ = form_of(output, "output")
    if shape is None or shape[:1] != (rows,):
        raise WrongShape("output", f" has shape {shape}, and not one entry for each of {rows} rows")
    return as_array(output, None, "output")


def has_nan(numbers: Any) -> bool:
    """Whether there is a NaN anywhere in an array of real floating numbers."""
    # A sum of squares has nothing negative in it, so infinities cannot cancel and only NaN makes NaN;
    # the dot product takes a quarter of the time of isnan().any() on small arrays, and never warns. On large ones
    # it calls other threads to help, and waits for them where the machine is busy.
    if numbers.size > ONE_THREAD:
        return bool(np.isnan(numbers).any())
    return isnan(np.vdot(numbers, numbers))


def all_finite(numbers: Any) -> bool:
    """Whether there is neither a NaN nor an infinity anywhere in an array of real floating numbers."""
    if numbers.size <= ONE_THREAD and isfinite(np.vdot(numbers, numbers)):
        return True
    return bool(np.isfinite(numbers).all())  # squares may be too large where the numbers are not


def overflow(subject: str, warning: RuntimeWarning) -> Exception:
    """The error for what numpy warns of, where warnings are errors; the warning itself, if it is about anything else.

    Raise it `from None` in an `except RuntimeWarning`, which costs nothing where there is none.
    """
    if "encountered in" not in str(warning):
        return warning
    return NotANumber(subject, f" would have a NaN or an infinity in it: the numbers are too large ({warning})")


def sealed(array: Array) -> Array:
    """An array of our own making, from now on closed to writing."""
    array.setflags(write=False)
    return array


def read_only(array: Array) -> Array:
    """A view of another's array that cannot be written to; the array itself stays as it is."""
    return sealed(array.view()) if array.flags.writeable else array
