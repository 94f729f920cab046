"""A command that is broken off: what is left of its run, and its exit status."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import typer

from office.cli.output import error_text
from office.cli.terminal import say
from office.engines import BrokenOff, watching
from office.journal import Journal
from office.times import time_text

__all__ = ["interruptible", "interruptible_once", "keeps_what_there_is", "state_of"]


@contextmanager
def interruptible() -> Iterator[None]:
    """Leave on Ctrl-C with exit status 130 and on SIGTERM with 143, as shells have it, without a traceback."""
    received = signal.SIGINT

    def terminate(_number: int, _frame: FrameType | None) -> None:
        nonlocal received
        received = signal.SIGTERM
        signal.raise_signal(signal.SIGINT)  # which whatever runs, be it trio, knows how to end on

    before = signal.signal(signal.SIGTERM, terminate), signal.getsignal(signal.SIGINT)
    if before[1] is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)  # the one that trio has its own way with
    try:
        yield
    except KeyboardInterrupt:
        hear_no_interrupts()
        say("interrupted" if received == signal.SIGINT else "terminated", err=True)
        raise typer.Exit(128 + received) from None
    finally:
        for number, handler in zip((signal.SIGTERM, signal.SIGINT), before, strict=True):
            signal.signal(number, handler)


def hear_no_interrupts() -> None:
    """Until the end of the command that can be interrupted: it is about to end, and tidies up."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@contextmanager
def interruptible_once() -> Iterator[None]:
    """While this lasts only the first interrupt counts, and so nothing breaks off what cleans up after it.

    Not for what runs in trio, which has its own way with interrupts.
    """

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def keeps_what_there_is(place: Path | None) -> Iterator[None]:
    """Save the journal of a run that is broken off beside the place where a whole one would go."""
    broken_off, before = BrokenOff(), state_of(place)
    try:
        with watching(broken_off):
            yield
    except BaseException:
        hear_no_interrupts()
        if place is not None and state_of(place) == before and (journal := broken_off.journal) is not None:
            say(_save(journal, place.with_name(f"{place.name}.partial")), err=True)
        raise


def state_of(place: Path | None) -> tuple[int, int] | None:
    """By what a file is told from one that has been written since; None where there is none."""
    if place is None or not place.exists():
        return None
    status = place.stat()
    return status.st_ino, status.st_mtime_ns


def _save(journal: Journal, place: Path) -> str:
    what = f"the journal until {time_text(journal.end or 0)} of virtual time"
    try:
        journal.save(place)
    except OSError as error:
        return f"{what} could not be saved: {error_text(error)}"
    return f"{what} is in {place}"
