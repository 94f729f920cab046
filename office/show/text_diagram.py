"""A Lamport diagram in plain characters, for the terminal.

A row is a sending (┄▷) or an arrival (─▶), or both, of a message that takes no time. Columns are the lifelines of
desks; beside them stands what is under way, a strip a message, where whatever is overtaken is crossed (╪)::

        client   alex  under way  task, channel
    0 ns  ●┄1┄┄┄┄┄▷│   1          0 inbox
    3 ns  ●┄2┄┄┄┄┄▷│   │ 2        1 inbox
    5 ns  │─────2─▶●   ╪═▼        overtakes 1
          │◁┄┄┄┄┄3┄●   │ 3        1 outbox
    9 ns  │─────1─▶●   ▼ │        overtaken by 2
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from office.journal import Journal
from office.show.names import left_out, listed, short_names, task_text
from office.study import Arrow, Diagram, diagram
from office.times import exact_time

__all__ = ["text_diagram"]

WIDTH = 80
WIDEST, NARROWEST = 16, 6
"""How far lifelines stand apart, in characters."""
DOT, UNREAD, DAMAGED, LOST, OVERTAKEN = "●○╳×╪"
HEADING = "under way"
LIFE, UNDER_WAY, CAME, GOES, ACROSS, PAST = "││─┄═┼"
ENDS = {"read": "▼", "repeat": "▽", "damaged": DAMAGED}


class _Row(NamedTuple):
    """What stands on one line."""

    time: int
    arrow: Arrow
    is_sent: bool
    is_there: bool


def text_diagram(what: Journal | Diagram, width: int = WIDTH) -> str:
    """Draw messages as text: the first 500 of a journal, or those of a `study.diagram`.

    Lifelines stand as far apart as `width` allows. Where it does not allow the strips of what is under way beside
    them, these are left out, and the text says so; what was overtaken is told in words all the same. Many desks may
    need lines that are longer. Raises `ValueError` as `diagram` does.
    """
    drawn = diagram(what) if isinstance(what, Journal) else what
    if not drawn.arrows:
        return "no messages"
    rows, digits = list(_rows(drawn)), len(str(len(drawn.arrows)))
    times, strips, words = _times(rows), _strips(rows, digits), [_words(row) for row in rows]
    margin, strip, label = (max(map(len, column)) for column in (times, strips, words))
    strip = max(strip, len(HEADING)) if strip else 0
    desks, narrowest, short = len(drawn.desks), max(NARROWEST, digits + 4), short_names(drawn.desks)
    room = width - margin - label - 4 - len(short[-1]) // 2
    gap, with_strips = _fit(desks, room, strip, narrowest)
    beside = [text.ljust(strip) if with_strips else "" for text in (HEADING if strip else "", *strips)]
    *above, names = _names(short, margin + 2, gap)
    body = max((desks - 1) * gap + 1, *(len(line) - margin - 2 for line in (*above, names)))
    left = [f"{names:{margin + 2 + body}}"]
    left += [f"{time:>{margin}}  {_lifelines(row, desks, gap):{body}}" for row, time in zip(rows, times, strict=True)]
    lines = map(_side_by_side, left, beside, ["task, channel", *words])
    return "\n".join([*above, *lines, *_below(drawn, strip, with_strips=with_strips)])


def _fit(desks: int, room: int, strip: int, narrowest: int) -> tuple[int, bool]:
    """How far apart lifelines stand, and whether there is room for the strips beside them."""
    gap = _gap(desks, room - strip - 2, narrowest)
    return (gap, True) if gap else (_gap(desks, room, narrowest) or narrowest, False)


def _side_by_side(*cells: str) -> str:
    return "  ".join(cell for place, cell in enumerate(cells) if cell or not place).rstrip()


def _rows(drawn: Diagram) -> Iterator[_Row]:
    """Event by event; but both events of a message that arrives as it is sent, with nothing in between."""
    events = deque(drawn.events)
    while events:
        event = events.popleft()
        at_once = bool(events) and events[0].arrow is event.arrow and events[0].time == event.time
        if at_once:
            events.popleft()
        yield _Row(event.time, event.arrow, not event.is_arrival, event.is_arrival or at_once)


def _times(rows: Sequence[_Row]) -> list[str]:
    """The time of each row, where it is not that of the row before."""
    times = [exact_time(row.time) for row in rows]
    return [time if not place or time != times[place - 1] else "" for place, time in enumerate(times)]


def _words(row: _Row) -> str:
    """What is said of a row: which message it is, or what became of it."""
    arrow, parts = row.arrow, []
    if row.is_sent:
        parts.append(f"{task_text(arrow.task)} {arrow.channel.replace('_', ' ')}")
        parts += [f"copy {arrow.copy}"] * (arrow.copy > 0) + [arrow.fate] * (arrow.fate == "lost")
    if row.is_there:
        parts += [arrow.fate] * (arrow.fate in ("damaged", "repeat"))
        parts += [f"overtakes {listed(arrow.overtakes)}"] * bool(arrow.overtakes)
        parts += [f"overtaken by {listed(arrow.overtaken_by)}"] * bool(arrow.overtaken_by)
    return ", ".join(parts)


def _gap(desks: int, room: int, narrowest: int) -> int:
    """How far apart so many lifelines can stand; 0 where there is no room for them."""
    return next((gap for gap in range(WIDEST, narrowest - 1, -1) if (desks - 1) * gap + 1 <= room), 0)


def _lifelines(row: _Row, desks: int, gap: int) -> str:
    """The lifelines, and on them the arrow of a row."""
    arrow, cells = row.arrow, [" "] * ((desks - 1) * gap + 1)
    cells[::gap] = LIFE * desks
    begin, end = arrow.sender * gap, arrow.reader * gap
    step = 1 if begin < end else -1
    for place in range(begin + step, end, step):
        cells[place] = PAST if place % gap == 0 else CAME if row.is_there else GOES
    if row.is_sent:
        cells[begin] = DOT
    if row.is_there:
        cells[end] = DOT if arrow.fate == "read" else UNREAD
    cells[end - step] = _head(row, to_the_right=step > 0)
    number = str(arrow.number)
    # It stands next to the end at which something happens, to be read from the left.
    at = end - 3 * step if row.is_there and not row.is_sent else begin + 2 * step
    left = at if (step > 0) == (row.is_sent) else at - len(number) + 1
    cells[left : left + len(number)] = number
    return "".join(cells)


def _head(row: _Row, *, to_the_right: bool) -> str:
    """The head of an arrow: full where it is read, hollow where it is sent or a repeat, or the sign of its fate."""
    fate = row.arrow.fate
    if fate == "damaged" and row.is_there:
        return DAMAGED
    if fate == "lost" and not row.is_there:
        return LOST
    if row.is_there and fate != "repeat":
        return "▶" if to_the_right else "◀"
    return "▷" if to_the_right else "◁"


def _strips(rows: Sequence[_Row], digits: int) -> list[str]:
    """Beside each row, what is under way then: from its number down to where it arrives."""
    places: dict[int, int] = {}
    strips = []
    for row in rows:
        number = row.arrow.number
        if row.is_sent and not row.is_there and row.arrow.fate != "lost":
            places[number] = min(set(range(len(places) + 1)) - set(places.values()))
        cells = dict.fromkeys(places.values(), UNDER_WAY)
        # Of a message that was lost, and sent again, the later copy may not be under way yet.
        crossed = [places[late] for late in row.arrow.overtakes if row.is_there and late in places]
        cells |= dict.fromkeys(crossed, OVERTAKEN)
        if number in places:
            cells[places[number]] = str(number) if row.is_sent else ENDS[row.arrow.fate]
            crossed.append(places[number])
        strips.append(_strip(cells, min(crossed, default=0), max(crossed, default=0), digits))
        if row.is_there:
            places.pop(number, None)
    return strips


def _strip(cells: dict[int, str], begin: int, end: int, digits: int) -> str:
    """Cells side by side, joined by a line from one to another."""
    text = [" "] * (max(cells, default=-1) + 1) * (digits + 1)
    for place in range(begin * (digits + 1) + digits, end * (digits + 1) + digits - 1):
        text[place] = ACROSS
    for place, cell in cells.items():
        right = (place + 1) * (digits + 1) - 1
        text[right - len(cell) : right] = cell
    return "".join(text).rstrip()


def _names(desks: Sequence[str], margin: int, gap: int) -> list[str]:
    """The names over the lifelines, on as many lines as keep them apart."""
    lines: list[str] = []
    for place, desk in enumerate(desks):
        at = max(0, margin + place * gap - len(desk) // 2)
        free = next((number for number, line in enumerate(lines) if len(line) < at or not line), len(lines))
        lines[free:] = [*lines[free:], ""] if free == len(lines) else lines[free:]
        lines[free] = lines[free].ljust(at) + desk
    return lines


def _below(drawn: Diagram, strip: int, *, with_strips: bool) -> list[str]:
    """What is to be said of the whole, and of the signs in it."""
    fates = {arrow.fate for arrow in drawn.arrows}
    signs = [
        f"{OVERTAKEN} overtaken here" * (with_strips and any(arrow.overtakes for arrow in drawn.arrows)),
        f"{LOST} lost" * ("lost" in fates),
        f"{DAMAGED} damaged, not read" * ("damaged" in fates),
        f"▷{UNREAD} a repeat" * ("repeat" in fates),
    ]
    lines = ["   ".join(filter(None, signs))]
    under_way = [arrow.number for arrow in drawn.arrows if arrow.fate == "on its way"]
    if under_way:
        lines.append(f"still on the way at the end: {listed(under_way)}")
    if strip and not with_strips:
        lines.append(f"what is under way at each moment would need {strip + 2} columns more")
    if drawn.left_out:
        lines.append(left_out(drawn))
    return ["", *filter(None, lines)] if any(lines) else []
