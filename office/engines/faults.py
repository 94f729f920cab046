"""Faults on a timetable: a desk stalls, a worker crashes, the mail between two sides is cut."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import NamedTuple, TypeAlias

from office.desks import WorkerDesk
from office.engines.floor_plan import FloorPlan
from office.errors import BadFault
from office.ids import CLIENT
from office.times import Time, nanoseconds, write_time

__all__ = ["Crash", "Fault", "Partition", "Setback", "Stall", "cuts", "is_between", "setbacks", "times_of"]

Desks: TypeAlias = str | Collection[str]
"""A desk's name or a pattern (``estimates/*``), or several. The people outside are named ``client``."""


@dataclass(frozen=True)
class Stall:
    """These desks do nothing for a while; their mail waits. A desk finishes first what it has in hand.

    Args:
        desks: a desk's name or a pattern (``estimates/*``), or several.
        at: when it begins: ``"2s"``, or ns.
        lasts: for how long.
    """

    desks: Desks
    at: Time
    lasts: Time

    def __str__(self) -> str:
        return f"stall of {_text(self.desks)} {_span(self)}"


@dataclass(frozen=True)
class Crash:
    """These workers lose their notes, and do nothing for a while; their mail waits, and their weights are kept.

    Feedback for a task whose notes are lost is counted, and passed down as `NO_FEEDBACK`. A worker finishes first what
    it has in hand. In the field: a process that is started again with its parameters but without its activations.

    Args:
        desks: a worker's name or a pattern (``estimates/*``), or several.
        at: when it happens: ``"2s"``, or ns.
        lasts: how long it takes until they work again.
    """

    desks: Desks
    at: Time
    lasts: Time = 0

    def __str__(self) -> str:
        return f"crash of {_text(self.desks)} {_span(self)}"


@dataclass(frozen=True)
class Partition:
    """What is sent between these desks and the others is lost, until the partition heals.

    Args:
        desks: a desk's name or a pattern (``estimates/*``), or several; the people outside are ``client``.
        at: when it begins: ``"2s"``, or ns.
        lasts: after how long it heals.
        others: the desks on the other side, likewise.
    """

    desks: Desks
    at: Time
    lasts: Time
    others: Desks = "*"

    def __str__(self) -> str:
        return f"partition of {_text(self.desks)} and {_text(self.others)} {_span(self)}"


Fault: TypeAlias = Stall | Crash | Partition


class Setback(NamedTuple):
    """What befalls one desk: when, for how long (ns), and whether it loses its notes."""

    at: int
    lasts: int
    crash: bool


def setbacks(faults: Sequence[Fault], plan: FloorPlan) -> dict[str, list[Setback]]:
    """What befalls each desk, in order of time. Raises `BadFault`, also for a crash of a manager."""
    desks = {post.desk.name: post.desk for post in plan.posts}
    rows: dict[str, list[Setback]] = {name: [] for name in desks}
    for fault in faults:
        if not isinstance(fault, (Stall, Crash, Partition)):
            raise BadFault(f"a fault is a Stall, a Crash or a Partition, not {fault!r}")
        if isinstance(fault, Partition):
            continue
        is_crash = isinstance(fault, Crash)
        for name in sorted(_named(fault.desks, [*desks], fault)):
            if is_crash and not isinstance(desks[name], WorkerDesk):
                raise BadFault(f"{fault}: {name} is a manager, and only workers crash")
            rows[name].append(Setback(nanoseconds(fault.at), nanoseconds(fault.lasts), is_crash))
    return {name: sorted(befallen) for name, befallen in rows.items()}


def cuts(faults: Sequence[Fault], plan: FloorPlan) -> dict[str, list[tuple[int, int]]]:
    """For each link, from when to when (ns) it is cut. Raises `BadFault`."""
    desks = [CLIENT, *(post.desk.name for post in plan.posts)]
    times: dict[str, list[tuple[int, int]]] = {way.name: [] for way in plan.ways}
    for fault in faults:
        if not isinstance(fault, Partition):
            continue
        for side in (fault.desks, fault.others):
            _named(side, desks, fault)
        for way in plan.ways:
            if is_between(fault, way.sender, way.receiver):
                times[way.name].append(times_of(fault))
    return times


def is_between(partition: Partition, sender: str, reader: str) -> bool:
    """Whether a partition cuts a link.

    Args:
        partition: what cuts.
        sender: who is at one end.
        reader: who is at the other.
    """
    here, others = (
        [any(fnmatchcase(name, pattern) for pattern in names) for name in (sender, reader)]
        for names in ([side] if isinstance(side, str) else side for side in (partition.desks, partition.others))
    )
    return here[0] != here[1] and others[here.index(False)]


def times_of(partition: Partition) -> tuple[int, int]:
    """From when to when (ns)."""
    begin = nanoseconds(partition.at)
    return begin, begin + nanoseconds(partition.lasts)


def _named(desks: Desks, names: list[str], fault: Fault) -> set[str]:
    named: set[str] = set()
    for pattern in [desks] if isinstance(desks, str) else desks:
        fitting = {name for name in names if fnmatchcase(name, pattern)}
        if not fitting:
            raise BadFault(f'{fault}: "{pattern}" names no desk (desks: {", ".join(names[:8])})')
        named |= fitting
    return named


def _text(desks: Desks) -> str:
    # Sorted, since a set has another order in another process, and this stands in the journal.
    return desks if isinstance(desks, str) else ", ".join(sorted(desks))


def _span(fault: Fault) -> str:
    at, lasts = nanoseconds(fault.at), nanoseconds(fault.lasts)
    return f"at {write_time(at)} for {write_time(lasts)}"
