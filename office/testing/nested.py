"""Nested bodies: numbers and arrays, alone or in lists of lists. In the field: pytrees."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from office.work import NO_FEEDBACK

__all__ = ["flat", "mapped", "paired", "replaced"]


def mapped(body: Any, make: Callable[[Any], Any]) -> Any:
    """A body nested in the same way, in which `make` has made each part from the part there."""
    if isinstance(body, (list, tuple)):
        return _as_in(body, [mapped(part, make) for part in body])
    return make(body)


def paired(body: Any, feedback: Any, where: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Each part of a body: its place in words, the part, and the feedback on it, zeros where there is none.

    Raises `ValueError` where the feedback is not like the body.

    Args:
        body: the body.
        feedback: feedback nested in the same way, or `NO_FEEDBACK` for any part of it.
        where: the place of the body itself, in words.
    """
    if isinstance(body, (list, tuple)):
        feedbacks = [NO_FEEDBACK] * len(body) if feedback is NO_FEEDBACK else feedback
        if len(feedbacks) != len(body):
            raise ValueError(f"feedback{where} has {len(feedbacks)} parts, where there are {len(body)}")
        for place, (part, re_part) in enumerate(zip(body, feedbacks, strict=True)):
            yield from paired(part, re_part, f"{where}[{place}]")
    else:
        re_body = np.zeros(np.shape(body)) if feedback is NO_FEEDBACK else feedback
        if np.shape(re_body) != np.shape(body):
            raise ValueError(f"feedback{where} has shape {np.shape(re_body)}, where {np.shape(body)} was expected")
        yield where, body, re_body


def replaced(body: Any, where: str, part: Any, inside: str = "") -> Any:
    """The same body with another part at one place.

    Args:
        body: the body.
        where: the place, as `paired` gives it.
        part: what is to be there.
        inside: the place of the body itself.
    """
    if isinstance(body, (list, tuple)):
        return _as_in(body, [replaced(inner, where, part, f"{inside}[{place}]") for place, inner in enumerate(body)])
    return part if where == inside else body


def flat(body: Any) -> NDArray[np.float64]:
    """All the numbers of a body in one row."""
    return np.concatenate(
        [np.zeros(0), *(np.ravel(part).astype(np.float64) for _, part, _ in paired(body, NO_FEEDBACK))]
    )


def _as_in(body: Any, parts: list[Any]) -> Any:
    return tuple(parts) if isinstance(body, tuple) else parts
