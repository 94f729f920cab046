"""Many offices, on all cores."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from os import PathLike
from typing import Any

from office.counts import is_count
from office.errors import BadGrid
from office.grids.cell import Cell, cell_in, cell_key, check_alike
from office.grids.grid_files import home_of
from office.grids.kept_cells import kept_cells
from office.grids.points import MOST, checked_points, checked_seeds
from office.grids.processes import worked_off

__all__ = ["grid"]


def grid(
    cell: Callable[..., Mapping[str, float | tuple[int, int]]],
    points: Sequence[Mapping[str, Any]],
    seeds: Iterable[int],
    *,
    keep: str | PathLike[str] | None = None,
    processes: int | None = None,
    watch: Callable[[Cell, int, int], None] | None = None,
) -> list[Cell]:
    """Call ``cell(seed=seed, **point)`` for every point and seed, in other processes: the points in their order, and
    for each the seeds in theirs.

    All points get the same seeds, so that what they differ by is not chance (common random numbers). As long as a cell
    depends on its arguments alone, the result is the same for any number of processes.

    Other processes load the file of the cell. So a script calls `grid` under ``if __name__ == "__main__"``. They have
    one thread each for linear algebra, and what they print goes to standard error.

    A cell that comes to a NaN, an infinity or an overflow has diverged, whether it returns the number or raises
    `NotANumber`, `FloatingPointError` or `OverflowError`: `Cell.diverged` says how, and the others go on. Any other
    exception of a cell comes out with notes of its point, seed and traceback, and the cells that are not finished are
    given up. So they are where a process is killed; a note of the `BrokenProcessPool` names its cell.

    Raises `BadGrid` where something is wrong with cell, points or seeds, and where `keep` has cells of a file that has
    changed since; what that file imports is not watched. In the field: a hyperparameter sweep with replications.

    Args:
        cell: a function at the top of a file. It returns numbers by name, the same names everywhere; a pair of whole
            numbers ``(right, of)`` is a share.
        points: the settings of each run, by name, such as `every_point` makes them.
        seeds: whole numbers from 0.
        keep: a file in which each cell is kept as soon as it is finished. Called again with the same file, only the
            other cells are run.
        processes: how many at once. None: one a core.
        watch: called with each cell that there is, how many there are by then, and of how many.
    """
    if processes is not None and not is_count(processes):
        raise BadGrid(f"processes is a whole number from 1, or None, not {processes!r}")
    home, every_seed = home_of(cell), checked_seeds(seeds)
    every_place = checked_points(points)
    if len(every_place) * len(every_seed) > MOST:
        raise BadGrid(f"{len(every_place):,} points times {len(every_seed):,} seeds are more cells than {MOST:,}")
    jobs = dict(enumerate((point, seed) for point in every_place for seed in every_seed))
    cells: dict[int, Cell] = {}

    def file(number: int, cell: Cell) -> None:
        cells[number] = cell
        if cell.values:
            check_alike(cell, next(cell for cell in cells.values() if cell.values))
        if watch is not None:
            watch(cell, len(cells), len(jobs))

    with kept_cells(keep, home.digest) as kept:
        for number, job in jobs.items():
            text = kept.get(cell_key(*job))
            if text is not None:
                file(number, cell_in(text, *job, kept.name))
        left = {number: job for number, job in jobs.items() if number not in cells}
        if left:
            with closing(worked_off(home, left, processes)) as finished:
                for number, text in finished:
                    kept.put(cell_key(*left[number]), text)
                    file(number, cell_in(text, *left[number]))
    return [cells[number] for number in jobs]
