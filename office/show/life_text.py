"""The life of one task as a text table."""

from __future__ import annotations

from office.show.table import Table
from office.study import Hop, Life
from office.times import exact_time

__all__ = ["life_table", "life_title"]

TITLES = "at", "took", "later", "from", "to", "on", ""
NUMERIC = 3
"""So many columns, from the left, are numbers."""


def life_title(life: Life) -> str:
    """Which task it is, and how many messages there are."""
    return f"task {life.task!r}: {_counted(len(life.hops), 'message')}"


def life_table(life: Life) -> Table:
    """A row for each event, in order of time."""
    # At one instant, first what is no message: losses and incidents come out as messages.
    events = [(time, _alone(f"the people above speak of it: loss {loss:g}")) for time, loss in life.losses]
    events += [(work.begin, _alone(f"{work.desk} works on it until {exact_time(work.end)}")) for work in life.work]
    events += [(time, _alone(f"{desk}: {what}")) for time, desk, what in life.incidents]
    events += [(hop.sent, _cells(hop)) for hop in life.hops]
    events.sort(key=lambda event: event[0])
    return Table([(exact_time(time), *cells) for time, cells in events], TITLES, range(NUMERIC))


def _cells(hop: Hop) -> tuple[str, ...]:
    times = ("" if time is None else exact_time(time) for time in (hop.took, hop.later))
    return *times, hop.sender, hop.reader, hop.link, _remarks(hop)


def _remarks(hop: Hop) -> str:
    remarks: list[str] = [] if hop.fate == "read" else [hop.fate]
    if hop.copy:
        remarks.append(f"copy {hop.copy} of message {hop.number}")
    if hop.heard is not None:
        remarks.append(f"{hop.sender} had heard {_counted(hop.heard, 'feedback')}")
    if hop.staleness is not None:
        remarks.append(f"{_counted(hop.staleness, 'update')} late")
    return ", ".join(remarks)


def _alone(what: str) -> tuple[str, ...]:
    """The cells of an event that is no message; the words may take the width of several."""
    return "", "", what


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
