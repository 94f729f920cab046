"""The tables of a stretch besides its mail: losses, feedback, work, incidents, and how full desks were."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from office.ids import TaskID
from office.journal import IncidentKind
from office.show.page.packing import Packed, packed
from office.show.page.watched import Watched, Whole
from office.study import FeedbackSizes, Occupancy

__all__ = ["heard_in", "incidents_in", "losses_in", "steps_in", "work_in"]

OF_DESKS = IncidentKind.STALLED, IncidentKind.CRASHED, IncidentKind.BACK
"""What befalls a desk as a whole: it stays so, and is told in every stretch."""


def losses_in(watched: Watched, place: dict[TaskID, int], begin: int) -> dict[str, Packed]:
    """The losses of the tasks of a stretch.

    Args:
        watched: The whole run.
        place: For each task of the stretch, where it stands in the stretch's list of tasks.
        begin: When the stretch begins, in ns; times are from then on.
    """
    losses = watched.journal.losses
    rows = [row for row, (_, about, _) in enumerate(losses) if about in place]
    return {
        "time": packed(np.array([losses[row][0] - begin for row in rows], dtype=np.int64), steps=True),
        "task": packed([place[losses[row][1]] for row in rows]),
        "loss": packed(watched.curve.losses[rows]),
    }


def heard_in(watched: Watched, codes: Whole, begin: int) -> dict[str, Packed]:
    """The feedback that workers heard on the tasks of a stretch, also before it and after it.

    Args:
        watched: The whole run.
        codes: `(tasks,)` the codes of the stretch's tasks in the journal's mail, ascending.
        begin: When the stretch begins, in ns; times are from then on.
    """
    rows, sizes = [np.empty((0, 4), np.int64)], [np.empty((0, 2))]
    for desk, heard in watched.heard.items():
        chosen = np.flatnonzero(np.isin(heard.tasks, codes))
        task = np.searchsorted(codes, heard.tasks[chosen])
        rows.append(
            np.column_stack([np.full(len(chosen), desk), heard.times[chosen] - begin, task, heard.staleness[chosen]])
        )
        sizes.append(_sizes(watched.sizes.get(desk), len(heard.times))[chosen])
    desks, time, tasks, late = map(packed, np.concatenate(rows).T)
    from_above, to_below = map(packed, np.concatenate(sizes).T)
    return {"desk": desks, "time": time, "task": tasks, "late": late, "from_above": from_above, "to_below": to_below}


def _sizes(sizes: FeedbackSizes | None, heard: int) -> NDArray[np.float64]:
    """`(feedbacks, 2)`: how large each was, and what went down; NaN where the journal does not say so of just these."""
    if sizes is None or len(sizes.times) != heard:
        return np.full((heard, 2), np.nan)
    return np.column_stack([sizes.from_above, sizes.to_below])


def work_in(watched: Watched, place: dict[TaskID, int], begin: int, end: int) -> dict[str, Packed]:
    """The work that was done in a stretch, and all work on its tasks.

    Args:
        watched: The whole run.
        place: For each task of the stretch, where it stands in the stretch's list of tasks.
        begin: When the stretch begins, in ns; times are from then on.
        end: When it ends, in ns.
    """
    journal, rooms = watched.journal, watched.rooms
    rows = [
        (drawn, since - begin, until - since, place.get(about, -1))
        for drawn, desk in enumerate(rooms.desks)
        for about, since, until in journal.work.get(journal.desks[desk], ())
        if (until >= begin and since <= end) or about in place
    ]
    desk, time, took, task = np.array(rows, dtype=np.int64).reshape(-1, 4).T
    return {"desk": packed(desk), "time": packed(time), "took": packed(took), "task": packed(task)}


def incidents_in(watched: Watched, place: dict[TaskID, int], begin: int, end: int) -> dict[str, Any]:
    """What befell desks in a stretch, and what befell them over its tasks.

    Args:
        watched: The whole run.
        place: For each task of the stretch, where it stands in the stretch's list of tasks.
        begin: When the stretch begins, in ns; times are from then on.
        end: When it ends, in ns.
    """
    journal, rooms = watched.journal, watched.rooms
    rows = sorted(
        (time - begin, drawn, what, -1 if about is None else place.get(about, -1))
        for drawn, desk in enumerate(rooms.desks)
        for time, what, about in journal.incidents.get(journal.desks[desk], ())
        if begin <= time <= end or what in OF_DESKS or about in place
    )
    times, desk, what, task = zip(*rows, strict=True) if rows else ((), (), (), ())
    kinds = sorted(set(what))
    return {
        "time": packed(times, steps=True),
        "desk": packed(desk),
        "what": packed([kinds.index(kind) for kind in what]),
        "kinds": kinds,
        "task": packed(task),
    }


def steps_in(occupancy: Occupancy, begin: int, end: int) -> dict[str, Packed]:
    """How many there are in a stretch, and from when on; the first number is that at its beginning.

    Args:
        occupancy: How many there are over the whole run.
        begin: When the stretch begins, in ns; times are from then on.
        end: When it ends, in ns.
    """
    first = int(np.searchsorted(occupancy.times, begin, side="right")) - 1
    last = int(np.searchsorted(occupancy.times, end, side="right"))
    times = np.maximum(occupancy.times[first:last], begin) - begin
    return {"time": packed(times, steps=True), "count": packed(occupancy.counts[first:last])}
