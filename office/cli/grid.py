"""`office grid`."""

from __future__ import annotations

import sys
import traceback
from contextlib import redirect_stdout
from pathlib import Path
from typing import Annotated, Any

import typer

from office.cli.broken_off import interruptible_once
from office.cli.output import FAILED, AsJson, show_findings, usage_errors, writable, wrong_use
from office.cli.progress import progress
from office.cli.scenario_files import find_scenario
from office.cli.terminal import say
from office.errors import BadGrid
from office.extras import need
from office.files import write_whole
from office.grids import Cell, chosen, grid_csv, grid_table, read_grid, summaries
from office.grids import grid as run_grid
from office.show import draw_lines

__all__ = ["grid"]


def grid(
    name: Annotated[str, typer.Argument(metavar="NAME|FILE", help="A file with POINTS and a cell, or a scenario.")],
    seeds: Annotated[int, typer.Option(min=1, help="So many runs of every point, each with a seed of its own.")] = 10,
    seed: Annotated[int, typer.Option(min=0, help="The first seed; the others come after it.")] = 0,
    processes: Annotated[int | None, typer.Option(min=1, help="How many at once; one a core if not given.")] = None,
    keep: Annotated[
        Path | None, typer.Option(metavar="F.sqlite", callback=writable, help="Keep finished cells here, and go on.")
    ] = None,
    choose: Annotated[str | None, typer.Option(metavar="KEY", help="Of this key, only the best value.")] = None,
    by: Annotated[str, typer.Option(metavar="NAME", help="What is best: where this is largest.")] = "validation",
    csv: Annotated[
        Path | None, typer.Option(metavar="F.csv", callback=writable, help="Every cell, a line each.")
    ] = None,
    plot: Annotated[
        Path | None, typer.Option(metavar="F.png", callback=writable, help="Draw the table: --y over --x.")
    ] = None,
    x: Annotated[str | None, typer.Option(metavar="KEY", help="The key to draw over.")] = None,
    y: Annotated[str | None, typer.Option(metavar="NAME", help="The number to draw.")] = None,
    as_json: AsJson = None,
) -> None:
    """Run an office for each point and seed, on all cores; print means over seeds ± half a 95% confidence interval.

    A run that comes to a NaN or an overflow has diverged: it is counted, and the others go on. Exits with 1 where a run
    failed otherwise, with 2 on wrong use.
    """
    if plot is not None and (x is None or y is None):
        wrong_use("--plot needs --x, the key to draw over, and --y, the number to draw")
    cell, points = _read(name, plots=plot is not None)

    with progress("cells") as show:
        are_checked: list[bool] = []
        so_far = "no cell is done"

        def watch(cell: Cell, done: int, of: int) -> None:
            nonlocal so_far
            so_far = f"{done} of {of} cells are done"
            if cell.values and not are_checked:
                are_checked.append(True)
                _check_names(cell, {"--choose": choose, "--x": x}, {"--by": by if choose else None, "--y": y})
            show(done, of)

        try:
            with interruptible_once():
                cells = _run(cell, points, range(seed, seed + seeds), keep=keep, processes=processes, watch=watch)
        except KeyboardInterrupt:
            say(f"{so_far}; " + ("nothing is kept" if keep is None else f"{keep} goes on from there"), err=True)
            raise
    with usage_errors():
        if csv is not None:
            write_whole(csv, [grid_csv(cells).encode()])
        rows = summaries(cells if choose is None else chosen(cells, choose, by))
        show_findings({"points": [row.as_dict() for row in rows]}, [grid_table(rows)], as_json)
        if plot is not None and x is not None and y is not None:
            draw_lines(rows, x, y, plot)


def _read(name: str, *, plots: bool) -> tuple[Any, Any]:
    """The cell and the points of a grid file; complains where there are none, or a library is missing."""
    try:
        if plots:
            need("matplotlib", "--plot", "plot")
        path = find_scenario(name)
        with usage_errors(), redirect_stdout(sys.stderr):
            return read_grid(path)
    except ModuleNotFoundError as error:
        wrong_use(str(error) if "pip install" in str(error) else f"{name} needs {error.name}")
    except OSError as error:
        wrong_use(str(error))


def _run(*arguments: Any, **options: Any) -> list[Cell]:
    """The cells; complains where they cannot be run, and leaves with the exception of one that failed."""
    try:
        return run_grid(*arguments, **options)
    except BadGrid as error:
        wrong_use("\n".join([str(error), *getattr(error, "__notes__", ())]))
    except Exception as error:
        say("".join(traceback.format_exception_only(error)).rstrip(), err=True)
        raise typer.Exit(FAILED) from error


def _check_names(cell: Cell, keys: dict[str, str | None], names: dict[str, str | None]) -> None:
    """Raises `BadGrid` for a name that is not there: after one cell, and not after all of them."""
    for known, asked, what in (cell.point, keys, "key"), (cell.values, names, "number"):
        for option, name in asked.items():
            if name is not None and name not in known:
                raise BadGrid(f"{option}: there is no {what} {name!r} (there are {', '.join(known)})")
