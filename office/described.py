"""A value in a few words, for errors that say what came instead of what was asked for."""

from __future__ import annotations

from typing import Any

__all__ = ["described", "library_of", "quoted"]

OTHERS = {"jax", "jaxlib", "keras", "optax", "sklearn", "tensorflow", "thinc", "torch"}
"""Libraries whose functions and optimizers are not those of an office."""

QUOTED = 60
"""Letters of a value that is quoted, at most."""


def described(value: Any) -> str:
    """What a value is: ``"None"``, ``"a float"``, ``"a tuple of 3"``, ``"an ndarray of shape (3,)"``, ``"'adam'"``."""
    if value is None or isinstance(value, bool):
        return repr(value)
    if isinstance(value, str):
        return repr(value if len(value) <= 30 else value[:29] + "…")
    of = f" of {library_of(value)}" if library_of(value) else ""
    if isinstance(value, type):
        return f"the class {value.__name__}{of}"
    kind = type(value).__name__
    if isinstance(value, (tuple, list)):
        of = f" of {len(value)}"
    elif kind == "ndarray":
        of = f" of shape {value.shape}"
    elif kind == "function":
        of = f" ({value.__name__}){of}"
    return f"{'an' if kind[0].lower() in 'aeio' or kind == 'ndarray' else 'a'} {kind}{of}"


def quoted(value: Any) -> str:
    """A value as Python writes it, on one line, or as much of that as a line shows."""
    try:
        text = " ".join(repr(value).split())
    except ValueError:  # Python writes no whole number of thousands of digits
        return described(value)
    return text if len(text) <= QUOTED else text[: QUOTED - 1] + "…"


def library_of(value: Any) -> str:
    """The other library that a value, its class or a function comes from; "" if it comes from none of these."""
    module = getattr(value, "__module__", None) or type(value).__module__
    library = str(module).partition(".")[0]
    return library if library in OTHERS else ""
