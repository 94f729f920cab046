"""Something to await that takes no time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Generator

__all__ = ["DONE"]


class _Done:
    """An empty tuple's iterator is at its end at once. It saves a coroutine at every message."""

    if TYPE_CHECKING:

        def __await__(self) -> Generator[Any, Any, None]: ...

    else:
        __await__ = ().__iter__


DONE = _Done()
