"""A progress bar, where somebody watches."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from office.cli.status_line import status_line

__all__ = ["progress"]


@contextmanager
def progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error, if that is a terminal, which is gone afterwards; it is told how many are done, of how
    many.
    """
    with status_line() as there:
        if there is None:
            yield lambda _done, _of: None
            return
        bar = there.bars.add_task(what, total=None)
        try:
            yield lambda done, of: there.bars.update(bar, completed=done, total=of)
        finally:
            there.bars.remove_task(bar)
