"""Closed is closed: an office that has ended keeps nobody waiting."""

import pytest
import trio

from office.desks import Worker
from office.engines import open_office
from tests.mail.small_mailroom import rows

MS = 1_000_000


def clerk(inputs):
    return inputs, lambda feedback: feedback


def fails(inputs):
    raise ArithmeticError(inputs)


def alex(estimator=clerk, **options):
    return open_office(Worker(estimator, name="alex"), leave_pending=True, **options)


USES = {
    "send": lambda office: office.inbox.send((1, "table")),
    "reply": lambda office: office.feedback_from_above.send((1, "well done")),
    "receive": lambda office: office.outbox.receive(),
    "listen": lambda office: office.feedback_to_below.receive(),
    "sleep": lambda office: office.sleep("1ms"),
    "until": lambda office: office.until("1s"),
    "until a time that is past": lambda office: office.until(0),
    "quiet": lambda office: office.quiet(),
}
each_use = pytest.mark.parametrize("use", USES.values(), ids=USES)
each_capacity = pytest.mark.parametrize("capacity", [None, 1])


@each_use
@each_capacity
async def test_an_office_that_has_ended_is_closed(use, capacity):
    async with alex(mail="delay 10ms", capacity=capacity) as office:
        await office.inbox.send((0, "table"))
        await office.outbox.receive()
    entries = rows(office.journal)
    for _ in range(3):
        with trio.fail_after(1), pytest.raises(trio.ClosedResourceError):
            await use(office)
    assert rows(office.journal) == entries
    assert office.now == 20 * MS


async def test_what_has_come_can_be_received_no_more_without_waiting_either():
    async with alex() as office:
        await office.inbox.send((0, "table"))
        await office.quiet()
    with pytest.raises(trio.ClosedResourceError):
        office.outbox.receive_nowait()


@each_use
@each_capacity
async def test_so_is_one_that_a_desk_has_left_by_an_error_for_what_its_block_still_does(use, capacity):
    closed = []
    with pytest.RaisesGroup(ArithmeticError, flatten_subgroups=True):
        async with alex(fails, capacity=capacity) as office:
            try:
                await office.inbox.send((0, "table"))
                await office.outbox.receive()
            finally:
                with trio.CancelScope(shield=True), trio.fail_after(1):
                    try:
                        await use(office)
                    except trio.ClosedResourceError:
                        closed.append(office)
    assert closed == [office]


async def test_who_waits_for_an_office_from_outside_its_block_hears_that_it_has_ended():
    closed = []

    async def waits(wait, task_status):
        task_status.started()
        with trio.fail_after(1):
            try:
                await wait()
            except trio.ClosedResourceError:
                closed.append(wait)

    async with trio.open_nursery() as nursery, alex() as office:
        for wait in (office.outbox.receive, office.feedback_to_below.receive):
            await nursery.start(waits, wait)
        await office.inbox.send((0, "table"))
    assert len(closed) == 1  # the other has had its result


async def test_a_cancelled_office_is_closed():
    with trio.CancelScope() as scope:
        async with alex() as office:
            scope.cancel()
    with trio.fail_after(1), pytest.raises(trio.ClosedResourceError):
        await office.outbox.receive()
