"""What a desk sends outside: somebody has to wait for what comes of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeAlias

from office.desks import Letter
from office.errors import located
from office.ids import TaskID
from office.mail import Tray

__all__ = ["Sends", "wait_outside"]

Sends: TypeAlias = Sequence[Callable[[tuple[TaskID, Any]], Awaitable[None]]]
"""By the numbers of a desk's channels, how to send on each."""

Outward: TypeAlias = tuple[TaskID, tuple[Awaitable[Any], Callable[[Any], list[Letter]]]]


async def wait_outside(tray: Tray, sends: Sends, letter: Outward) -> None:
    """Await what a desk sends `OUTSIDE`, and send the letters that it makes of what comes of it."""
    task_id, (awaitable, then) = letter
    try:
        letters = then(await tray.outside(task_id, awaitable))
    except Exception as error:  # noqa: BLE001
        raise located(error, tray.name, task_id)  # noqa: B904  it is the same error
    for out, about, body in letters:
        await sends[out]((about, body))
