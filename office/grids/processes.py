"""The processes that run the cells: as many as asked for, each with one thread for linear algebra."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context

from office.grids.cell import Point, cell_text
from office.grids.grid_files import Home
from office.grids.worker_process import CellFailure, begin_work, work

__all__ = ["worked_off"]

ONE_THREAD = "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"
ENVIRONMENT = dict.fromkeys(ONE_THREAD, "1") | {"PYTHONHASHSEED": "0"}
BROKE = "a process with cells to run ended before it should: killed, out of memory, or because a script calls grid"
BROKE += " outside of if __name__ == '__main__'"


def worked_off(
    home: Home, jobs: Mapping[int, tuple[Point, int]], processes: int | None
) -> Generator[tuple[int, str], None, None]:
    """Run all the jobs: as each finishes, its number and its values, as text.

    The exception of a cell comes out with a note that names the cell. After any exception, or when the iterator is
    closed, no further cell begins, and those that are being run are given up.

    Args:
        home: where the cell is defined.
        jobs: by number, each cell's point and seed.
        processes: how many at once; None: one a core.
    """
    spawn = get_context("spawn")
    hangs_up, line = spawn.Pipe(duplex=False)
    pool = ProcessPoolExecutor(min(processes or os.cpu_count() or 1, len(jobs)), spawn, begin_work, (hangs_up,))
    try:
        with _environment():
            numbers = {pool.submit(work, home, *job): number for number, job in jobs.items()}
        for done in as_completed(numbers):
            number = numbers[done]
            yield number, _values(done.result(), jobs[number])
    except BrokenProcessPool as error:
        error.add_note(BROKE)
        raise
    except BaseException:
        line.close()
        raise
    finally:
        pool.shutdown(cancel_futures=True)
        line.close()
        hangs_up.close()


def _values(result: str | CellFailure, job: tuple[Point, int]) -> str:
    if isinstance(result, CellFailure):
        raise result.error(cell_text(*job))
    return result


@contextmanager
def _environment() -> Iterator[None]:
    """While this lasts, processes start with `ENVIRONMENT`."""
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
