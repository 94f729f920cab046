"""Bodies in parts: numbers and arrays, in lists or alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from office.work import NO_FEEDBACK

__all__ = ["flat", "mapped", "paired", "replaced"]


def mapped(body: Any, make: Callable[[Any], Any]) -> Any:
    """A body of the same make, of which `make` makes each part, from the one that stands there."""
    if isinstance(body, (list, tuple)):
        return _as_in(body, [mapped(one, make) for one in body])
    return make(body)


def paired(body: Any, feedback: Any, where: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Each part of a body: its place in words, the part, and the feedback on it, zeros where there is none.

    Raises `ValueError` where the feedback is not like the body.
    """
    if isinstance(body, (list, tuple)):
        feedbacks = [NO_FEEDBACK] * len(body) if feedback is NO_FEEDBACK else feedback
        if len(feedbacks) != len(body):
            raise ValueError(f"feedback{where} has {len(feedbacks)} parts, where there are {len(body)}")
        for place, (one, other) in enumerate(zip(body, feedbacks, strict=True)):
            yield from paired(one, other, f"{where}[{place}]")
    else:
        said = np.zeros(np.shape(body)) if feedback is NO_FEEDBACK else feedback
        if np.shape(said) != np.shape(body):
            raise ValueError(f"feedback{where} has shape {np.shape(said)}, where {np.shape(body)} was expected")
        yield where, body, said


def replaced(body: Any, where: str, part: Any, inside: str = "") -> Any:
    """The same body with another part at one place."""
    if isinstance(body, (list, tuple)):
        return _as_in(body, [replaced(one, where, part, f"{inside}[{place}]") for place, one in enumerate(body)])
    return part if where == inside else body


def flat(body: Any) -> NDArray[np.float64]:
    """All the numbers of a body in one row."""
    return np.concatenate(
        [np.zeros(0), *(np.ravel(part).astype(np.float64) for _, part, _ in paired(body, NO_FEEDBACK))]
    )


def _as_in(body: Any, parts: list[Any]) -> Any:
    return tuple(parts) if isinstance(body, tuple) else parts
