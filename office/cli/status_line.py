"""The status line at the bottom of a terminal: bars, and text below them, while something goes on."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from threading import RLock
from typing import TextIO, cast

from rich.console import Console, Group
from rich.file_proxy import FileProxy
from rich.live import Live
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.text import Text

__all__ = ["StatusLine", "status_line"]

DRAWN = 10.0
"""Times a second."""

_current: StatusLine | None = None
"""A terminal has one status line."""


@contextmanager
def status_line() -> Iterator[StatusLine | None]:
    """The status line on standard error, gone afterwards; None if that is no terminal, or one whose cursor cannot move.

    A second call, while the first status line is there, gets the same one.
    """
    global _current  # noqa: PLW0603
    if _current is not None or not sys.stderr.isatty() or Console(file=sys.stderr).is_dumb_terminal:
        yield _current
        return
    _current = StatusLine()
    try:
        with _current.drawn():
            yield _current
    finally:
        _current = None


class StatusLine:
    """Bars and lines of text, drawn by rich; what is printed meanwhile goes above them, a whole line at a time."""

    def __init__(self) -> None:
        self.console = Console(file=sys.stderr, soft_wrap=True, markup=False, highlight=False, emoji=False)
        columns = TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn(compact=True)
        self.bars = Progress(*columns, console=self.console)
        """Never started: it is a table to be drawn."""
        self.lines: list[str] = []
        """Text below the bars."""
        self.looks: list[Callable[[], None]] = []
        """Called before each drawing, to bring bars and lines up to date."""
        self.lock = RLock()
        """Held while looks are called, by the thread that draws."""
        self.live = Live(
            get_renderable=self._picture, console=self.console, refresh_per_second=DRAWN, transient=True,
            redirect_stdout=False, redirect_stderr=False,
        )  # fmt: skip

    @contextmanager
    def drawn(self) -> Iterator[None]:
        """Draw while this lasts; standard error goes above the drawing, and standard output if that is a terminal."""
        with self.live, ExitStack() as stack:
            if sys.stdout.isatty():
                stack.callback(stack.enter_context(redirect_stdout(_Above(self.console, sys.stdout))).finish)
            stack.callback(stack.enter_context(redirect_stderr(_Above(self.console, sys.stderr))).finish)
            yield

    def _picture(self) -> Group:
        with self.lock:
            for look in self.looks:
                look()
            bars = [self.bars.get_renderable()] if self.bars.tasks else []
            return Group(*bars, *(Text(line, no_wrap=True, overflow="ellipsis") for line in self.lines))


class _Above(FileProxy):
    """A stream whose lines go above the status line."""

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """That of the stream: click writes past one that has none."""
        return cast("TextIO", self.rich_proxied_file).encoding

    def flush(self) -> None:
        """Wait for the end of the line all the same."""

    def finish(self) -> None:
        """Show the beginning of a line that has no end yet."""
        super().flush()


def _write_directly() -> None:
    """In a forked process no thread draws, and a lock may be held for ever: print without going through rich."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if isinstance(stream, _Above):
            setattr(sys, name, stream.rich_proxied_file)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_write_directly)
