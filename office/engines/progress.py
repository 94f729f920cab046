"""How far runs are, and searches through delivery orders: an instrument to be looked at from any thread.

A run does nothing for it but say when it begins and when it is over. A look reads a few numbers while they change. Each
of them is right by itself; together they may be of moments a little apart.
"""

from __future__ import annotations

from collections.abc import Sized
from itertools import count

from office.engines.client_desk import ClientDesk
from office.engines.instruments import Glimpse, Instrument, Visible
from office.engines.workplace import Workplace
from office.journal import Journal

__all__ = ["BrokenOff", "Progress", "VisibleOffice"]

LATEST = 50
"""The loss is a mean of so many."""


class Progress(Instrument):
    """The runs that go on: ``with watching(progress): …``, and elsewhere ``progress.glimpses()``."""

    def __init__(self) -> None:
        self._runs: list[tuple[int, Visible]] = []
        self._numbers = count(1)

    def begin(self, run: Visible) -> None:
        """One more run goes on."""
        self._runs.append((next(self._numbers), run))

    def end(self, run: Visible, _error: BaseException | None) -> None:
        """It goes on no longer."""
        self._runs.remove(next(numbered for numbered in self._runs if numbered[1] is run))

    def glimpses(self) -> list[Glimpse]:
        """What goes on now, those that began first at the front. May be called from any thread."""
        return [run.glimpse(number) for number, run in list(self._runs)]


class BrokenOff(Instrument):
    """Keeps what there is of the run that was broken off last, by an error or an interrupt."""

    def __init__(self) -> None:
        self._going_on: list[VisibleOffice] = []
        self._broken_off: VisibleOffice | None = None

    def begin(self, run: Visible) -> None:
        """One more run goes on."""
        if isinstance(run, VisibleOffice):
            self._going_on.append(run)

    def end(self, run: Visible, error: BaseException | None) -> None:
        """It goes on no longer, and `error` has ended it, if anything."""
        if isinstance(run, VisibleOffice):
            self._going_on.remove(run)
            if error is not None:
                self._broken_off = run

    @property
    def journal(self) -> Journal | None:
        """The journal of that run until then. None where none was, or where nothing had happened."""
        # One that goes on still was kept from its end by a second interrupt.
        run = self._going_on[0] if self._going_on else self._broken_off
        journal = None if run is None else run.workplace.journal_so_far()
        return journal or None


class VisibleOffice:
    """An office that runs, with its client, if it has one."""

    def __init__(self, workplace: Workplace, client: ClientDesk | None = None) -> None:
        self.workplace = workplace
        self.client = client

    def glimpse(self, number: int) -> Glimpse:
        """How it is now."""
        workplace, client = self.workplace, self.client
        time, messages = max(workplace.room.horizon - 1, 0), len(workplace.journal)
        if client is None:
            return Glimpse(number, time, messages, workplace.until)
        tasks, epochs = client.client.tasks, client.client.epochs
        replies = workplace.journal.losses
        losses = [loss for _, _, loss in replies[-LATEST:]]
        return Glimpse(
            number,
            time,
            messages,
            workplace.until,
            len(tasks) * epochs if isinstance(tasks, Sized) else None,
            len(replies),
            len(client.in_flight),
            sum(losses) / len(losses) if any(losses) else None,
        )
