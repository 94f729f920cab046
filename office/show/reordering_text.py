"""The order of arrivals on links as text tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from office.show.table import Table, number_text, share_text
from office.study import Density, Reordering
from office.times import rounded_time

__all__ = ["link_table", "reordering_tables"]

SHOWN = 20
"""At most so many reordered arrivals, and shares of a density, are shown."""


def reordering_tables(reordering: Reordering) -> list[Table]:
    """The main numbers, and the first reordered arrivals, if any; places from 1, as in the RFCs."""
    numbers = reordering.as_dict()
    late, gap, runs, n = (numbers[key] for key in ("late_time_ns", "gap", "reordering_free_runs", "n_reordering"))
    lines = [
        ("arrivals", str(reordering.arrivals)),
        ("later copies, left out", str(numbers["later_copies"])),
        ("reordered", f"{reordering.reordered}, {share_text(reordering.ratio)}"),
        ("extent", _mean_and_most(numbers["extent"], number_text)),
        ("late time", _mean_and_most(late, rounded_time)),
        ("discontinuities", str(numbers["discontinuities"])),
        ("gaps between them", _mean_and_most(gap, number_text)),
        ("reordering-free runs", f"{runs['x']}, mean {number_text(reordering.runs.mean)}"),
        ("n-reordering, most", str(n["most"])),
        ("n-reordered, n = 1, 2, 3", ", ".join(map(share_text, n["degrees"].values()))),
        ("reorder density", _density_text(reordering.rd)),
        ("buffer-occupancy density", _density_text(reordering.rbd)),
    ]
    if not reordering.reordered:
        return [Table(lines)]
    rows: list[tuple[str, ...]] = [
        (str(number), str(place), str(extent), "" if late is None else rounded_time(late), str(n))
        for number, place, extent, late, n in reordering.late_arrivals[:SHOWN]
    ]
    if reordering.reordered > SHOWN:
        rows.append((f"… and {reordering.reordered - SHOWN} more",))
    return [Table(lines), Table(rows, ("reordered", "place", "extent", "late time", "n"), range(1, 5))]


def link_table(by_link: Mapping[str, Reordering]) -> Table:
    """The main numbers of several links, a line each."""
    head = "link", "arrivals", "reordered", "ratio", "extent", "most", "late time", "most", "n, most"
    rows: list[tuple[str, ...]] = []
    for name, reordering in by_link.items():
        numbers = reordering.as_dict()
        extent, late, n = (numbers[key] for key in ("extent", "late_time_ns", "n_reordering"))
        rows.append(
            (
                name,
                str(reordering.arrivals),
                str(reordering.reordered),
                share_text(reordering.ratio),
                *((number_text(extent["mean"]), str(extent["most"])) if extent else ("", "")),
                *((rounded_time(late["mean"]), rounded_time(late["most"])) if late else ("", "")),
                str(n["most"]),
            )
        )
    return Table(rows, head, range(1, len(head)))


def _mean_and_most(summary: dict[str, Any] | None, text: Callable[[float], str]) -> str:
    return f"mean {text(summary['mean'])}, most {text(summary['most'])}" if summary else "none"


def _density_text(density: Density) -> str:
    shown = sorted(sorted(density.items(), key=lambda item: -item[1])[:SHOWN])
    text = "  ".join(f"{value}: {share_text(share)}" for value, share in shown) or "none"
    more = f"  … of {len(density.values)}" if len(density.values) > SHOWN else ""
    return text + more + (f", {density.lost} lost" if density.lost else "")
