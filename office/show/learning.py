"""The learning curve, over tasks and over virtual time."""

from __future__ import annotations

from functools import partial
from typing import Any

from office.errors import NothingToDraw
from office.journal import Journal
from office.show.panel import Panel, several
from office.show.picture import BINS, COLOURS, HIGHEST, spread_out
from office.study import Bins, binned, learning_curve
from office.times import exact_time, time_unit

__all__ = ["learning"]

EACH = 100
"""So many losses, at most, are drawn one by one."""
IN_A_BIN = 20
"""At least so many losses are in each bin."""


def learning(journal: Journal) -> list[Panel]:
    """Losses over the tasks that the people above have spoken of, and over the time at which they did."""
    whole = learning_curve(journal)
    curve = whole.finite
    losses, tasks, odd = curve.losses.clip(-HIGHEST, HIGHEST), len(curve.losses), len(whole.losses) - len(curve.losses)
    if not len(whole.losses):
        raise NothingToDraw("nothing was said of any task")
    if not losses.any():
        raise NothingToDraw("no loss is a number" if odd else "every loss is 0")
    shown = several(tasks, len(whole.losses), "task") + (": the other losses are no finite numbers" if odd else "")
    shown += f"; what is beyond {HIGHEST:.0e} is drawn there" if abs(losses).max() == HIGHEST else ""
    if journal.diverged is not None:
        shown += f"; it diverged at {exact_time(journal.diverged.time)}"
    bins = None if tasks <= EACH else binned(losses, min(BINS, tasks // IN_A_BIN))
    if bins is not None:
        shown += f"; in bins of {tasks / len(bins.middles):.0f}: median, 10% to 90% (dark), least to most (light)"
    at = range(tasks) if bins is None else bins.middles.tolist()
    unit = time_unit(int(curve.times[-1]))
    along_tasks, along_time = [place + 1 for place in at], curve.times[list(at)] / unit.size
    return [
        Panel("Learning, over tasks", shown, "tasks spoken of", "loss", partial(_draw, along_tasks, losses, bins)),
        Panel(
            "Learning, over virtual time",
            shown,
            f"virtual time ({unit.name})",
            "loss",
            partial(_draw, along_time, losses, bins),
        ),
    ]


def _draw(along: Any, losses: Any, bins: Bins | None, axes: Any) -> None:
    if bins is None:
        axes.plot(along, losses, marker="o")
        if spread_out(losses.min(), losses.max()):
            axes.set_yscale("log")
        return
    smallest, low, median, high, greatest = bins.percentiles.values()
    axes.fill_between(along, smallest, greatest, color=COLOURS[0], alpha=0.12, linewidth=0)
    axes.fill_between(along, low, high, color=COLOURS[0], alpha=0.3, linewidth=0)
    axes.plot(along, median, color=COLOURS[0])
    if spread_out(low.min(), greatest.max()):
        axes.set_yscale("log")
        axes.set_ylim(bottom=low.min() / 3)  # on such an axis the least losses of many lie very low, and tell little
