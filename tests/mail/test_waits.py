"""What tasks of trio wait for, and where."""

import socket
import types
from contextlib import asynccontextmanager

import pytest
import trio
from trio.testing import wait_all_tasks_blocked

from office.mail.waits import all_wait, family, waits_for_another, where_they_wait
from tests.mail.waiting import line_of


@asynccontextmanager
async def waiting(function, *args):
    """The task in which a function waits, for ever if need be."""

    async def wait(task_status):
        task_status.started(trio.lowlevel.current_task())
        await function(*args)

    async with trio.open_nursery() as nursery:
        task = await nursery.start(wait)
        await wait_all_tasks_blocked()
        yield task
        nursery.cancel_scope.cancel()


async def seen_from_without(function, *args):
    """What a function returns while this task, too, waits for an event; system tasks do not count."""
    done, seen = trio.Event(), []

    async def look():
        seen.append(function(*args))
        done.set()

    trio.lowlevel.spawn_system_task(look)
    await done.wait()
    return seen[0]


def stacks(task):
    """Where a family waits, without what stands in this helper of ours."""
    return [[(line.filename, line.lineno) for line in stack[1:]] for stack in where_they_wait(task, family(task))]


async def naps():
    await trio.sleep(100)


async def looks_after_two():
    async with trio.open_nursery() as nursery:
        nursery.start_soon(naps)
        nursery.start_soon(trio.sleep_forever)


async def looks_after_two_and_waits():
    async with trio.open_nursery() as nursery:
        nursery.start_soon(naps)
        nursery.start_soon(naps)
        await trio.sleep_forever()


async def counts():
    yield 1
    await trio.sleep_forever()


async def goes_through_a_generator():
    async for _ in counts():
        pass


class Roundabout:
    """Something to await that is no coroutine."""

    def __await__(self):
        return naps().__await__()


async def awaits_what_has_no_frame():
    await Roundabout()


@types.coroutine
def old_fashioned():
    yield from naps().__await__()


async def awaits_a_generator():
    await old_fashioned()


@pytest.mark.parametrize(
    ("function", "where", "text"),
    [
        (naps, naps, "sleep(100)"),
        (goes_through_a_generator, counts, "sleep_forever"),
        (awaits_what_has_no_frame, awaits_what_has_no_frame, "Roundabout"),
        (awaits_a_generator, old_fashioned, "yield"),
    ],
)
async def test_a_task_waits_at_the_last_line_of_code_that_is_not_trio_s(function, where, text):
    async with waiting(function) as task:
        ((*_, last),) = stacks(task)
        assert last == line_of(where, text)


async def test_the_lines_lead_from_the_top_of_a_family_down_to_each_child_that_waits():
    parent = line_of(looks_after_two, "async with")
    async with waiting(looks_after_two) as task:
        ours, trio_s = sorted(stacks(task), key=lambda lines: lines[-1] != line_of(naps, "sleep(100)"))
        assert ours == [parent, line_of(naps, "sleep(100)")]
        assert trio_s[0] == parent
        assert trio_s[1][0] == trio.sleep_forever.__code__.co_filename


async def test_a_parent_that_waits_too_is_named_with_its_children_and_each_place_once():
    async with waiting(looks_after_two_and_waits) as task:
        assert len(list(family(task))) == 3
        own = line_of(looks_after_two_and_waits, "sleep_forever")
        assert stacks(task) == [[own], [own, line_of(naps, "sleep(100)")]]


async def test_a_task_that_waits_for_a_time_a_socket_or_a_thread_may_act_by_itself():
    ours, theirs = trio.socket.socketpair()
    release, blocking = socket.socketpair()
    with ours, theirs, release, blocking:
        for function, *args in ((naps,), (ours.recv, 1), (trio.to_thread.run_sync, blocking.recv, 1)):
            async with waiting(function, *args) as task:
                assert not waits_for_another(task)
                assert not await seen_from_without(all_wait)
                assert await seen_from_without(all_wait, [task.parent_nursery])
                if function is trio.to_thread.run_sync:
                    release.send(b"!")


async def test_a_task_that_waits_for_an_event_a_lock_a_channel_or_a_child_waits_for_another():
    lock = trio.Lock()
    await lock.acquire()
    send, receive = trio.open_memory_channel(0)

    async def waits_for_a_child():
        async with trio.open_nursery() as nursery:
            nursery.start_soon(trio.Event().wait)

    with send, receive:
        for function in (trio.Event().wait, lock.acquire, receive.receive, waits_for_a_child):
            async with waiting(function) as task:
                assert waits_for_another(task)
                assert await seen_from_without(all_wait)
