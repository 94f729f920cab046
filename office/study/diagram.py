"""Who sent what to whom, when it arrived, and what it overtook: what a Lamport diagram shows.

In the field: a space-time diagram, L. Lamport, *Time, Clocks, and the Ordering of Events in a Distributed System*
(1978).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from office.ids import CLIENT, TaskID
from office.journal import Journal, Mail
from office.study.ends import OUTSIDE, ends
from office.study.event_order import event_order
from office.study.life import Fate, fate_of
from office.study.sequences import Whole
from office.times import NEVER

__all__ = ["Arrow", "Diagram", "Event", "diagram"]

LIMIT = 500


@dataclass(frozen=True)
class Arrow:
    """One message, or one copy of it, from its sending to its arrival."""

    number: int
    """Which arrow of the diagram it is, from 1, in order of sending."""
    sent: int
    """ns"""
    arrived: int | None
    """ns; None for what never arrived."""
    sender: int
    """A place in `Diagram.desks`."""
    reader: int
    link: str
    task: TaskID
    message: int
    """Which message of its link it is, from 1."""
    copy: int
    """0 for the original."""
    fate: Fate
    overtakes: tuple[int, ...] = ()
    """Numbers of arrows of messages that were sent before this one on the same link, and came after it."""
    overtaken_by: tuple[int, ...] = ()

    @property
    def channel(self) -> str:
        """Which of the four channels of the desk that names the link."""
        return self.link.rpartition(".")[2]


@dataclass(frozen=True)
class Event:
    """A sending or an arrival."""

    arrow: Arrow
    is_arrival: bool

    @property
    def time(self) -> int:
        """When it happens, in ns."""
        time = self.arrow.arrived if self.is_arrival else self.arrow.sent
        assert time is not None
        return time

    @property
    def desk(self) -> int:
        """Where it happens: a place in `Diagram.desks`."""
        return self.arrow.reader if self.is_arrival else self.arrow.sender


@dataclass(frozen=True)
class Diagram:
    """Messages as arrows between the lifelines of desks."""

    desks: tuple[str, ...]
    """Whose lifelines there are: those who send or read any of the messages, the client first."""
    events: tuple[Event, ...]
    """In order; of each message its sending and, if it arrived, its arrival."""
    left_out: int = 0
    """How many messages more were asked for."""

    @cached_property
    def arrows(self) -> tuple[Arrow, ...]:
        """All of them, in order of sending."""
        return tuple(event.arrow for event in self.events if not event.is_arrival)


def diagram(
    journal: Journal,
    begin: int | None = None,
    end: int | None = None,
    tasks: Sequence[TaskID] = (),
    limit: int | None = LIMIT,
) -> Diagram:
    """The messages about any of these tasks (about all, if none is given) that were sent or arrived in a span of time.

    Both ends of each message are drawn, though one may be outside the span.

    Which message overtook which is told among those that are drawn. A message counts as arrived when the first copy of
    it that can be read arrives, as in `reordering`: what that says of a whole journal is what all of it drawn shows.
    Raises `ValueError` for a link that is no desk's.

    Args:
        journal: What a run has recorded.
        begin: The span begins then (ns), included; None is the beginning of the run.
        end: The span ends then (ns), included; None is the end of the run.
        tasks: Only messages about these tasks; all if there are none.
        limit: Draw the first so many messages, in order of sending, and count the rest in `Diagram.left_out`; None is
            no limit.
    """
    mail, link_ends = journal.mail, ends(journal)
    read = mail.read
    asked = np.flatnonzero(_asked_for(journal, mail, begin, end, tasks))
    order = event_order(mail, link_ends, read, mail.cause_row, asked)
    rows = order.row[~order.is_arrival][:limit]
    sender, reader = link_ends.sender[mail.link[rows]], link_ends.reader[mail.link[rows]]
    if (sender == reader).any():
        link = journal.links[mail.link[rows[sender == reader][0]]].name
        raise ValueError(f'link "{link}" is no channel of any desk in this journal')
    present = np.unique(np.concatenate([sender, reader]))  # the client, who is outside, comes first
    arrows = _arrows(journal, mail, read, rows, np.searchsorted(present, sender), np.searchsorted(present, reader))
    drawn = np.isin(order.row, rows)
    return Diagram(
        tuple(CLIENT if desk == OUTSIDE else journal.desks[desk] for desk in present),
        tuple(
            Event(arrows[row], is_arrival)
            for row, is_arrival in zip(order.row[drawn].tolist(), order.is_arrival[drawn].tolist(), strict=True)
        ),
        len(asked) - len(rows),
    )


def _asked_for(
    journal: Journal, mail: Mail, begin: int | None, end: int | None, tasks: Sequence[TaskID]
) -> NDArray[np.bool_]:
    """`(rows,)`: which are about one of these tasks, and sent or arrived in the span."""
    first, last = begin or 0, NEVER if end is None else end
    inside = [(first <= times) & (times <= last) for times in (mail.sent, mail.arrived)]
    in_span = inside[0] | ((mail.arrived >= 0) & inside[1])
    codes = [code for task_id in tasks if (code := journal.columns.code(task_id)) is not None]
    return in_span & np.isin(mail.task, codes) if tasks else in_span


def _arrows(
    journal: Journal, mail: Mail, read: NDArray[np.bool_], rows: Whole, sender: Whole, reader: Whole
) -> dict[int, Arrow]:
    """The arrows of these rows, by row."""
    overtakes, overtaken_by = _overtakings(mail, rows[read[rows]])
    numbers = {row: number for number, row in enumerate(rows.tolist(), start=1)}
    columns = mail.sent[rows], mail.arrived[rows], mail.link[rows], mail.task[rows], mail.number[rows], mail.copy[rows]
    return {
        row: Arrow(
            numbers[row],
            sent,
            arrived if arrived >= 0 else None,
            sender_,
            reader_,
            journal.links[link].name,
            journal.task_id(task),
            message,
            copy,
            fate_of(mail, read, row),
            tuple(sorted(numbers[other] for other in overtakes.get(row, ()))),
            tuple(sorted(numbers[other] for other in overtaken_by.get(row, ()))),
        )
        for row, sender_, reader_, sent, arrived, link, task, message, copy in zip(
            rows.tolist(), sender.tolist(), reader.tolist(), *(column.tolist() for column in columns), strict=True
        )
    }


def _overtakings(mail: Mail, rows: Whole) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
    """Which of these rows overtook which, and which were overtaken by which."""
    overtakes: dict[int, list[int]] = {}
    overtaken_by: dict[int, list[int]] = {}
    for link in np.unique(mail.link[rows]):
        arrived = np.sort(rows[mail.link[rows] == link])  # in order of arrival
        numbers = mail.number[arrived]
        for place, row in enumerate(arrived.tolist()):
            for late in arrived[place + 1 :][numbers[place + 1 :] < numbers[place]].tolist():
                overtakes.setdefault(row, []).append(late)
                overtaken_by.setdefault(late, []).append(row)
    return overtakes, overtaken_by
