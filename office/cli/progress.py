"""A progress bar, where a person watches."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from office.cli.status_line import status_line

__all__ = ["progress"]


@contextmanager
def progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """Show a bar on standard error while this lasts, if that is a terminal.

    Yields a function that takes how many are done, and of how many.
    """
    with status_line() as line:
        if line is None:
            yield lambda _done, _of: None
            return
        bar = line.bars.add_task(what, total=None)
        try:
            yield lambda done, of: line.bars.update(bar, completed=done, total=of)
        finally:
            line.bars.remove_task(bar)
