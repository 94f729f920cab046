"""Waiting in the office for something that is not mail: a sleep, a socket, a thread, an event of another task.

A desk that waits so keeps the baton: no other desk runs meanwhile, virtual time stands still, and the order of
everything stays what it was. But the office does not decide how long the wait is, or whether it ever ends, and the seed
does not decide what comes of it: so it is refused, unless the user allows it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Collection
from math import inf
from traceback import StackSummary
from typing import Any, Literal, TypeAlias

import trio

from office.errors import BadConditions, Deadlock, EscapedWait
from office.mail.waits import all_wait, family, where_they_wait

__all__ = ["Escapes", "checked_escapes", "escaped_wait"]

Escapes: TypeAlias = Literal["refuse", "wait"]


def checked_escapes(escapes: Escapes) -> Escapes:
    """What is to become of a wait for something that is not mail. Raises `BadConditions`."""
    if escapes not in ("refuse", "wait"):
        raise BadConditions(f'escapes is "refuse" or "wait", not {escapes!r}')
    return escapes


async def escaped_wait(awaitable: Awaitable[Any], who: str, time: str, escapes: Escapes) -> Any:
    """Await something in the task that has the baton, and return what comes of it.

    Args:
        awaitable: what to await. A checkpoint is no wait.
        who: the desk and the task, for errors.
        time: the virtual time, as text.
        escapes: whether a wait is allowed.

    Raises:
        EscapedWait: where a wait is refused: as soon as this task and all its children wait, and none of them for
            another, or a task outside wakes one of them. What they wait for is cancelled first (a thread runs to its
            end).
        Deadlock: where a wait is allowed, and every task of the program waits for another.
    """
    watch = _Refusal(who) if escapes == "refuse" else _Vigil(who, time)
    trio.lowlevel.add_instrument(watch)
    try:
        with watch.scope:
            came = await awaitable
    except Exception:
        if watch.error is not None:
            raise watch.error  # noqa: B904  the other is its context
        raise
    finally:
        trio.lowlevel.remove_instrument(watch)
    if watch.error is not None and trio.current_effective_deadline() > -inf:  # that is: unless the office is cancelled
        raise watch.error
    return came


class _Refusal(trio.abc.Instrument):
    """Ends a wait as soon as no task in the family of the current task can run, or a task outside wakes one of them.

    So a wait that is not ended has ended by the family's own steps alone, however quick other tasks would have been.
    """

    def __init__(self, who: str) -> None:
        self.who = who
        self.task = trio.lowlevel.current_task()
        self.scope = trio.CancelScope()
        self.runnable: set[trio.lowlevel.Task] = set()
        self.is_running = True
        """Whether a task of the family is running."""
        self.error: EscapedWait | None = None

    def task_scheduled(self, task: trio.lowlevel.Task) -> None:
        if self._is_family(task):
            self.runnable.add(task)
            if not self.is_running:
                self._refuse([task])

    def before_task_step(self, task: trio.lowlevel.Task) -> None:
        self.runnable.discard(task)
        self.is_running = self._is_family(task)

    def after_task_step(self, task: trio.lowlevel.Task) -> None:  # noqa: ARG002
        self.is_running = False
        if not self.runnable:
            self._refuse(family(self.task))

    def _refuse(self, waiting: Collection[trio.lowlevel.Task]) -> None:
        if self.error is not None:
            return
        stacks = where_they_wait(self.task, waiting)
        self.error = EscapedWait(
            f'{self.who} waits for something that is not mail (escapes="wait" lets virtual time wait for it)\n'
            + _text(stacks),
            places=[(stack[-1].filename, stack[-1].lineno or 0) for stack in stacks],
        )
        self.scope.cancel()

    def _is_family(self, task: trio.lowlevel.Task) -> bool:
        while task is not self.task:
            if task.parent_nursery is None:
                return False
            task = task.parent_nursery.parent_task
        return True


def _text(stacks: list[StackSummary]) -> str:
    """These lines of code, as in a traceback."""
    return "  and\n".join("".join(stack.format()) for stack in stacks).rstrip()


class _Vigil(trio.abc.Instrument):
    """Ends a wait that would never end: whenever trio has nothing to do, it looks whether any task ever will."""

    def __init__(self, who: str, time: str) -> None:
        self.who = who
        self.time = time
        self.task = trio.lowlevel.current_task()
        self.token = trio.lowlevel.current_trio_token()
        self.scope = trio.CancelScope()
        self.deadline = trio.current_effective_deadline()
        self.error: Deadlock | None = None

    def before_io_wait(self, timeout: float) -> None:  # noqa: ARG002  it says nothing of tasks that wait for idleness
        if trio.lowlevel.current_statistics().tasks_runnable or self.error is not None:
            return
        if all_wait(deadline=self.deadline):
            what = f"everybody is waiting at {self.time}\n  {self.who} waits for what no task will do"
            self.error = Deadlock(f"{what}\n{_text(where_they_wait(self.task, family(self.task)))}")
            self.token.run_sync_soon(self.scope.cancel)  # a cancel alone would not wake trio from the wait it begins
