"""What trio's tasks wait for, and where in the code."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from itertools import takewhile
from math import inf
from traceback import StackSummary
from types import FrameType
from typing import TypeAlias

import trio

__all__ = ["all_wait", "family", "waits_for_another", "where_they_wait"]

Task: TypeAlias = trio.lowlevel.Task
Frames: TypeAlias = list[tuple[FrameType, int]]
"""Frames with their line numbers, outermost first."""

HANDS_OVER = "trio._core._traps"
"""The module in which every task of trio hands over to the others, whatever it waits for."""
WAITS_FOR_ANOTHER = {
    "trio._sync", "trio._channel", "trio._core._parking_lot", "trio._core._unbounded_queue",
    "trio.testing._sequencer", "trio.testing._memory_streams",
}  # fmt: skip
"""A task that waits in these modules of trio, and in no other, waits for what another task does."""
OURS = {"office.mail.tray", "office.mail.front_door"}
"""The modules in which desks wait, and tasks for an office, without any of trio's between."""
TRIO_S_OWN = "trio._core._entry_queue"
"""The module of the task that trio itself has in every run. Other system tasks are somebody's."""


def family(task: Task) -> list[Task]:
    """A task, its children, and theirs."""
    children = [child for nursery in task.child_nurseries for child in nursery.child_tasks]
    return [task, *(descendant for child in children for descendant in family(child))]


def all_wait(but: Collection[trio.Nursery | None] = (), deadline: float = inf) -> bool:
    """Whether every task of the program waits for another, and none of them for only so long.

    Args:
        but: nurseries whose tasks do not count.
        deadline: a time of trio's clock at which all of them are given up: only an earlier deadline is one of theirs.
    """
    if trio.current_time() + trio.lowlevel.current_statistics().seconds_to_next_deadline < deadline:
        return False
    root = trio.lowlevel.current_root_task()
    assert root is not None
    nurseries = list(root.child_nurseries)
    while nurseries:
        nursery = nurseries.pop()
        if nursery in but:
            continue
        for task in nursery.child_tasks:
            nurseries.extend(task.child_nurseries)
            if not waits_for_another(task):
                return False
    return True


def waits_for_another(task: Task) -> bool:
    """Whether a task waits for its children, an event, a lock, a channel: not for a time, a socket or a thread.

    What tells is where in trio it waits, by module: a user's own file may have the name of one of trio's.
    """
    modules = [module for frame, _ in _frames(task) if (module := _module(frame)) != HANDS_OVER]
    if modules[:1] == [TRIO_S_OWN]:
        return True
    trio_s = {*takewhile(lambda module: module.partition(".")[0] == "trio", reversed(modules))}
    waits = trio_s <= WAITS_FOR_ANOTHER if trio_s else {*modules[-1:]} <= OURS and bool(modules)
    return waits or _waits_for_children(task)


def where_they_wait(top: Task, tasks: Collection[Task]) -> list[StackSummary]:
    """Where tasks of one family wait: lines of code from the top down, each once, in order of their lines.

    Lines of trio and of the office are left out, and so are tasks that wait for their children. Tasks that wait inside
    an office are left out where others do not.
    """
    waiting = [task for task in tasks if not _waits_for_children(task)] or list(tasks)
    foreign = [task for task in waiting if _package(_outside_trio(task)[-1:]) != "office"]
    stacks = [StackSummary.extract(iter(_way_to(task, top))) for task in foreign or waiting]
    each = {tuple((line.filename, line.lineno) for line in stack): stack for stack in stacks}
    return [each[lines] for lines in sorted(each)]


def _way_to(task: Task, top: Task) -> Frames:
    """From the top of a family down to where a task of it waits."""
    way = [line for line in _outside_trio(task) if _package([line]) != "office"] or _frames(task)[:1]
    while task is not top:
        assert task.parent_nursery is not None
        task = task.parent_nursery.parent_task
        way = [line for line in _outside_trio(task) if _package([line]) != "office"] + way
    return way


def _waits_for_children(task: Task) -> bool:
    return any(
        frame.f_code.co_name == "_nested_child_finished" and _module(frame) == "trio._core._run"
        for frame, _ in _frames(task)
    )


def _outside_trio(task: Task) -> Frames:
    return [line for line in _frames(task) if _package([line]) != "trio"]


def _package(lines: Frames) -> str:
    """The package that the first of these lines is in."""
    return _module(lines[0][0]).partition(".")[0] if lines else ""


def _module(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__", ""))


def _frames(task: Task) -> Frames:
    lines: Frames = []
    with suppress(TypeError):  # older versions of trio raise it for an awaitable without a frame
        lines.extend(task.iter_await_frames())
    return lines
