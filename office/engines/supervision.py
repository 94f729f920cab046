"""Runs what sits at the desks of an office until nothing more happens, and keeps what went wrong there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Sequence
from functools import partial
from operator import attrgetter
from typing import Any, NamedTuple, TypeAlias

import trio

from office.errors import Deadlock, RefusedMessage
from office.journal import Divergence
from office.mail import Stepper, Tray

__all__ = ["Failure", "Supervision"]

BEFORE_ALL = (-1, 0, 0)
"""The place of an interrupt."""
Reader: TypeAlias = tuple[Tray, Callable[[], Coroutine[Any, Any, None]]]
"""A tray, and what reads there."""


class Failure(NamedTuple):
    """What went wrong at a desk, or with the client."""

    place: tuple[int, int, int]
    """Where, in the order of everything: `Tray.place`."""
    desk: str
    error: BaseException

    def as_divergence(self) -> Divergence:
        """The same as a journal has it."""
        error = self.error
        what = f"{error.subject}{error.complaint}" if isinstance(error, RefusedMessage) else str(error)
        task_id = getattr(error, "task_id", None)
        return Divergence(self.place[0], self.desk, task_id, f"{type(error).__name__}: {what}")


class Supervision:
    """Keeps readers at their trays until the run has finished. What they raise is carried out by hand, unwrapped.

    Args:
        readers: all trays, the client's last, each with what reads there.
        finished: is set when nothing more happens.
        explained: what to raise for an error that a reader raised.
        stepper: resumes the readers, if it is to be no task of trio's for each.
    """

    def __init__(
        self,
        readers: Sequence[Reader],
        finished: trio.Event,
        explained: Callable[[BaseException, Tray], BaseException],
        stepper: Stepper | None = None,
    ) -> None:
        self.readers = readers
        self.finished = finished
        self.explained = explained
        self.stepper = stepper
        self.failures: list[Failure] = []

    @property
    def first_failure(self) -> Failure | None:
        """Of all that went wrong, what comes first in the order of everything."""
        return min(self.failures, key=attrgetter("place"), default=None)

    async def run(self, deadlock: Callable[[], Deadlock | None]) -> None:
        """Run until nothing more happens. Then, while all still wait, ask for the error if they wait in vain."""
        client_tray, _ = self.readers[-1]
        try:
            async with trio.open_nursery() as nursery:
                if self.stepper is not None:
                    steps = partial(self.stepper.run, self.readers, self.note_failure)
                    nursery.start_soon(self._watch_over, client_tray, steps)
                else:
                    for tray, read in self.readers:
                        nursery.start_soon(self._watch_over, tray, read)
                await self._watch_over(client_tray, self.finished.wait)
                error = None if self.failures else deadlock()
                if error is not None:
                    self.failures.append(Failure(client_tray.place, client_tray.name, error))
                nursery.cancel_scope.cancel()
        except* KeyboardInterrupt as late:  # trio gives it to whoever waits for the end of a nursery
            self.failures += [Failure(BEFORE_ALL, client_tray.name, interrupt) for interrupt in late.exceptions]

    async def _watch_over(self, tray: Tray, work: Callable[[], Awaitable[None]]) -> None:
        try:
            await work()
        except trio.Cancelled:
            raise
        except BaseException as error:  # noqa: BLE001  it is raised when the nursery is closed
            self.note_failure(tray, error)

    def note_failure(self, tray: Tray, error: BaseException) -> None:
        """Keep what a reader raised. Others that have not come so far go on until then: one may have failed before."""
        explained = self.explained(error, tray)
        if isinstance(error, KeyboardInterrupt):  # which may come anywhere: nobody is to go on
            self.failures.append(Failure(BEFORE_ALL, tray.name, explained))
            tray.agenda.close()
            self.finished.set()
        else:
            self.failures.append(Failure(tray.fail(), tray.name, explained))
