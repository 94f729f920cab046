"""A view of the runs that go on, where a person watches."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING

from office.cli.status_line import StatusLine, status_line
from office.engines import Glimpse, Progress, watching

if TYPE_CHECKING:
    from rich.progress import TaskID

__all__ = ["live_view"]

MOST = 4
"""So many runs at once are shown."""
LINGER = 0.3
"""Seconds for which a run that is over is still shown, since the next may begin meanwhile."""
RECENT = 10
"""The rate is that of so many looks."""


@contextmanager
def live_view() -> Iterator[None]:
    """Show the runs of this process on standard error while this lasts, if that is a terminal: how far they are,
    messages a second, tasks in flight, the loss.
    """
    with status_line() as line:
        if line is None:
            yield
            return
        progress = Progress()
        watcher = _Watcher(line, progress)
        line.looks.append(watcher.look)
        try:
            with watching(progress):
                yield
        finally:
            with line.lock:
                line.looks.remove(watcher.look)
                watcher.see([])


class _Watcher:
    """Looks at the runs from time to time, and has a bar for each and a line."""

    def __init__(self, line: StatusLine, progress: Progress) -> None:
        self.line = line
        self.progress = progress
        self.bars: dict[int, TaskID] = {}
        self.seen: dict[int, deque[tuple[float, int]]] = {}
        """When each run was looked at (s), and how many messages there were."""
        self.last = 0.0

    def look(self) -> None:
        """Show the runs as they are now, and for a moment those that were the last."""
        now, runs = monotonic(), self.progress.glimpses()[:MOST]
        if runs:
            self.last = now
        if runs or now - self.last >= LINGER:
            self.see(runs)

    def see(self, runs: list[Glimpse]) -> None:
        """Show these runs and no others."""
        line, now = self.line, monotonic()
        for number in self.bars.keys() - {run.number for run in runs}:
            line.bars.remove_task(self.bars.pop(number))
            del self.seen[number]
        for run in runs:
            if run.number not in self.bars:
                total = None if run.share is None else 1.0
                what = "run" if run.orders is None else "search"
                self.bars[run.number] = line.bars.add_task(f"{what} {run.number}", total=total)
                self.seen[run.number] = deque(maxlen=RECENT)
            line.bars.update(self.bars[run.number], completed=run.share or 0.0)
            self.seen[run.number].append((now, run.messages if run.orders is None else run.orders))
        line.lines = [_line(run, _rate(self.seen[run.number])) for run in runs]


def _rate(seen: deque[tuple[float, int]]) -> float | None:
    """Messages a second; None as long as there has been only one look."""
    (begin, before), (end, by_now) = seen[0], seen[-1]
    return (by_now - before) / (end - begin) if end > begin else None


def _line(run: Glimpse, rate: float | None) -> str:
    if run.orders is not None:
        return f"{run.orders:,} orders run" + ("" if rate is None else f", {max(rate, 0):,.0f} orders/s")
    parts = [
        f"{run.time / 1e9:,.2f} s of virtual time",
        "" if rate is None else f"{max(rate, 0):,.0f} messages/s",
        "" if run.in_flight is None else f"{run.in_flight:,} tasks in flight",
        "" if run.loss is None else f"loss {run.loss:.3g}",
    ]
    return ", ".join(filter(None, parts))
