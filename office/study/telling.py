"""How a `Reordering` is told: as numbers for JSON, as text for people."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from office.study.density import Density
from office.study.sequences import Whole
from office.study.tables import Table, number_text, share_text
from office.times import rounded_time

if TYPE_CHECKING:
    from office.study.reordering import Reordering

__all__ = ["as_numbers", "as_tables", "link_table"]

SHOWN = 20
"""At most so many reordered arrivals, and shares of a density, are shown to people."""
EACH = "number", "place", "extent", "late_time_ns", "n"


def as_numbers(one: Reordering, *, each: bool = False) -> dict[str, Any]:
    """See `Reordering.as_dict`."""
    found: dict[str, Any] = {
        "arrivals": one.arrivals,
        "later_copies": len(one.numbers) - one.arrivals,
        "reordered": one.reordered,
        "ratio": _or_none(one.ratio),
        "extent": _summary(one.extents),
        "late_time_ns": _summary(one.late_times, one.extents > 0),
        "discontinuities": len(one.discontinuities),
        "gap": _summary(one.gaps),
        "gap_time_ns": _summary(one.gap_times, one.gaps > 0),
        "reordering_free_runs": {
            **{letter: getattr(one.runs, letter) for letter in "xqpa"},
            "mean": _or_none(one.runs.mean),
            "variation": _or_none(one.runs.variation),
        },
        "n_reordering": {
            "most": int(one.n.max(initial=0)),
            "degrees": {str(n): one.degree(n) for n in (1, 2, 3) if one.arrivals},
        },
        "reorder_density": _shares(one.rd),
        "reorder_buffer_density": _shares(one.rbd),
    }
    if each:
        found["reordered_arrivals"] = [dict(zip(EACH, row, strict=True)) for row in _rows(one)]
    return found


def as_tables(one: Reordering) -> list[Table]:
    """What it all comes to, and the first reordered arrivals, if any; places from 1, as in the RFCs."""
    found = one.as_dict()
    late, gap, runs, n = (found[key] for key in ("late_time_ns", "gap", "reordering_free_runs", "n_reordering"))
    lines = [
        ("arrivals", str(one.arrivals)),
        ("later copies, left out", str(found["later_copies"])),
        ("reordered", f"{one.reordered}, {share_text(one.ratio)}"),
        ("extent", _mean_and_most(found["extent"], number_text)),
        ("late time", _mean_and_most(late, rounded_time)),
        ("discontinuities", str(found["discontinuities"])),
        ("gaps between them", _mean_and_most(gap, number_text)),
        ("reordering-free runs", f"{runs['x']}, mean {number_text(one.runs.mean)}"),
        ("n-reordering, most", str(n["most"])),
        ("n-reordered, n = 1, 2, 3", ", ".join(map(share_text, n["degrees"].values()))),
        ("reorder density", _density_text(one.rd)),
        ("buffer-occupancy density", _density_text(one.rbd)),
    ]
    if not one.reordered:
        return [Table(lines)]
    rows: list[tuple[str, ...]] = [
        (str(number), str(place), str(extent), "" if late is None else rounded_time(late), str(n))
        for number, place, extent, late, n in _rows(one, SHOWN)
    ]
    if one.reordered > SHOWN:
        rows.append((f"… and {one.reordered - SHOWN} more",))
    return [Table(lines), Table(rows, ("reordered", "place", "extent", "late time", "n"), range(1, 5))]


def link_table(found: Mapping[str, Reordering]) -> Table:
    """The main numbers of several links, a line each, for people."""
    head = "link", "arrivals", "reordered", "ratio", "extent", "most", "late time", "most", "n, most"
    rows: list[tuple[str, ...]] = []
    for name, one in found.items():
        extent, late = _summary(one.extents), _summary(one.late_times, one.extents > 0)
        rows.append(
            (
                name,
                str(one.arrivals),
                str(one.reordered),
                share_text(one.ratio),
                *((number_text(extent["mean"]), str(extent["most"])) if extent else ("", "")),
                *((rounded_time(late["mean"]), rounded_time(late["most"])) if late else ("", "")),
                str(int(one.n.max(initial=0))),
            )
        )
    return Table(rows, head, range(1, len(head)))


def _rows(one: Reordering, most: int | None = None) -> list[tuple[int, int, int, int | None, int]]:
    """The reordered arrivals: number, place from 1, extent, late time, n."""
    at = np.flatnonzero(one.extents)[:most]
    late = [None] * len(at) if one.late_times is None else one.late_times[at].tolist()
    columns = (one.numbers[at], one.places[at] + 1, one.extents[at])
    return list(zip(*(column.tolist() for column in columns), late, one.n[at].tolist(), strict=True))


def _or_none(number: float) -> float | None:
    return None if np.isnan(number) else float(number)


def _summary(values: Whole | None, which: NDArray[np.bool_] | None = None) -> dict[str, Any] | None:
    """Mean and most of those that count, which are those above 0 where it is not said."""
    if values is None:
        return None
    counted = values[values > 0 if which is None else which]
    return {"mean": float(counted.mean()), "most": int(counted.max())} if len(counted) else None


def _mean_and_most(summary: dict[str, Any] | None, text: Callable[[float], str]) -> str:
    return f"mean {text(summary['mean'])}, most {text(summary['most'])}" if summary else "none"


def _shares(density: Density) -> dict[str, Any]:
    return {"lost": density.lost, "shares": {str(value): share for value, share in density.items()}}


def _density_text(density: Density) -> str:
    shown = sorted(sorted(density.items(), key=lambda item: -item[1])[:SHOWN])
    told = "  ".join(f"{value}: {share_text(share)}" for value, share in shown) or "none"
    more = f"  … of {len(density.values)}" if len(density.values) > SHOWN else ""
    return told + more + (f", {density.lost} lost" if density.lost else "")
