"""What trio's tasks wait for, and where in the code."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from traceback import StackSummary
from types import FrameType
from typing import TypeAlias

import trio

__all__ = ["family", "nobody_acts", "waits_for_another", "where_they_wait"]

Task: TypeAlias = trio.lowlevel.Task
Frames: TypeAlias = list[tuple[FrameType, int]]
"""Frames with their line numbers, outermost first."""

WAITS_FOR_ANOTHER = {"_sync.py", "_parking_lot.py", "_channel.py", "_memory_channel.py", "tray.py"}
"""In these files, trio's and the mailroom's, a task waits for what another task does."""


def family(task: Task) -> list[Task]:
    """A task, its children, and theirs."""
    children = [child for nursery in task.child_nurseries for child in nursery.child_tasks]
    return [task, *(one for child in children for one in family(child))]


def nobody_acts(but: Collection[trio.Nursery | None] = ()) -> bool:
    """Whether no task of the program is left that may do something by itself; those in some nurseries do not count."""
    root = trio.lowlevel.current_root_task()
    assert root is not None
    tasks = list(root.child_nurseries[-1].child_tasks)  # the others are trio's own
    while tasks:
        task = tasks.pop()
        for nursery in task.child_nurseries:
            if nursery not in but:
                tasks.extend(nursery.child_tasks)
        if not waits_for_another(task):
            return False
    return True


def waits_for_another(task: Task) -> bool:
    """Whether a task waits for its children, an event, a lock, a channel: not for a time, a socket or a thread."""
    files = {frame.f_code.co_filename.rpartition("/")[2].rpartition("\\")[2] for frame, _ in _frames(task)[-4:]}
    return _waits_for_children(task) or bool(files & WAITS_FOR_ANOTHER)


def where_they_wait(top: Task, tasks: Collection[Task]) -> list[StackSummary]:
    """Where tasks of one family wait, but for those who wait for their children: lines of code from the top down.

    Each once, in order of their lines. Those of trio and of the office itself are left out, and so are tasks that wait
    inside an office, if others do not.
    """
    waiting = [one for one in tasks if not _waits_for_children(one)] or list(tasks)
    foreign = [one for one in waiting if _room(_outside_trio(one)[-1:]) != "office"]
    stacks = [StackSummary.extract(iter(_way_to(one, top))) for one in foreign or waiting]
    each = {tuple((line.filename, line.lineno) for line in stack): stack for stack in stacks}
    return [each[lines] for lines in sorted(each)]


def _way_to(task: Task, top: Task) -> Frames:
    """From the top of a family down to where one of it waits."""
    way = [line for line in _outside_trio(task) if _room([line]) != "office"] or _frames(task)[:1]
    while task is not top:
        assert task.parent_nursery is not None
        task = task.parent_nursery.parent_task
        way = [line for line in _outside_trio(task) if _room([line]) != "office"] + way
    return way


def _waits_for_children(task: Task) -> bool:
    return any(frame.f_code.co_name == "_nested_child_finished" for frame, _ in _frames(task))


def _outside_trio(task: Task) -> Frames:
    return [line for line in _frames(task) if _room([line]) != "trio"]


def _room(lines: Frames) -> str:
    """The package that the first of these lines is in."""
    return str(lines[0][0].f_globals.get("__name__", "")).partition(".")[0] if lines else ""


def _frames(task: Task) -> Frames:
    lines: Frames = []
    with suppress(TypeError):  # older versions of trio raise it where somebody awaits what has no frame
        lines.extend(task.iter_await_frames())
    return lines
