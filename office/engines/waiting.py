"""What a desk sends outside, which is awaited there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeAlias

from office.desks import Letter
from office.errors import locate
from office.ids import TaskID
from office.mail import Link, Tray

__all__ = ["wait_outside"]

Errand: TypeAlias = tuple[Awaitable[Any], Callable[[Any], list[Letter]]]


async def wait_outside(
    tray: Tray,
    sends: Mapping[int, Link],
    task_id: TaskID,
    errand: Errand,
) -> None:
    """Await what a desk sends `OUTSIDE`, and send the letters that it makes of what comes of it.

    Args:
        tray: the desk's own.
        sends: the links that the desk sends on, by the numbers of its channels.
        task_id: the task that all this is about.
        errand: what to await, and what makes the letters of what came of it.
    """
    awaitable, make_letters = errand
    try:
        letters = make_letters(await tray.outside(task_id, awaitable))
    except Exception as error:
        locate(error, tray.name, task_id)
        raise
    for out, about, body in letters:
        await sends[out].send((about, body))
