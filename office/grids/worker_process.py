"""What goes on in the other processes: they load the file of a cell, run it, and say what it found."""

from __future__ import annotations

import os
import pickle
import signal
import sys
import traceback
from multiprocessing.connection import Connection
from threading import Thread
from typing import NamedTuple

from office.errors import OfficeError
from office.grids.cell import Point
from office.grids.cell_values import found_text
from office.grids.grid_files import Home, cell_at

__all__ = ["Failure", "begin_work", "work"]


class Failure(NamedTuple):
    """An exception that a cell raised, in a form that can always be sent."""

    pickled: bytes
    """The exception itself; nothing where it cannot be pickled."""
    text: str
    """It and its traceback."""

    @classmethod
    def of(cls, error: BaseException) -> Failure:
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


def begin_work(hangs_up: Connection) -> None:
    """Get a process ready: it ends when the other end of that connection is closed, or its holder is no more.

    What cells print goes to standard error, and whoever started all this alone is interrupted from the keyboard.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.stdout.flush()
    os.dup2(2, 1)
    Thread(target=_leave_with, args=(hangs_up,), daemon=True).start()


def work(home: Home, point: Point, seed: int) -> str | Failure:
    """Run one cell: what it found, as text, or how it failed."""
    try:
        return found_text(cell_at(home)(seed=seed, **point))
    except BaseException as error:  # noqa: BLE001  the process goes on to the next cell
        return Failure.of(error)


def _leave_with(hangs_up: Connection) -> None:
    try:
        hangs_up.recv_bytes()
    except (EOFError, OSError):
        os._exit(1)
