"""Many offices, on all cores."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from os import PathLike
from typing import Any

from office.errors import BadGrid
from office.grids.cell import Cell
from office.grids.cell_values import cell_key, check_alike, found_in
from office.grids.grid_files import home_of
from office.grids.points import checked_points, checked_seeds

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

    A cell returns numbers by name, the same names everywhere; a pair of whole numbers ``(right, of)`` is a share.
    All points get the same seeds, so that what they differ by is not chance (common random numbers). As long as a cell
    depends on its arguments alone, the result is the same for any number of `processes` (None: one a core).

    With `keep`, a file, each cell is on disk as soon as it is finished: called again with the same file, only the
    others are run. `watch` is called with each cell that there is, how many there are by then, and of how many.

    A cell is found by its file and name, so it stands at the top of a file, which the other processes load: a script
    calls `grid` under ``if __name__ == "__main__"``. They have one thread each for linear algebra, and what they print
    goes to standard error. If a cell raises an exception, it comes out with notes of its point, seed and traceback, and
    the cells that are not finished are given up.

    Raises `BadGrid` where something is wrong with cell, points or seeds, and where `keep` has cells of a file that has
    changed since; what that file imports is not watched. In the field: a hyperparameter sweep with replications.
    """
    from office.grids.kept_cells import kept_cells  # noqa: PLC0415  an office alone needs neither of them
    from office.grids.processes import worked_off  # noqa: PLC0415

    if processes is not None and (type(processes) is not int or processes < 1):
        raise BadGrid(f"processes is a whole number from 1, or None, not {processes!r}")
    home, every_seed = home_of(cell), checked_seeds(seeds)
    jobs = dict(enumerate((point, seed) for point in checked_points(points) for seed in every_seed))
    cells: dict[int, Cell] = {}

    def file(number: int, found: str) -> None:
        cells[number] = Cell(*jobs[number], found_in(found))
        check_alike(cells[number], next(iter(cells.values())))
        if watch is not None:
            watch(cells[number], len(cells), len(jobs))

    with kept_cells(keep, home.digest) as kept:
        for number, job in jobs.items():
            found = kept.get(cell_key(*job))
            if found is not None:
                file(number, found)
        left = {number: job for number, job in jobs.items() if number not in cells}
        if left:
            with closing(worked_off(home, left, processes)) as at_work:
                for number, found in at_work:
                    kept.put(cell_key(*left[number]), found)
                    file(number, found)
    return [cells[number] for number in jobs]
