"""The figures under the replay: worked out of the whole run by the study, and thinned to what a screen can show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from office.journal import Journal
from office.show.page.packing import packed
from office.show.page.watched import Watched
from office.study import (
    Latency,
    LearningCurve,
    Occupancy,
    binned,
    binned_over_time,
    mail_by_link,
    medians,
    reorder_buffer_density,
    reorder_density,
)

__all__ = ["MOST_BARS", "MOST_LINES", "MOST_LINKS", "PARTS", "bars", "figures"]

PARTS = 400
"""A curve has at most so many points."""
MOST_LINES = 6
"""A chart has at most so many lines."""
MOST_LINKS = 60
"""So many links have histograms and latencies of their own."""
MOST_BARS = 61
"""A histogram has at most so many bars."""
TAILS = 0.005, 0.995
SIZES = 120
"""Of the sizes of feedback, which go up and down from one to the next, so many medians are shown."""


def figures(watched: Watched) -> dict[str, Any]:
    """What the charts draw; each says what it leaves out."""
    journal, rooms = watched.journal, watched.rooms
    names = [journal.desks[desk] for desk in rooms.desks]
    return {
        "losses": _losses(watched.curve, watched.busy_end),
        "pending": _fullest(names, watched.pending, watched.busy_end),
        "in_tray": _fullest(names, watched.in_tray, watched.busy_end),
        "sizes": _sizes(watched, names),
        "lateness": _lateness(watched, names),
        **_links(journal, watched.overtaken),
    }


def _losses(curve: LearningCurve, end: int) -> dict[str, Any]:
    """Each loss until a time (ns), or, where there are many, the median and the middle eight tenths of neighbours."""
    finite = curve.finite
    times, losses = finite.times[finite.times <= end], finite.losses[finite.times <= end]
    bins = binned(losses, PARTS)
    few = len(losses) <= PARTS
    middle, low, high = [losses] * 3 if few else [bins.percentiles[percent] for percent in (50, 10, 90)]
    return {
        **_curve(times if few else times[bins.middles], middle, low, high, is_exact=few),
        "together": 1 if few else round(len(losses) / PARTS),
        "of": len(curve.losses),
        "infinite": len(curve.losses) - len(finite.losses),
    }


def _steps(steps: Occupancy) -> dict[str, Any]:
    """Each count from when on there are so many, or, where they are many, how many there are in each part of a run."""
    if len(steps.times) <= PARTS:
        return _curve(steps.times, *[steps.counts] * 3, is_exact=True)
    bins = binned_over_time(steps, PARTS)
    return _curve(bins.middles.round().astype(np.int64), bins.mean, bins.least, bins.largest, is_exact=False)


def _curve(times: Any, middle: Any, low: Any, high: Any, *, is_exact: bool) -> dict[str, Any]:
    columns = {"middle": packed(middle), "low": packed(low), "high": packed(high)}
    return {"time": packed(times, steps=True), "exact": is_exact, **columns}


def _fullest(names: Sequence[str], several: Sequence[Occupancy], end: int) -> dict[str, Any]:
    """The curves of those that are fullest on average, in the order of the chart."""
    some = [place for place, steps in enumerate(several) if steps.peak]
    shown = sorted(sorted(some, key=lambda place: -several[place].mean)[:MOST_LINES])
    lines = [{"name": names[place], **_steps(several[place].until(end))} for place in shown]
    return {"lines": lines, "of": len(some)}


def _sizes(watched: Watched, names: Sequence[str]) -> list[dict[str, Any]]:
    """How large the feedback was that each desk with weights learnt from, and what it passed down, until a time."""
    charts = []
    for desk, sizes_of in watched.sizes.items():
        busy = int(np.searchsorted(sizes_of.times, watched.busy_end, side="right"))
        times = sizes_of.times[:busy]
        ways = {"from above": sizes_of.from_above[:busy], "to below": sizes_of.to_below[:busy]}
        lines = []
        for way, sizes in ways.items():
            at, middle = medians(times, sizes, SIZES)
            if len(at):
                lines.append({"name": way, "time": packed(at, steps=True), "middle": packed(middle), "exact": True})
        if lines:
            charts.append({"name": names[desk], "together": max(1, round(busy / SIZES)), "lines": lines})
    return charts


def _lateness(watched: Watched, names: Sequence[str]) -> list[dict[str, Any]]:
    """How late the feedback was that each worker heard, and all of them."""
    lateness = [(names[desk], heard.staleness) for desk, heard in watched.heard.items() if len(heard.staleness)]
    if len(lateness) > 1:
        lateness.insert(0, ("all workers", np.concatenate([late for _, late in lateness])))
    return [
        {
            "name": name,
            "count": len(late),
            "mean": float(late.mean()),
            "most": int(late.max()),
            "bars": bars(*np.unique(late, return_counts=True)),
        }
        for name, late in lateness
    ]


def _links(journal: Journal, overtaken: NDArray[np.int64]) -> dict[str, Any]:
    """Histograms and latencies: of all links together, and of those on which most was overtaken."""
    late = np.bincount(journal.mail.link[overtaken > 0], minlength=len(journal.links))
    shown = set(np.argsort(-late, kind="stable")[:MOST_LINKS].tolist())
    rd, rbd = Counter[int](), Counter[int]()
    links = []
    for place, (name, mail) in enumerate(mail_by_link(journal).items()):
        numbers = mail.readable.number
        displaced, kept = reorder_density(numbers), reorder_buffer_density(numbers)
        for counter, density in ((rd, displaced), (rbd, kept)):
            counter.update(dict(zip(density.values.tolist(), density.counts.tolist(), strict=True)))
        if place in shown:
            delivered = mail.delivered
            links.append(
                {
                    "name": name,
                    "messages": int(displaced.total),
                    "overtaken": int(late[place]),
                    "rd": bars(displaced.values, displaced.counts),
                    "rbd": bars(kept.values, kept.counts),
                    "latency": Latency.of(delivered.arrived - delivered.sent).percentiles,
                }
            )
    together = {
        "name": "all links",
        "messages": rd.total(),
        "overtaken": int(late.sum()),
        "rd": bars(*_sorted(rd)),
        "rbd": bars(*_sorted(rbd)),
        "latency": None,
    }
    return {"links": [together, *links], "all_links": len(journal.links)}


def _sorted(counter: Counter[int]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    pairs = np.array(sorted(counter.items()), dtype=np.int64).reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1]


def bars(values: NDArray[np.int64], counts: NDArray[np.int64]) -> dict[str, Any]:
    """`(k,)` ascending whole numbers and how often each came up -> bars of one width.

    Where single values would be too many bars, the half percent at either end is in the first and the last of them:
    "or less", "or more".
    """
    if not len(values):
        return {"first": 0, "width": 1, "counts": [], "total": 0, "less": False, "more": False}
    low, high = int(values[0]), int(values[-1])
    if high - low >= MOST_BARS:
        share = np.cumsum(counts) / counts.sum()
        low, high = (int(values[np.searchsorted(share, end)]) for end in TAILS)
    width = _round_width(high - low + 1)
    first = low // width * width
    last = (high - first) // width
    bars = np.zeros(last + 1, dtype=np.int64)
    np.add.at(bars, np.clip((values - first) // width, 0, last), counts)
    return {
        "first": first,
        "width": width,
        "counts": bars.tolist(),
        "total": int(counts.sum()),
        "less": int(values[0]) < first,
        "more": int(values[-1]) >= first + (last + 1) * width,
    }


def _round_width(span: int) -> int:
    """The least of 1, 2, 5, 10, 20, 50… with which so many values take no more bars than there may be."""
    size = 1
    while True:
        for digit in (1, 2, 5):
            if span / (digit * size) <= MOST_BARS - 1:
                return digit * size
        size *= 10
