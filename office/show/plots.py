"""The plots of a run, by name, and one picture of several."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from os import PathLike
from typing import NamedTuple

from office.errors import NothingToDraw
from office.journal import Journal
from office.show.densities import buffer_densities, reorder_densities, stalenesses
from office.show.feedback import feedback
from office.show.latency import latency_of_links
from office.show.learning import learning
from office.show.panel import Panel
from office.show.pending import pending
from office.show.picture import picture
from office.study import run_end
from office.times import time_unit

__all__ = ["PLOTS", "Drawn", "Plot", "draw_plots"]

WIDTH, HEIGHT = 6.4, 3.4
"""Of a panel, in inches."""


class Plot(NamedTuple):
    """A plot that can be asked for by name."""

    shows: str
    panels: Callable[[Journal, str], list[Panel]]
    """Of a journal, and a pattern for the names of desks or links."""


PLOTS = {
    "learning": Plot("losses over tasks and over virtual time", lambda journal, _: learning(journal)),
    "feedback": Plot("how large feedback was at each desk with weights, and after it", feedback),
    "pending": Plot("tasks in the pending table of each desk over virtual time", pending),
    "staleness": Plot("how late feedback was, in updates, at each desk with weights", stalenesses),
    "latency": Plot("how long messages took, on each link", latency_of_links),
    "rd": Plot("reorder density of each link (RFC 5236)", reorder_densities),
    "rbd": Plot("reorder buffer-occupancy density of each link (RFC 5236)", buffer_densities),
}


class Drawn(NamedTuple):
    """What is in a picture, and what is not."""

    shown: dict[str, list[str]]
    """By plot, what is shown in its panels."""
    left_out: dict[str, str]
    """By plot, why it is not there."""


def draw_plots(journal: Journal, path: str | PathLike[str], names: Iterable[str] = PLOTS, pattern: str = "*") -> Drawn:
    """Draw plots of a run as panels of one picture. The same journal gives the same bytes.

    Args:
        journal: Of the run.
        path: A file of any kind that matplotlib writes.
        names: Which plots, by their names in `PLOTS`.
        pattern: Only desks and links whose names fit it are drawn, as in "team/*".

    Returns:
        What the picture shows, and what it leaves out and why.

    Raises:
        NothingToDraw: There is nothing to draw for any of the names.
        ModuleNotFoundError: The extra `plot` is missing.
    """
    panels_of: dict[str, list[Panel]] = {}
    left_out: dict[str, str] = {}
    for name in names:
        try:
            panels_of[name] = PLOTS[name].panels(journal, pattern)
        except NothingToDraw as error:
            left_out[name] = str(error)
    panels = [panel for several in panels_of.values() for panel in several]
    if not panels:
        raise NothingToDraw("; ".join(f"{name}: {why}" for name, why in left_out.items()))
    columns = min(len(panels), 2)
    rows = -(-len(panels) // columns)
    with picture(path, WIDTH * columns, HEIGHT * rows + 0.3) as figure:
        places = figure.add_gridspec(rows, columns)
        for number, panel in enumerate(panels):
            row, column = divmod(number, columns)
            is_last = number == len(panels) - 1
            panel.draw_on(figure.add_subplot(places[row, column : columns if is_last else column + 1]))
        figure.suptitle(_run(journal), x=0.01, horizontalalignment="left", fontsize=9)
    return Drawn({name: [panel.shown for panel in several] for name, several in panels_of.items()}, left_out)


def _run(journal: Journal) -> str:
    """A run in words."""
    end = run_end(journal)
    unit = time_unit(end)
    seed = f", seed {journal.settings['seed']}" if "seed" in journal.settings else ""
    return f"{len(journal):,} messages on {len(journal.links):,} links in {end / unit.size:.4g} {unit.name}{seed}"
