"""The work of the other processes: they load the file of a cell, run it, and return what comes of it."""

from __future__ import annotations

import os
import pickle
import signal
import sys
import traceback
from collections.abc import MutableSequence
from contextvars import ContextVar
from multiprocessing.connection import Connection
from threading import Thread
from typing import NamedTuple

from office.errors import OfficeError, is_divergence
from office.grids.cell import Point, divergence_text, values_text
from office.grids.grid_files import Home, cell_at

__all__ = ["CellFailure", "begin_work", "work", "work_as_told"]

_WHO: ContextVar[MutableSequence[int]] = ContextVar("the process that runs each cell")


class CellFailure(NamedTuple):
    """An exception that a cell raised, in a form that can always be sent."""

    pickled: bytes
    """The exception itself; nothing where it cannot be pickled."""
    text: str
    """It and its traceback."""

    @classmethod
    def of(cls, error: BaseException) -> CellFailure:
        """An exception to be sent."""
        text = "".join(traceback.format_exception(error))
        try:
            return cls(pickle.dumps(error), text)
        except Exception:  # noqa: BLE001  whatever its parts raise
            return cls(b"", text)

    def error(self, where: str) -> Exception:
        """The exception, with notes of where it was and of its traceback; an `OfficeError` stands for a broken one."""
        try:
            raised = pickle.loads(self.pickled)  # noqa: S301  by a process of our own
        except Exception:  # noqa: BLE001
            raised = None
        error = raised if isinstance(raised, Exception) else OfficeError(f"a cell raised {self.text.splitlines()[-1]}")
        error.add_note(where)
        error.add_note(self.text.rstrip())
        return error


def begin_work(hangs_up: Connection, who: MutableSequence[int]) -> None:
    """Get a process ready: it ends when the other end of that connection is closed, or its holder is no more.

    What cells print goes to standard error. An interrupt from the keyboard is for the first process alone.

    Args:
        hangs_up: this end of the connection.
        who: shared by all processes: by the number of a cell, the process that runs it.
    """
    _WHO.set(who)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    sys.stdout.flush()
    os.dup2(2, 1)
    Thread(target=_leave_with, args=(hangs_up,), daemon=True).start()


def work_as_told(number: int, home: Home, point: Point, seed: int) -> str | CellFailure:
    """Run one cell, and let the first process know that this one does, should it not live to return.

    Args:
        number: of the cell.
        home: where the cell is defined.
        point: its settings.
        seed: its seed.
    """
    who = _WHO.get()
    who[number] = os.getpid()
    came = work(home, point, seed)
    who[number] = 0
    return came


def work(home: Home, point: Point, seed: int) -> str | CellFailure:
    """Run one cell: its values, or how it diverged, as text; or how it failed.

    Args:
        home: where the cell is defined.
        point: its settings.
        seed: its seed.
    """
    try:
        return values_text(cell_at(home)(seed=seed, **point))
    except BaseException as error:  # noqa: BLE001  the process goes on to the next cell
        return divergence_text(error) if is_divergence(error) else CellFailure.of(error)


def _leave_with(hangs_up: Connection) -> None:
    try:
        hangs_up.recv_bytes()
    except (EOFError, OSError):
        os._exit(1)
