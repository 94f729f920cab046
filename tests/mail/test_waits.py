"""What tasks of trio wait for, and where."""

import importlib
import signal
import socket
import sys
import threading
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


async def all_seem_to_wait(*but, **options):
    """What `all_wait` says while this task, too, waits for an event, and the task that asks does not count."""
    done, seen = trio.Event(), []

    async def look():
        seen.append(all_wait([*but, trio.lowlevel.current_task().parent_nursery], **options))
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
                assert not await all_seem_to_wait()
                is_left_out = await all_seem_to_wait(task.parent_nursery)
                assert is_left_out == (function is not naps)  # its deadline is the program's
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
                assert await all_seem_to_wait()


async def waits_a_while():
    with trio.move_on_after(100):
        await trio.Event().wait()


async def waits_for_a_signal():
    with trio.open_signal_receiver(signal.SIGUSR2) as signals:
        async for _ in signals:
            pass


async def test_a_task_that_waits_for_an_event_for_only_so_long_goes_on_by_itself_unless_all_are_given_up_then():
    async with waiting(waits_a_while):
        assert not await all_seem_to_wait()
        assert not await all_seem_to_wait(deadline=trio.current_time() + 101)
        assert await all_seem_to_wait(deadline=trio.current_time() + 99)


async def test_a_task_that_waits_for_a_signal_waits_for_no_other():
    async with waiting(waits_for_a_signal) as task:
        assert not waits_for_another(task)


@pytest.mark.parametrize(("function", "all_do"), [(trio.Event().wait, True), (trio.sleep_forever, False)])
async def test_a_system_task_of_somebody_s_counts(function, all_do):
    trio.lowlevel.spawn_system_task(function)
    await wait_all_tasks_blocked()
    done, seen = trio.Event(), []

    class Looks(trio.abc.Instrument):
        def before_io_wait(self, _timeout):
            if not seen and not trio.lowlevel.current_statistics().tasks_runnable:
                seen.append(all_wait())
                trio.lowlevel.current_trio_token().run_sync_soon(done.set)

    looks = Looks()
    trio.lowlevel.add_instrument(looks)
    await done.wait()
    trio.lowlevel.remove_instrument(looks)
    assert seen == [all_do]


# A user's own modules


THREAD = """
import threading, trio

async def waits(release):
    await trio.to_thread.run_sync(release.wait)

async def receive(release): await waits(release)
async def park(release): await waits(release)
async def _nested_child_finished(release): await waits(release)
"""


@pytest.mark.parametrize("function", ["waits", "receive", "park", "_nested_child_finished"])
@pytest.mark.parametrize(
    "module",
    ["tray", "_sync", "_channel", "_parking_lot", "mail.tray", "my.trio._sync", "my._core._parking_lot", "_run"],
)
async def test_a_user_s_module_may_have_the_name_of_one_of_trio_s_or_of_ours(module, function, tmp_path, monkeypatch):
    *packages, _ = parts = module.split(".")
    path = tmp_path.joinpath(*parts).with_suffix(".py")
    path.parent.mkdir(parents=True, exist_ok=True)
    for depth in range(len(packages)):
        tmp_path.joinpath(*packages[: depth + 1], "__init__.py").touch()
    path.write_text(THREAD)
    monkeypatch.syspath_prepend(tmp_path)
    for name in (".".join(parts[:length]) for length in range(1, len(parts) + 1)):
        monkeypatch.delitem(sys.modules, name, raising=False)
    user_s = importlib.import_module(module)
    release = threading.Event()
    async with waiting(getattr(user_s, function), release) as task:
        try:
            assert not waits_for_another(task)
            assert not await all_seem_to_wait()
        finally:
            release.set()


class WithoutFrames:
    """A coroutine as an extension in C makes it: it can be resumed, and shows no frame."""

    def __init__(self, coroutine):
        self.coroutine = coroutine

    def __await__(self):
        return self

    def __iter__(self):
        return self

    def __next__(self):
        return self.coroutine.send(None)

    def send(self, value):
        return self.coroutine.send(value)

    def throw(self, *error):
        return self.coroutine.throw(*error)


async def test_a_coroutine_that_shows_no_frame_may_wait_for_anything():
    async def awaits():
        await WithoutFrames(trio.Event().wait())

    async with waiting(awaits) as task:
        assert not waits_for_another(task)


async def test_a_generator_that_waits_for_an_event_waits_for_another():
    @types.coroutine
    def old():
        yield from trio.Event().wait()

    async def awaits():
        await old()

    async with waiting(awaits) as task:
        assert waits_for_another(task)
