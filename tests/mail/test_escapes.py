"""A reader who has the baton and waits for something that is not mail."""

import runpy
import time
from functools import partial
from pathlib import Path

import pytest
import trio
from trio.testing import MockClock, wait_all_tasks_blocked

from office.errors import BadConditions, Deadlock, EscapedWait
from tests.mail.small_mailroom import SmallMailroom, reads_all, rows
from tests.mail.waiting import a_second_at_most, line_of

MS = 1_000_000


class Desk:
    """A mailroom of two: zoe writes to alex, who waits outside over each letter, and keeps a log."""

    def __init__(self, letters=1):
        self.site = SmallMailroom("zoe", "alex")
        self.zoe, self.alex = self.site.trays
        self.letters = letters
        self.link, _ = self.site.link("alex.inbox", self.zoe, self.alex, "delay 5ms")
        self.back, _ = self.site.link("alex.outbox", self.alex, self.zoe, "delay 5ms")
        self.came = []

    async def write(self):
        for number in range(self.letters):
            await self.link.send((number, "letter"))
        await reads_all(self.zoe, [])()

    def read(self, function):
        async def read():
            async for mail in self.alex:
                for _, task_id, _body in mail:
                    self.came.append((self.alex.now, await self.alex.outside(task_id, function())))
                    await self.back.send((task_id, "reply"))

        return read

    def run(self, function, **options):
        return self.site.run(self.write, self.read(function), **options)

    async def relaxed(self, escapes, function, *others):
        """Run where trio has no deadline of its own."""
        self.site.open(escapes=escapes)
        with a_second_at_most():
            async with trio.open_nursery() as nursery:
                for reader in (self.write, self.read(function), *others):
                    nursery.start_soon(reader)
                await self.site.quiet.wait()
                nursery.cancel_scope.cancel()


def error_of(kind, escapes, function, *others):
    """The error, bare."""
    desk = Desk()
    with pytest.RaisesGroup(kind) as caught:
        trio.run(desk.relaxed, escapes, function, *others)
    assert desk.came == []
    (error,) = caught.value.exceptions
    return error


refusal_of = partial(error_of, EscapedWait, "refuse")
deadlock_of = partial(error_of, Deadlock, "wait")


async def sleeps():
    await trio.sleep(0.1)


async def sleeps_for_ever():
    await trio.sleep_forever()


async def waits_for_nobody():
    await trio.Event().wait()


async def asks_a_thread():
    await trio.to_thread.run_sync(lambda: None)


async def listens():
    ours, theirs = trio.socket.socketpair()
    with ours, theirs:
        await ours.recv(1)


async def waits_for_idleness():
    await wait_all_tasks_blocked()


async def helps():
    await helper()


async def helper():
    await trio.sleep(0.1)


async def loses_patience_after_a_while():
    with trio.move_on_after(0.05):
        await trio.sleep_forever()


@pytest.mark.parametrize(
    ("function", "where", "text"),
    [
        (sleeps, sleeps, "trio.sleep"),
        (sleeps_for_ever, sleeps_for_ever, "sleep_forever"),
        (waits_for_nobody, waits_for_nobody, "Event"),
        (asks_a_thread, asks_a_thread, "to_thread"),
        (listens, listens, "recv"),
        (waits_for_idleness, waits_for_idleness, "blocked()"),
        (helps, helper, "trio.sleep"),
        (loses_patience_after_a_while, loses_patience_after_a_while, "sleep_forever"),
    ],
    ids=lambda each: getattr(each, "__name__", None),
)
def test_a_wait_is_refused_and_the_error_names_the_desk_the_task_and_the_line(function, where, text):
    error = refusal_of(function)
    file, number = line_of(where, text)
    assert error.places == ((file, number),)
    first, *lines = str(error).splitlines()
    assert first.startswith("alex: task 0 waits for something that is not mail")
    assert f'  File "{file}", line {number}, in {where.__name__}' in lines
    assert lines[-1].strip() == Path(file).read_text(encoding="utf-8").splitlines()[number - 1].strip()


async def has_children():
    async with trio.open_nursery() as nursery:
        nursery.start_soon(helper)
        nursery.start_soon(sleeps)
        nursery.start_soon(busy)


async def has_grandchildren():
    async with trio.open_nursery() as nursery:
        nursery.start_soon(has_children)
        await busy()


async def starts_a_child():
    async def helps(task_status):
        await helper()

    async with trio.open_nursery() as nursery:
        await nursery.start(helps)


async def busy():
    for _ in range(5):
        await trio.lowlevel.checkpoint()


@pytest.mark.parametrize(
    ("function", "where"),
    [
        (has_children, [(sleeps, "trio.sleep"), (helper, "trio.sleep")]),
        (has_grandchildren, [(sleeps, "trio.sleep"), (helper, "trio.sleep")]),
        (starts_a_child, [(helper, "trio.sleep")]),
    ],
)
def test_a_child_that_waits_is_named_by_its_own_line(function, where):
    error = refusal_of(function)
    assert sorted(error.places) == sorted(line_of(*each) for each in where)


async def returns_at_once():
    pass


async def passes_the_time_with_itself():
    """Children who talk to each other: one of them can always run."""
    send, receive = trio.open_memory_channel(0)
    heard = trio.Event()

    async def talk():
        async with send:
            for word in range(3):
                await send.send(word)
        await heard.wait()

    async with trio.open_nursery() as nursery:
        nursery.start_soon(talk)
        assert [word async for word in receive] == [0, 1, 2]
        heard.set()


async def does_not_wait_for_what_is_there():
    event, lock = trio.Event(), trio.Lock()
    event.set()
    await event.wait()
    async with lock:
        await trio.lowlevel.checkpoint()


@pytest.mark.parametrize(
    "function", [returns_at_once, busy, passes_the_time_with_itself, does_not_wait_for_what_is_there]
)
@pytest.mark.parametrize("lookahead", [False, True])
def test_what_can_go_on_by_itself_does_not_wait(function, lookahead):
    desk = Desk(letters=3)
    desk.run(function, lookahead=lookahead)
    assert desk.came == [(5 * MS, None)] * 3


def test_a_wait_for_a_task_that_is_no_child_is_refused_however_soon_it_acts():
    async def has_a_bell_rung():
        rung = trio.Event()

        async def ring():
            rung.set()

        trio.lowlevel.spawn_system_task(ring)
        await rung.wait()

    assert refusal_of(has_a_bell_rung).places == (line_of(has_a_bell_rung, "rung.wait"),)


def test_the_error_is_the_same_in_every_run():
    assert len({str(refusal_of(has_children)) for _ in range(20)}) == 1


def test_a_thread_is_refused_however_quick_it_is():
    for _ in range(50):
        assert refusal_of(asks_a_thread).places == (line_of(asks_a_thread, "to_thread"),)


def test_a_thread_that_is_back_before_others_of_the_family_are_done_is_refused_too():
    async def is_busy_meanwhile():
        back = trio.Event()

        async def asks():
            await asks_a_thread()
            back.set()

        async with trio.open_nursery() as nursery:
            nursery.start_soon(asks)
            while not back.is_set():
                await trio.lowlevel.checkpoint()

    assert refusal_of(is_busy_meanwhile).places == (line_of(asks_a_thread, "to_thread"),)


def test_a_child_that_its_own_family_calls_off_did_not_wait():
    async def thinks_better_of_it():
        async with trio.open_nursery() as nursery:
            nursery.start_soon(trio.sleep_forever)
            await busy()
            nursery.cancel_scope.cancel()

    desk = Desk()
    desk.run(thinks_better_of_it)
    assert desk.came == [(5 * MS, None)]


# What becomes of what was awaited


def test_what_was_awaited_is_cancelled_and_cleans_up_first():
    done = []

    async def cleans_up():
        try:
            await trio.sleep_forever()
        finally:
            with trio.CancelScope(shield=True):
                await trio.sleep(0.001)
                done.append("cleaned up")

    refusal_of(cleans_up)
    assert done == ["cleaned up"]


def test_what_fails_as_it_is_cancelled_is_the_context_of_the_error():
    async def fails():
        try:
            await trio.sleep_forever()
        finally:
            raise ZeroDivisionError

    assert isinstance(refusal_of(fails).__context__, ZeroDivisionError)


def test_code_that_does_not_care_that_it_is_cancelled_is_refused_all_the_same():
    async def stubborn():
        try:
            await trio.sleep_forever()
        except trio.Cancelled:
            return "all is well"

    refusal_of(stubborn)


def test_what_goes_wrong_without_a_wait_comes_out_as_it_is():
    async def fails():
        await busy()
        raise ZeroDivisionError

    with pytest.RaisesGroup(ZeroDivisionError):
        Desk().run(fails)


# Waits that are allowed


@pytest.mark.parametrize("lookahead", [False, True])
def test_where_it_is_allowed_virtual_time_stands_still_meanwhile(lookahead):
    times = []

    async def sleeps_and_looks():
        await trio.sleep(0.125)
        times.append(trio.current_time())
        return "awake"

    desk = Desk(letters=3)
    journal = desk.run(sleeps_and_looks, escapes="wait", lookahead=lookahead)
    assert times == [0.125, 0.25, 0.375]
    assert desk.came == [(5 * MS, "awake")] * 3
    assert [arrived for *_, arrived in rows(journal)] == [5 * MS] * 3 + [10 * MS] * 3


@pytest.mark.parametrize("function", [sleeps, asks_a_thread, has_children, loses_patience_after_a_while])
def test_whatever_ends_by_itself_may_be_waited_for(function):
    desk = Desk()
    trio.run(desk.relaxed, "wait", function, clock=MockClock(autojump_threshold=0))
    assert desk.came == [(5 * MS, None)]


@pytest.mark.parametrize("escapes", ["allow", None, True, ""])
def test_there_are_two_things_that_can_become_of_a_wait(escapes):
    with pytest.raises(BadConditions, match='escapes is "refuse" or "wait", not'):
        Desk().site.open(escapes=escapes)


# Waits without end


def test_a_wait_for_a_task_that_waits_too_is_a_deadlock():
    error = deadlock_of(waits_for_nobody)
    file, number = line_of(waits_for_nobody, "Event")
    first, second, *lines = str(error).splitlines()
    assert (first, second) == ("everybody is waiting at 5 ms", "  alex: task 0 waits for what no task will do")
    assert lines[-2] == f'  File "{file}", line {number}, in waits_for_nobody'


def test_a_wait_of_children_for_one_another_is_a_deadlock():
    async def embrace():
        async with trio.open_nursery() as nursery:
            for _ in range(2):
                nursery.start_soon(waits_for_nobody)

    assert "in waits_for_nobody" in str(deadlock_of(embrace))


def test_a_wait_for_a_task_that_is_busy_elsewhere_is_no_deadlock():
    rung = trio.Event()

    async def rings():
        await trio.to_thread.run_sync(time.sleep, 0.002)
        rung.set()

    async def waits_for_the_bell():
        await rung.wait()

    desk = Desk()
    trio.run(desk.relaxed, "wait", waits_for_the_bell, rings)
    assert desk.came == [(5 * MS, None)]


def asks_a_thread_in(path):
    """A function of a user's own file, which asks a thread."""
    path.write_text("import time, trio\nasync def asks():\n    await trio.to_thread.run_sync(time.sleep, 0.002)\n")
    return runpy.run_path(str(path), run_name=path.stem)["asks"]


@pytest.mark.parametrize("name", ["tray.py", "_sync.py", "_channel.py", "service.py"])
def test_a_thread_may_be_waited_for_in_a_file_of_any_name(name, tmp_path):
    desk = Desk()
    trio.run(desk.relaxed, "wait", asks_a_thread_in(tmp_path / name))
    assert desk.came == [(5 * MS, None)]


def test_a_thread_that_is_waited_for_by_nothing_but_the_office_is_no_deadlock():
    desk = Desk()
    trio.run(desk.relaxed, "wait", partial(trio.to_thread.run_sync, time.sleep, 0.002))
    assert desk.came == [(5 * MS, None)]


def test_a_wait_that_a_deadline_will_end_is_no_deadlock():
    async def loses_patience():
        with trio.move_on_after(0.002):
            await trio.Event().wait()

    desk = Desk()
    trio.run(desk.relaxed, "wait", loses_patience)
    assert desk.came == [(5 * MS, None)]
