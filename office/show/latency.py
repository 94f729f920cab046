"""How long mail takes."""

from __future__ import annotations

from functools import partial
from typing import Any

from office.errors import NothingToDraw
from office.journal import Journal
from office.show.panel import Panel, fitting, several
from office.show.picture import COLOURS, spread_out
from office.show.rows import name_rows
from office.study import Latency, latency_by_link
from office.times import TimeUnit, time_unit

__all__ = ["latency_of_links"]

PERCENTS = 0, 10, 50, 90, 100
LINKS = 20
"""At most so many, a row each."""


def latency_of_links(journal: Journal, pattern: str) -> list[Panel]:
    """From sending to arrival, a row for each link."""
    known = fitting(journal.link_names, pattern, "link")
    by_link = {name: latency for name, latency in latency_by_link(journal, pattern, PERCENTS).items() if latency.count}
    if not by_link:
        raise NothingToDraw("no message arrived")
    rows = dict(list(by_link.items())[:LINKS])
    unit = time_unit(max(latency.percentiles[100] for latency in rows.values()))
    shown = f"{several(len(rows), len(known), 'link')}: median, 10% to 90% (thick), least to most (thin)"
    return [Panel("Latency", shown, f"from sending to arrival ({unit.name})", "", partial(_draw, rows, unit))]


def _draw(rows: dict[str, Latency], unit: TimeUnit, axes: Any) -> None:
    places = range(len(rows))
    shortest, low, median, high, longest = (
        [latency.percentiles[percent] / unit.size for latency in rows.values()] for percent in PERCENTS
    )
    axes.hlines(places, shortest, longest, color=COLOURS[0], linewidth=1)
    axes.hlines(places, low, high, color=COLOURS[0], linewidth=4, alpha=0.45)
    axes.plot(median, places, "o", color=COLOURS[1], clip_on=False)
    name_rows(axes, rows)
    if spread_out(min(low), max(longest)):
        axes.set_xscale("log")
        axes.set_xlim(left=min(low) / 2)
    else:
        axes.set_xlim(left=0)
