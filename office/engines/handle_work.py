"""The task of every desk: the text's `handle_work`, as a trio task with literal channels."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from office.desks import AT_ONCE, Desk, Pace
from office.engines.fault_clock import NO_FAULTS, DeskFaults
from office.engines.floor_plan import Channels
from office.engines.own_pace import OwnPace
from office.engines.waiting import wait_outside
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

    Never returns: the office ends it by cancelling it. `team` holds, for each member, the other ends of his channels.
    """
    reads, sends = [inbox, feedback_from_above], [outbox.send, feedback_to_below.send]
    for member in team:
        reads += [member.outbox, member.feedback_to_below]
        sends += [member.inbox.send, member.feedback_from_above.send]
    tray = one_tray(reads)
    sends.append(partial(wait_outside, tray, sends))  # the last, and so number OUTSIDE
    at_once = pace == AT_ONCE and faults == NO_FAULTS
    async for mail in tray if at_once else OwnPace(tray, desk, pace, faults):
        for channel, task_id, body in mail:
            for out, about, letter in desk.read(channel, task_id, body):
                await sends[out]((about, letter))
