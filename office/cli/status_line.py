"""The bottom of the terminal: bars that move while something goes on, below whatever is written meanwhile."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from threading import Event, RLock, Thread
from typing import TYPE_CHECKING, Any, TextIO, cast

if TYPE_CHECKING:
    from rich.console import Group
    from rich.live import Live

__all__ = ["StatusLine", "status_line"]

EVERY = 0.1
"""Seconds between one look and the next."""

_there: StatusLine | None = None
"""The one that there is: a terminal has one bottom."""


@contextmanager
def status_line() -> Iterator[StatusLine | None]:
    """The bottom of the terminal on standard error, gone afterwards; None if that is no terminal.

    Whoever asks while there is one already gets the same.
    """
    global _there  # noqa: PLW0603
    if _there is not None or not sys.stderr.isatty():
        yield _there
        return
    _there = StatusLine()
    try:
        with _there.at_work():
            yield _there
    finally:
        _there = None


class StatusLine:
    """Bars that are drawn again ten times a second, by a thread of its own."""

    def __init__(self) -> None:
        from rich.console import Console  # noqa: PLC0415  what is piped does without
        from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn  # noqa: PLC0415

        self.console = Console(file=sys.stderr)
        columns = TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn(compact=True)
        self.bars = Progress(*columns, console=self.console, auto_refresh=False)
        """Never started: it is a table to be drawn."""
        self.lines: list[str] = []
        """Text below the bars."""
        self.looks: list[Callable[[], None]] = []
        """What to call before the bars are drawn, to have them as they should be."""
        self.live: Live | None = None
        self.within_a_line = False
        """Whether what was written last has not come to the end of its line: the bars wait for that."""
        self.lock = RLock()

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Draw the bars as long as this lasts; what is written to the terminal goes above them."""
        over = Event()
        thread = Thread(target=self._draw_until, args=(over,), daemon=True)
        streams = sys.stdout, sys.stderr
        if sys.stdout.isatty():
            sys.stdout = cast("TextIO", Above(sys.stdout, self))
        sys.stderr = cast("TextIO", Above(sys.stderr, self))
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()
            self.clear()
            sys.stdout, sys.stderr = streams

    def _draw_until(self, over: Event) -> None:
        while not over.wait(EVERY):
            with self.lock:
                self.draw()

    def draw(self) -> None:
        """Have the bars as they should be now."""
        for look in self.looks:
            look()
        if not self.bars.tasks or self.within_a_line or self.console.is_dumb_terminal:
            self.clear()
        elif self.live is None:
            from rich.live import Live  # noqa: PLC0415

            self.live = Live(
                get_renderable=self._picture, console=self.console, auto_refresh=False, transient=True,
                redirect_stdout=False, redirect_stderr=False,
            )  # fmt: skip
            self.live.start(refresh=True)
        else:
            self.live.refresh()

    def _picture(self) -> Group:
        from rich.console import Group  # noqa: PLC0415
        from rich.text import Text  # noqa: PLC0415

        lines = (Text(line, no_wrap=True, overflow="ellipsis") for line in self.lines)
        return Group(self.bars.get_renderable(), *lines)

    def clear(self) -> None:
        """Leave nothing of the bars on the terminal."""
        if self.live is not None:
            self.live.stop()
            self.live = None

    def write(self, stream: TextIO, text: str) -> int:
        """Write text to the terminal, where the bars were; they come again below it."""
        with self.lock:
            self.clear()
            written = stream.write(text)
            stream.flush()
            if text:
                self.within_a_line = not text.endswith("\n")
            return written


class Above:
    """A stream whose text goes above the bars; in all else the stream that it stands for."""

    def __init__(self, stream: TextIO, below: StatusLine) -> None:
        self.stream = stream
        self.below = below

    def write(self, text: str) -> int:
        """Write text."""
        return self.below.write(self.stream, text)

    def writelines(self, lines: Iterable[str]) -> None:
        """Write lines of text."""
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


def _leave_to_the_parent() -> None:
    """A process that was forked has nobody to draw bars, and perhaps a lock that nobody will ever open."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if isinstance(stream, Above):
            setattr(sys, name, stream.stream)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_leave_to_the_parent)
