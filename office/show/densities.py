"""Densities as histograms: of lateness in places (RD), of the buffer that restores order (RBD), of staleness."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from math import ceil
from typing import Any

from office.errors import NothingToDraw
from office.journal import Journal
from office.show.panel import Panel, fitting, several
from office.show.picture import COLOURS
from office.show.rows import FULL, ROWS, floor, name_rows
from office.study import (
    Density,
    density,
    desks,
    learners,
    mail_by_link,
    reorder_buffer_density,
    reorder_density,
    staleness,
)

__all__ = ["buffer_densities", "reorder_densities", "stalenesses"]

BARS = 100
"""At most so many bars in each: if there are more values, they are drawn in groups."""


def reorder_densities(journal: Journal, pattern: str) -> list[Panel]:
    """How many places late messages came, a row for each link: RD of RFC 5236."""
    densities, shown = _out_of_order(journal, pattern, reorder_density)
    return [_panel("Reorder density, RD (RFC 5236)", densities, shown, "displacement (places late)", "arrivals")]


def buffer_densities(journal: Journal, pattern: str) -> list[Panel]:
    """How full a buffer would be that restores order, a row for each link: RBD of RFC 5236."""
    densities, shown = _out_of_order(journal, pattern, reorder_buffer_density)
    title = "Reorder buffer-occupancy density, RBD (RFC 5236)"
    return [_panel(title, densities, shown, "occupancy (messages kept)", "arrivals")]


def stalenesses(journal: Journal, pattern: str) -> list[Panel]:
    """How late feedback was, a row for each desk with weights; or for whoever is asked for by name."""
    if pattern == "*" and not learners(journal):
        raise NothingToDraw("no desk has weights")
    known = learners(journal) if pattern == "*" else fitting(desks(journal), pattern, "desk")
    densities = {desk: density(staleness(journal, desk)) for desk in known[:ROWS]}
    densities = {desk: histogram for desk, histogram in densities.items() if histogram.total}
    if not densities:
        raise NothingToDraw("no feedback was heard")
    shown = several(len(densities), len(known), "desk")
    return [_panel("Staleness", densities, shown, "staleness (updates)", "feedbacks")]


def _out_of_order(journal: Journal, pattern: str, of: Callable[[Any], Density]) -> tuple[dict[str, Density], str]:
    """The links on which something is out of place, and how many there are."""
    known = fitting(journal.link_names, pattern, "link")
    densities = {name: of(mail.readable.number) for name, mail in mail_by_link(journal, pattern).items()}
    odd = {name: histogram for name, histogram in densities.items() if histogram.total and histogram[0] < 1}
    if not odd:
        raise NothingToDraw("everything came in order")
    drawn = sorted(odd, key=lambda name: odd[name][0])[:ROWS]
    shown = several(len(drawn), len(known), "link")
    if len(drawn) < len(odd):
        shown += ", most out of place"
    elif len(odd) < len(known):
        shown += ", all that are not in order"
    return {name: histogram for name, histogram in odd.items() if name in drawn}, shown


def _panel(title: str, densities: dict[str, Density], shown: str, x: str, what: str) -> Panel:
    lowest = min(int(histogram.values[0]) for histogram in densities.values())
    highest = max(int(histogram.values[-1]) for histogram in densities.values())
    width = ceil((highest - lowest + 1) / BARS)
    grouped = {name: histogram.grouped(width) for name, histogram in densities.items()}
    tallest = max(float(histogram.shares.max()) for histogram in grouped.values())
    alone = len(grouped) == 1
    shown = next(iter(grouped)) if alone else f"{shown}; the tallest bar: {100 * tallest:.3g}% of {what}"
    shown += f"; in groups of {width}" if width > 1 else ""
    return Panel(title, shown, x, f"% of {what}" if alone else "", partial(_draw, grouped, width, tallest))


def _draw(densities: dict[str, Density], width: int, tallest: float, axes: Any) -> None:
    for row, histogram in enumerate(densities.values()):
        zero, size = (0.0, 100.0) if len(densities) == 1 else (floor(row), -FULL / tallest)
        align = "edge" if width > 1 else "center"
        axes.bar(histogram.values, size * histogram.shares, width, bottom=zero, align=align, color=COLOURS[0])
        axes.axhline(zero, color="0.8", linewidth=0.6)
    if len(densities) > 1:
        name_rows(axes, densities)
    axes.locator_params(axis="x", integer=True, min_n_ticks=1)
