"""The world outside, as a desk sends things there: what is to be awaited."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeAlias

import trio

from office.desks import Letter
from office.errors import as_raised, locate
from office.ids import TaskID
from office.mail import Tray

__all__ = ["Outside"]

Errand: TypeAlias = tuple[Awaitable[Any], Callable[[Any], list[Letter]]]
"""What to await, and what makes the letters of what came of it."""


class Outside:
    """Takes what a desk sends `OUTSIDE`, as a link does: awaits it, and sends the letters that come of it.

    Args:
        tray: the desk's own.
        sends: the links that the desk sends on, by the numbers of its channels.
    """

    def __init__(self, tray: Tray, sends: Mapping[int, Any]) -> None:
        self.tray = tray
        self.sends = sends

    async def send(self, value: tuple[TaskID, Errand]) -> None:
        """Await what a task needs. The desk reads nothing before that has come."""
        task_id, (awaitable, make_letters) = value
        try:
            letters = make_letters(await self.tray.outside(task_id, awaitable))
        except trio.Cancelled:
            raise
        except BaseException as error:
            locate(as_raised(error), self.tray.name, task_id)
            raise
        for out, about, body in letters:
            await self.sends[out].send((about, body))
