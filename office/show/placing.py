"""Where the arrows of a Lamport diagram run: which lifelines are where, and at which height what happens."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from office.show.names import short_names
from office.study import Arrow, Diagram, Event
from office.times import exact_time

__all__ = ["Line", "Placing", "crossing"]

TOP, BOTTOM = 64.0, 22.0
STEP = 18.0
"""From one height to the next; in pixels, as everything here."""
NAMES_AGAIN = 40
"""After so many heights the names stand there once more."""
NARROWEST, WIDEST, LETTER, EDGE = 190.0, 280.0, 7.0, 20.0
LOST_AFTER, UNDER_WAY = 0.5, 0.8
"""How far across what is lost, or is still on its way, is drawn."""


@dataclass(frozen=True)
class Line:
    """A straight line, from where a message is sent to where it ends."""

    x: float
    y: float
    to_x: float
    to_y: float


class Placing:
    """Coordinates, in pixels.

    Time runs down, not to scale: each sending and each arrival has a height of its own, and only a desk that reads and
    passes on, at one instant, does both at one height. So two messages of a link cross if, and only if, one overtakes
    the other.
    """

    def __init__(self, drawn: Diagram) -> None:
        self.names = short_names(drawn.desks)
        self.sent: dict[int, float] = {}
        self.arrived: dict[int, float] = {}
        self.times: list[tuple[float, str]] = []
        """The heights at which a new time begins, and that time."""
        self.names_at = [TOP - 2 * STEP]
        self.end = self._place(drawn) + BOTTOM
        """Where the lifelines end."""
        longest = LETTER * max(map(len, self.names), default=0)
        self.times_at = EDGE + LETTER * max((len(time) for _, time in self.times), default=0)
        gap = min(max(NARROWEST, longest + EDGE), WIDEST)
        first = self.times_at + max(EDGE, longest / 2)
        self.lifelines = [first + gap * place for place in range(len(drawn.desks))]
        self.width = (self.lifelines or [first])[-1] + max(3 * EDGE, longest / 2 + EDGE)

    def _place(self, drawn: Diagram) -> float:
        """Give every event a height; the last one."""
        height, before, heights = TOP - STEP, None, 0
        for event in drawn.events:
            is_later = before is None or before.time != event.time
            if is_later or before is None or not _at_one_height(before, event):
                height += STEP
                heights += 1
                if heights % NAMES_AGAIN == 0:
                    self.names_at.append(height + STEP / 2)
                    height += 2 * STEP
            if is_later:
                self.times.append((height, exact_time(event.time)))
            (self.arrived if event.is_arrival else self.sent)[event.arrow.number] = height
            before = event
        return height

    def line(self, arrow: Arrow) -> Line:
        """Where an arrow runs; that of a message which never arrives ends on the way."""
        x, to_x, y = self.lifelines[arrow.sender], self.lifelines[arrow.reader], self.sent[arrow.number]
        if arrow.number in self.arrived:
            return Line(x, y, to_x, self.arrived[arrow.number])
        if arrow.fate == "lost":
            return Line(x, y, x + LOST_AFTER * (to_x - x), y + LOST_AFTER * STEP)
        return Line(x, y, x + UNDER_WAY * (to_x - x), self.end)

    def overtakings(self, drawn: Diagram) -> Iterator[tuple[Arrow, Arrow, tuple[float, float]]]:
        """Each arrow that overtakes another, that other one, and where they cross."""
        for arrow in drawn.arrows:
            for late in arrow.overtakes:
                point = crossing(self.line(arrow), self.line(drawn.arrows[late - 1]))
                if point is not None:
                    yield arrow, drawn.arrows[late - 1], point


def _at_one_height(before: Event, event: Event) -> bool:
    """Whether two events of one instant share a height: both ends of one message, or what comes in and goes on."""
    earlier, later = before.arrow, event.arrow
    if event.is_arrival or not before.is_arrival:
        return event.is_arrival and earlier is later
    return earlier.reader == later.sender and (earlier.sender < earlier.reader) == (later.sender < later.reader)


def crossing(line: Line, other: Line) -> tuple[float, float] | None:
    """Where two lines cross, each before its end; None where they do not."""
    dx, dy, ox, oy = line.to_x - line.x, line.to_y - line.y, other.to_x - other.x, other.to_y - other.y
    turn = dx * oy - dy * ox
    if not turn:
        return None
    along = ((other.x - line.x) * oy - (other.y - line.y) * ox) / turn
    across = ((other.x - line.x) * dy - (other.y - line.y) * dx) / turn
    return (line.x + along * dx, line.y + along * dy) if 0 < along < 1 and 0 < across < 1 else None
