"""A journal as a trace for Perfetto, in the Trace Event Format: JSON, an event a line.

As the *Trace Event Format* has it (N. Duca and D. Sinclair): a desk is a thread (M); what it does is a slice (B, E); a
task on its way from desk to desk is a flow (s, t, f) that binds to the slice around it (bp: "e"); what nobody reads is
an instant (i); and what is pending or under way is a counter (C). Times are in microseconds, exact to the nanosecond.

Slices are B and E, and never X: at one instant a viewer puts the longest X first, wherever it stands in the file, and a
flow would bind to the wrong one.
"""

from __future__ import annotations

import heapq
import json
from collections.abc import Iterable, Iterator
from operator import itemgetter
from os import PathLike
from typing import Any, TypeAlias

from office.files import write_whole
from office.ids import CLIENT
from office.journal import Journal
from office.show.names import task_text, visible
from office.study import KINDS, Occupancy, Pieces, desks, ends, fate_of, in_table, occupancy, on_link, pieces
from office.times import microseconds

__all__ = ["trace_lines", "write_trace"]

Timed: TypeAlias = tuple[int, str]
"""A time (ns), and an event of that time as JSON."""
PID, CLIENT_TID = 1, 2
WORK = KINDS.index("work")
BLOCK = 1 << 14
"""So many rows of a column at once are numbers of Python's."""

_json = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode


def write_trace(journal: Journal, path: str | PathLike[str]) -> Pieces:
    """Write a journal as a trace that https://ui.perfetto.dev opens, and return what was drawn as slices and flows.

    It is written line by line: besides the journal, memory is needed for some columns as long as its mail. Raises
    `ValueError` as `trace_lines` does.
    """
    done = pieces(journal)
    lines = trace_lines(journal, done)
    write_whole(path, (f"{line}\n".encode() for line in lines))
    return done


def trace_lines(journal: Journal, done: Pieces | None = None) -> Iterator[str]:
    """The lines of the file, without line ends; the same journal gives the same. `done` is what `pieces` says.

    A slice is what `study.pieces` has for a piece, and a flow is one of its paths: as long as one desk at a time has a
    task, there is one flow for all of it, up and back down. Raises `ValueError` where a journal cannot be read so.
    """
    streams = [
        _slices(journal, done or pieces(journal)),
        _unread(journal),
        _counter("messages under way", "messages", occupancy(on_link(journal))),
    ]
    streams += [
        _counter(f"pending: {visible(desk)}", "tasks", occupancy(in_table(journal, desk)))
        for desk in desks(journal)
    ]  # fmt: skip
    return _file(journal, heapq.merge(*streams, key=itemgetter(0)))


def _file(journal: Journal, events: Iterable[Timed]) -> Iterator[str]:
    yield '{"displayTimeUnit":"ns","traceEvents":['
    yield _json({"ph": "M", "pid": PID, "name": "process_name", "args": {"name": "office"}})
    threads = [(CLIENT_TID, CLIENT)]
    threads += [(_tid(place), desk) for place, desk in enumerate(journal.desks) if desk != CLIENT]
    for order, (tid, desk) in enumerate(threads):
        for name, args in ("thread_name", {"name": visible(desk)}), ("thread_sort_index", {"sort_index": order}):
            yield "," + _json({"ph": "M", "pid": PID, "tid": tid, "name": name, "args": args})
    yield from ("," + event for _, event in events)
    yield "]}"


def _slices(journal: Journal, done: Pieces) -> Iterator[Timed]:
    """Each piece as a slice, and the steps of paths in it."""
    mail, work = journal.mail, [task for desk in journal.desks for task, _, _ in journal.work.get(desk, ())]
    on = [f'"link":{_json(visible(link))}' for link in journal.link_names]
    numbers = mail.number
    steps = _rows(*done.steps)
    step = next(steps, None)
    going_on: list[Timed] = []
    for place, (begin, end, desk, kind, row) in enumerate(_rows(done.begin, done.end, done.desk, done.kind, done.row)):
        while going_on and going_on[0][0] <= begin:
            yield heapq.heappop(going_on)
        thread = f'"pid":{PID},"tid":{_tid(desk)}'
        at = f'"ts":{microseconds(begin)},{thread}'
        is_mail = kind < WORK
        name = _json(f"task {task_text(journal.task_id(int(mail.task[row])) if is_mail else work[row])}")
        args = f',"args":{{{on[mail.link[row]]},"message":{numbers[row]}}}' if is_mail else ""
        yield begin, f'{{"ph":"B","name":{name},"cat":"{KINDS[kind]}",{at}{args}}}'
        while step is not None and step[0] == place:
            _, path, is_first, is_last = step
            phase = "s" if is_first else "f" if is_last else "t"
            yield begin, f'{{"ph":"{phase}","id":{path + 1},"name":{name},"cat":"task",{at},"bp":"e"}}'
            step = next(steps, None)
        over = end, f'{{"ph":"E","ts":{microseconds(end)},{thread}}}'
        if end > begin:
            heapq.heappush(going_on, over)
        else:
            yield over
    while going_on:
        yield heapq.heappop(going_on)


def _unread(journal: Journal) -> Iterator[Timed]:
    """What nobody read: lost or still on its way, with its sender; damaged or a repeat, with its reader."""
    mail, link_ends = journal.mail, ends(journal)
    read = mail.read
    rows = [(int(mail.arrived[row]), row) for row in (~read).nonzero()[0].tolist()]
    for time, row in sorted((int(mail.sent[row]) if came < 0 else came, row) for came, row in rows):
        link = mail.link[row]
        desk = int((link_ends.sender if mail.arrived[row] < 0 else link_ends.reader)[link])
        event = {
            "ph": "i",
            "s": "t",
            "name": f"{fate_of(mail, read, row)}: task {task_text(journal.task_id(int(mail.task[row])))}",
            "cat": "unread",
            "pid": PID,
            "tid": _tid(desk),
            "args": {"link": visible(journal.links[link].name), "message": int(mail.number[row])},
        }
        yield time, f'{_json(event)[:-1]},"ts":{microseconds(time)}}}'


def _counter(name: str, what: str, counts: Occupancy) -> Iterator[Timed]:
    """How many there are, from each time on until the next."""
    named, counted = _json(name), _json(what)
    for time, count in _rows(counts.times, counts.counts):
        yield time, (
            f'{{"ph":"C","name":{named},"ts":{microseconds(time)},"pid":{PID},"args":{{{counted}:{count}}}}}'
        )  # fmt: skip


def _rows(*columns: Any) -> Iterator[tuple[Any, ...]]:
    """The rows of columns, a block at a time."""
    for begin in range(0, len(columns[0]), BLOCK):
        yield from zip(*(column[begin : begin + BLOCK].tolist() for column in columns), strict=True)


def _tid(desk: int) -> int:
    """A thread's number, of the client (-1) and the desks."""
    return CLIENT_TID + 1 + desk
