"""The task of every desk: the text's `handle_work`, as a trio task with literal channels."""

from __future__ import annotations

from collections.abc import Sequence

from office.desks import AT_ONCE, OUTSIDE, Desk, Pace
from office.engines.fault_clock import NO_FAULTS, DeskFaults
from office.engines.floor_plan import Channels, by_number
from office.engines.own_pace import OwnPace
from office.engines.waiting import Outside
from office.mail import Incoming, Link, one_tray

__all__ = ["handle_work"]


async def handle_work(
    desk: Desk,
    inbox: Incoming,
    outbox: Link,
    feedback_from_above: Incoming,
    feedback_to_below: Link,
    team: Sequence[Channels] = (),
    pace: Pace = AT_ONCE,
    faults: DeskFaults = NO_FAULTS,
) -> None:
    """Sit at a desk: read what comes, in order of arrival or as the desk prefers, and send what the desk says.

    Never returns: the office ends it by cancelling it.

    Args:
        desk: decides what to send.
        inbox: brings tasks.
        outbox: takes results.
        feedback_from_above: brings the feedback on results.
        feedback_to_below: takes the feedback on the tasks' inputs.
        team: for each member of a manager's team, the other ends of its four channels.
        pace: how long the desk takes over things, and what it takes first.
        faults: what befalls the desk.
    """
    reads, sends = by_number(Channels(inbox, outbox, feedback_from_above, feedback_to_below), team)
    tray = one_tray(reads)
    sends[OUTSIDE] = Outside(tray, sends)
    at_once = pace == AT_ONCE and faults == NO_FAULTS
    async for mail in tray if at_once else OwnPace(tray, desk, pace, faults):
        for channel, task_id, body in mail:
            for out, about, answer in desk.read(channel, task_id, body):
                await sends[out].send((about, answer))
