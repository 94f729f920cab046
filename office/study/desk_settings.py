"""What the head of a journal says of desks: how long they take over things, how long they wait, what befalls them."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import NamedTuple

from office.journal import IncidentKind, Journal
from office.study.ends import desks
from office.study.link_bounds import delay_bounds
from office.times import NEVER, nanoseconds

__all__ = ["AT_ONCE", "DeskPace", "Setback", "cuts", "paces", "setbacks", "tells_settings"]

SETBACK = re.compile(r"(stall|crash) of (.+) at (\S+) for (\S+)")
CUT = re.compile(r"partition of .+ at (\S+) for (\S+)")
MAX_PENDING = re.compile(r"at most \d+ pending")
KINDS = {"stall": IncidentKind.STALLED, "crash": IncidentKind.CRASHED}


class DeskPace(NamedTuple):
    """The least and the most time (ns) that a desk takes over things; the most is `NEVER` where it is not told."""

    answer: tuple[int, int] = (0, 0)
    reply: tuple[int, int] = (0, 0)
    learn: tuple[int, int] = (0, 0)
    is_full: bool = False
    """Whether it may leave tasks unread, since so many are pending."""


AT_ONCE = DeskPace()


def tells_settings(journal: Journal) -> bool:
    """Whether the head has the settings of a run: one made by hand need not, and then nothing follows from them."""
    return "mail" in journal.settings


def paces(journal: Journal) -> dict[str, DeskPace]:
    """The pace of each desk that has one of its own."""
    return {desk: _pace(text) for desk, text in journal.settings.get("paces", {}).items()}


def _pace(text: str) -> DeskPace:
    times = {}
    for part in text.split(", "):
        kind, _, time = part.partition(" ")
        if kind in DeskPace._fields:
            span = delay_bounds(f"delay {time}")
            times[kind] = (0, NEVER) if span is None else span[:2]
    return DeskPace(**times, is_full=MAX_PENDING.search(text) is not None)


class Setback(NamedTuple):
    """A stall or a crash of one desk, as it was planned."""

    at: int
    lasts: int
    kind: IncidentKind


def setbacks(journal: Journal) -> dict[str, list[Setback]]:
    """What was to befall each desk, in order of time."""
    rows: dict[str, list[Setback]] = {name: [] for name in desks(journal)}
    for text in journal.settings.get("faults", ()):
        fault = SETBACK.fullmatch(text)
        if fault is None:
            continue
        for name, planned in rows.items():
            if any(fnmatchcase(name, pattern) for pattern in fault[2].split(", ")):
                planned.append(Setback(nanoseconds(fault[3]), nanoseconds(fault[4]), KINDS[fault[1]]))
    # Of a stall and a crash at one time, which last as long, the stall comes first.
    return {
        name: sorted(planned, key=lambda each: (*each[:2], each.kind != "stalled")) for name, planned in rows.items()
    }


def cuts(journal: Journal) -> list[tuple[int, int]]:
    """From when to when (ns) some links were cut."""
    texts = map(CUT.fullmatch, journal.settings.get("faults", ()))
    begins = [(nanoseconds(cut[1]), nanoseconds(cut[2])) for cut in texts if cut is not None]
    return [(begin, begin + lasts) for begin, lasts in begins]
