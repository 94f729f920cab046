"""Trio's own time as that of a network: `trio.sleep` and deadlines take virtual time, in whole nanoseconds."""

from __future__ import annotations

import importlib
import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import trio

from office.times import LAST

__all__ = ["NetworkClock", "clock_in_use", "repeatable_schedule"]

SECOND = 1_000_000_000
LONG = 1e9
"""So many seconds trio may sleep, unless it is woken."""


class NetworkClock(trio.abc.Clock):
    """A clock that stands still, until a network moves it on: ``trio.run(main, clock=network_clock())``."""

    def __init__(self) -> None:
        self.now = 0
        """Its time, in ns."""
        self.is_taken = False
        """Whether a network moves it."""

    def start_clock(self) -> None:
        """Nothing to do: it starts at 0."""

    def current_time(self) -> float:
        """Its time, in seconds."""
        return self.now / SECOND

    def deadline_to_sleep_time(self, deadline: float) -> float:
        """How long trio may sleep, in real seconds: until it is woken, unless the deadline has come.

        Where no network is open to move it on, it jumps to the deadline: nothing else can happen before.
        """
        if not self.is_taken and (time := self._time_of(deadline)) is not None:
            self.move_on(time)
        return 0.0 if deadline <= self.current_time() else LONG

    def move_on(self, time: int) -> None:
        """It is this time (ns) now, unless it is later."""
        self.now = max(self.now, time)

    def next_deadline(self) -> int | None:
        """The first time (ns) at which a deadline of trio's will have come; None where none is set that ever does."""
        return self._time_of(self.current_time() + trio.lowlevel.current_statistics().seconds_to_next_deadline)

    def _time_of(self, deadline: float) -> int | None:
        """The first time (ns) at which a deadline will have come; None for one that never will."""
        if deadline * SECOND > LAST:
            return None
        time = max(round(deadline * SECOND), self.now)
        while time / SECOND < deadline:
            time += 1
        return time


@contextmanager
def clock_in_use() -> Iterator[NetworkClock | None]:
    """Trio's clock, for one network to move on, if it is one; else None.

    Raises `RuntimeError` where another network moves it.
    """
    clock = trio.lowlevel.current_clock()
    if not isinstance(clock, NetworkClock):
        yield None
        return
    if clock.is_taken:
        raise RuntimeError("this run of trio goes by the time of a network that is open: a second one has no clock")
    clock.is_taken = True
    try:
        yield clock
    finally:
        clock.is_taken = False


@contextmanager
def repeatable_schedule(seed: int) -> Iterator[None]:
    """While this lasts, trio takes tasks that can run in an order that is drawn from `seed`: the same in every run.

    trio shuffles them on purpose, and has no public way to say how. What is set here is what Hypothesis sets, in the
    same module of trio's; it was tried with trio 0.25 and 0.35. Where a version has none of it, its order stays random.
    """
    scheduler: Any = importlib.import_module("trio._core._run")
    dice, flag = getattr(scheduler, "_r", None), "_ALLOW_DETERMINISTIC_SCHEDULING"
    if not isinstance(dice, random.Random) or not hasattr(scheduler, flag):
        yield
        return
    state, before = dice.getstate(), getattr(scheduler, flag)
    dice.seed(seed)
    setattr(scheduler, flag, True)
    try:
        yield
    finally:
        dice.setstate(state)
        setattr(scheduler, flag, before)
