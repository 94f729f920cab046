"""Offices that stay open as long as a test runs."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeAlias

import trio

from office.engines import OpenOffice, open_office
from office.errors import FeedbackNeverCame

__all__ = ["NewOffice", "offices_of_a_test"]

NewOffice: TypeAlias = Callable[..., Awaitable[OpenOffice]]
"""As `open_office`, but it returns the office, which stays open."""


@asynccontextmanager
async def offices_of_a_test(never_came: list[str]) -> AsyncIterator[NewOffice]:
    """A function that opens offices. At the end they are closed, one after another, the newest first.

    What they left pending goes to `never_came`, in words: it matters only if nothing else is wrong with the test.
    """
    closing: list[tuple[trio.Event, trio.Event]] = []

    async def keep_open(chart: Any, options: dict[str, Any], task_status: trio.TaskStatus[OpenOffice]) -> None:
        # In a task of its own: a nursery is closed by the task that opened it, and a test does not close its fixtures.
        close, closed = trio.Event(), trio.Event()
        try:
            async with open_office(chart, **options) as office:
                closing.append((close, closed))
                task_status.started(office)
                await close.wait()
        except FeedbackNeverCame as error:
            never_came.append(str(error))
        closed.set()

    async with trio.open_nursery() as nursery:

        async def new_office(chart: Any, **options: Any) -> OpenOffice:
            office: OpenOffice = await nursery.start(keep_open, chart, options)
            return office

        yield new_office
        while closing:  # one by one, so that their mail runs out in an order that is always the same
            close, closed = closing.pop()
            close.set()
            await closed.wait()
