"""Tasks that the mailroom resumes itself, instead of trio's scheduler.

A task that waits for its turn and for nothing else needs no scheduler: who has the turn is known, and `coroutine.send`
goes on with it. So the very coroutines that are tasks of trio elsewhere run inside one of them here. A reader yields
two things: None, "my turn is over"; and an awaitable, "await this for me", which the one task of trio does, where trio
and its instruments see it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Generator, Sequence
from time import perf_counter
from typing import TYPE_CHECKING, Any, TypeAlias

import trio

from office.journal import Journal
from office.mail.tray import Tray

__all__ = ["Stepper"]

BREATH = 0.01
"""After so many seconds of real time other tasks of trio get a chance to run."""


class _TurnIsOver:
    """Something to await that yields None once: an iterator of a tuple, which takes no frame."""

    if TYPE_CHECKING:

        def __await__(self) -> Generator[Request, Any, None]: ...

    else:
        __await__ = (None,).__iter__


TURN_IS_OVER = _TurnIsOver()


class _Errand:
    """Something to await that has the stepper await another thing, and gets what came of it."""

    def __init__(self, awaitable: Awaitable[Any]) -> None:
        self.awaitable = awaitable
        self.came: Any = None
        self.error: BaseException | None = None

    def __await__(self) -> Generator[Request, Any, Any]:
        yield self
        if self.error is not None:
            raise self.error
        return self.came

    async def run(self) -> None:
        """Await it, in the stepper's own task."""
        try:
            self.came = await self.awaitable
        except BaseException as error:  # noqa: BLE001  the reader that asked for it gets it
            self.error = error


Request: TypeAlias = _Errand | None
"""What a reader yields: what to await for it, or that its turn is over."""


class SteppedTray(Tray):
    """A tray whose reader is no task of trio's, and is resumed by a stepper."""

    stepper: Stepper
    reader: Coroutine[Request, Any, None]

    def wait_turn(self) -> Awaitable[None]:
        """Hand the baton on; wait for it to come back."""
        self.stepper.turn = self.agenda.next_turn()  # type: ignore[assignment]
        return TURN_IS_OVER

    def wake(self) -> None:
        """Let the reader run: the baton is here."""
        self.stepper.turn = self

    async def outside(self, task_id: Any, awaitable: Awaitable[Any]) -> Any:
        """Have the stepper wait for something that is not mail: see `Tray.outside`."""
        return await _Errand(super().outside(task_id, awaitable))


class Stepper:
    """Runs the readers of a mailroom inside one task of trio, one turn after another."""

    def __init__(self) -> None:
        self.turn: SteppedTray | None = None
        """Whose reader runs next."""

    def tray(self, name: str, index: int, seed: int, journal: Journal) -> SteppedTray:
        """A tray whose reader this stepper is to resume.

        Args:
            name: the desk's name.
            index: the tray's place among all trays.
            seed: of the run.
            journal: of the run.
        """
        tray = SteppedTray(name, index, seed, journal)
        tray.stepper = self
        return tray

    async def run(
        self,
        readers: Sequence[tuple[Tray, Callable[[], Coroutine[Request, Any, None]]]],
        failed: Callable[[Tray, BaseException], None],
    ) -> None:
        """Resume whoever has the turn; when nobody has it any more, wait until this task is cancelled.

        Other tasks of trio's get to run every 10 ms of real time, and whenever a reader waits for something that is not
        mail.

        Args:
            readers: all trays of the mailroom, each with what reads there.
            failed: is told of a reader that ends with an error.
        """
        trays: list[SteppedTray] = []
        for tray, read in readers:
            assert isinstance(tray, SteppedTray)
            tray.reader = read()
            trays.append(tray)
        new = iter(trays)
        try:
            breath = perf_counter() + BREATH
            while (turn := self.turn or next(new, None)) is not None:
                self.turn = None
                try:
                    request = turn.reader.send(None)
                    while request is not None:
                        await request.run()
                        request = turn.reader.send(None)
                except StopIteration:  # the reader has gone home
                    pass
                except trio.Cancelled:
                    raise
                except BaseException as error:  # noqa: BLE001  whatever it is, the caller knows what to do
                    failed(turn, error)
                if perf_counter() > breath:
                    await trio.lowlevel.checkpoint()
                    breath = perf_counter() + BREATH
            await trio.sleep_forever()
        finally:
            for tray in trays:
                tray.reader.close()
