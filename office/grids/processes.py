"""The processes that run the cells: as many as asked for, each with one thread for linear algebra."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import active_children, get_context
from multiprocessing.process import BaseProcess
from signal import SIG_BLOCK, SIG_SETMASK, SIGINT, SIGTERM, Signals, pthread_sigmask

from office.grids.cell import Point, cell_text
from office.grids.grid_files import Home
from office.grids.worker_process import CellFailure, begin_work, work_as_told

__all__ = ["worked_off"]

ONE_THREAD = "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"
ENVIRONMENT = dict.fromkeys(ONE_THREAD, "1") | {"PYTHONHASHSEED": "0"}
BROKE = "a process with cells to run ended before it should: killed, out of memory, or because a script calls grid"
BROKE += " outside of if __name__ == '__main__'"


def worked_off(
    home: Home, jobs: Mapping[int, tuple[Point, int]], processes: int | None
) -> Generator[tuple[int, str], None, None]:
    """Run all the jobs: as each finishes, its number and what came of it, as text.

    The exception of a cell comes out with a note that names the cell, after all that is finished by then. After any
    exception, or when the iterator is closed, no further cell begins, and those that are being run are given up.

    Args:
        home: where the cell is defined.
        jobs: by number, each cell's point and seed.
        processes: how many at once; None: one a core.
    """
    spawn = get_context("spawn")
    hangs_up, line = spawn.Pipe(duplex=False)
    who = spawn.RawArray("q", max(jobs) + 1)
    pool = ProcessPoolExecutor(min(processes or os.cpu_count() or 1, len(jobs)), spawn, begin_work, (hangs_up, who))
    left: dict[Future[str | CellFailure], int] = {}
    others = active_children()
    try:
        with _starting():
            left |= {pool.submit(work_as_told, number, home, *job): number for number, job in jobs.items()}
        workers = [process for process in active_children() if process not in others]
        for done in as_completed([*left]):
            result = done.result()
            number = left.pop(done)
            if isinstance(result, CellFailure):
                yield from _finished(left)
            yield number, _text(result, jobs[number])
    except BrokenProcessPool as error:
        yield from _finished(left)
        pool.shutdown()  # so that each process has ended
        cells = {who[number]: cell_text(*jobs[number]) for number in left.values()}
        for note in _ends(workers, cells) or [BROKE]:
            error.add_note(note)
        raise
    except BaseException:
        line.close()
        raise
    finally:
        pool.shutdown(cancel_futures=True)
        line.close()
        hangs_up.close()


def _text(result: str | CellFailure, job: tuple[Point, int]) -> str:
    if isinstance(result, CellFailure):
        raise result.error(cell_text(*job))
    return result


def _finished(left: dict[Future[str | CellFailure], int]) -> Iterator[tuple[int, str]]:
    """The jobs that are finished, of those that are left: they are left no longer."""
    for done in [future for future in left if future.done() and future.exception() is None]:
        result = done.result()
        if not isinstance(result, CellFailure):
            yield left.pop(done), result


def _ends(workers: Sequence[BaseProcess], cells: Mapping[int, str]) -> list[str]:
    """In words how processes ended, each at a cell. Those that were ended for another's sake are left out."""
    ended = [(worker.exitcode or 0, cell) for worker in workers if (cell := cells.get(worker.pid or -1))]
    first = [(code, cell) for code, cell in ended if code != -SIGTERM]
    return [
        f"{cell}: its process "
        + (f"was killed by {Signals(-code).name}" if code < 0 else f"ended with exit status {code}")
        for code, cell in first or ended
    ]


@contextmanager
def _starting() -> Iterator[None]:
    """While this lasts, processes start with `ENVIRONMENT`, deaf to interrupts until they are ready to ignore them."""
    blocked = pthread_sigmask(SIG_BLOCK, {SIGINT})
    before = {name: os.environ.get(name) for name in ENVIRONMENT}
    os.environ.update(ENVIRONMENT)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
        pthread_sigmask(SIG_SETMASK, blocked)
