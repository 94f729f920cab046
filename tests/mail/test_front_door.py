"""An office from outside: four trio channels, and virtual time that runs while all tasks outside wait."""

from enum import IntEnum

import numpy as np
import pytest
import trio
from trio.testing import wait_all_tasks_blocked

from office.desks import Worker
from office.engines import open_office
from office.errors import BadTaskID, Deadlock
from office.times import nanoseconds
from tests.mail.small_mailroom import rows

STEADY = "delay 10ms"
JITTERY = "delay 20ms 5ms distribution exponential"
MS = 1_000_000


def clerk(inputs):
    return f"answer to {inputs}", lambda feedback: f"{feedback}, says alex"


def alex(**options):
    return open_office(Worker(clerk, name="alex"), **options)


class Page(IntEnum):
    ONE = 1


# Letters


@pytest.mark.parametrize("task_id", [1.0, True, False, None, np.float64(1), b"1", (1,), np.str_("1")])
async def test_a_task_id_that_is_neither_int_nor_str_is_refused_at_the_door(task_id):
    async with alex() as office:
        for channel in (office.inbox, office.feedback_from_above):
            with pytest.raises(BadTaskID) as caught:
                await channel.send((task_id, "table"))
            assert str(caught.value) == f"{channel.link.name}: a task ID is an int or a str, not {task_id!r}"
        await office.quiet()
        assert len(office.journal) == 0


@pytest.mark.parametrize("task_id", [np.int64(1), np.uint8(1), Page.ONE])
async def test_a_task_id_that_is_a_whole_number_is_kept_as_an_int(task_id):
    async with alex() as office:
        await office.inbox.send((task_id, "table"))
        number, output = await office.outbox.receive()
        assert (number, type(number)) == (1, int)
        await office.feedback_from_above.send((task_id, output))
        assert type((await office.feedback_to_below.receive())[0]) is int


@pytest.mark.parametrize("letter", ["ab", [1, "table"], (1,), (1, "table", 2), 5, None])
async def test_what_is_no_pair_is_refused_at_the_door(letter):
    async with alex() as office:
        for channel in (office.inbox, office.feedback_from_above):
            with pytest.raises(TypeError, match=r"alex\.\w+ carries pairs \(task_id, body\), not "):
                await channel.send(letter)
        await office.quiet()
        assert len(office.journal) == 0


@pytest.mark.parametrize("task_id", [0, -3, 10**30, "", "first\nsecond", "\N{SNOWMAN}"])
async def test_any_int_or_str_goes_all_the_way_round(task_id):
    async with alex() as office:
        await office.inbox.send((task_id, "table"))
        assert await office.outbox.receive() == (task_id, "answer to table")
        await office.feedback_from_above.send((task_id, "well done"))
        assert await office.feedback_to_below.receive() == (task_id, "well done, says alex")
        assert [row[1] for row in rows(office.journal)] == [task_id] * 4


async def test_a_refused_letter_leaves_the_office_in_order():
    async with alex(mail=STEADY) as office:
        await office.inbox.send((1, "table"))
        with pytest.raises(BadTaskID):
            await office.inbox.send((None, "table"))
        assert await office.outbox.receive() == (1, "answer to table")
        await office.feedback_from_above.send((1, "well done"))
    assert [row[2] // MS for row in rows(office.journal)] == [0, 10, 20, 30]


async def test_nothing_to_receive_would_block_until_it_has_come():
    async with alex(mail=STEADY, leave_pending=True) as office:
        with pytest.raises(trio.WouldBlock):
            office.outbox.receive_nowait()
        await office.inbox.send((1, "table"))
        await office.until(20 * MS - 1)
        with pytest.raises(trio.WouldBlock):
            office.outbox.receive_nowait()
        await office.sleep(1)
        assert office.outbox.receive_nowait() == (1, "answer to table")
        with pytest.raises(trio.WouldBlock):
            office.outbox.receive_nowait()


async def test_channels_are_trios_and_closing_one_closes_nothing():
    async with alex(leave_pending=True) as office:
        assert isinstance(office.inbox, trio.abc.SendChannel)
        assert isinstance(office.outbox, trio.abc.ReceiveChannel)
        async with office.inbox, office.outbox:
            pass
        await office.inbox.send((1, "table"))
        async for letter in office.outbox:
            assert letter == (1, "answer to table")
            break
        assert repr(office.inbox) == "<OfficeSendChannel alex.inbox>"
        assert repr(office.outbox) == "<OfficeReceiveChannel alex.outbox: 0 to receive>"


# Time


async def test_time_stands_still_while_no_task_waits_for_the_office(autojump_clock):
    async with alex(mail=STEADY, leave_pending=True) as office:
        await office.inbox.send((1, "table"))
        for _ in range(50):
            await trio.lowlevel.checkpoint()
        await wait_all_tasks_blocked()
        await trio.sleep(1000)
        assert (office.now, len(office.journal)) == (0, 0)
        await office.outbox.receive()
        assert office.now == 20 * MS
        await trio.sleep(1000)
        assert office.now == 20 * MS


async def test_time_stands_still_while_a_task_outside_runs():
    """One waits for the office, another has work of its own to do; the office waits for both."""
    came = []
    async with alex(mail=STEADY, leave_pending=True) as office:
        await office.inbox.send((1, "table"))

        async def receives():
            came.append(await office.outbox.receive())

        async with trio.open_nursery() as nursery:
            nursery.start_soon(receives)
            for _ in range(50):
                await trio.lowlevel.checkpoint()
                assert (office.now, len(office.journal), came) == (0, 0, [])
        assert (office.now, came) == (20 * MS, [(1, "answer to table")])


async def test_a_message_leaves_at_the_offices_own_time():
    async with alex(mail=STEADY, leave_pending=True) as office:
        for number, time in enumerate(("0ms", "3ms", "3ms", "25ms")):
            await office.until(time)
            await office.inbox.send((number, "table"))
        await office.quiet()
        assert [row[2] for row in rows(office.journal) if row[0] == "alex.inbox"] == [0, 3 * MS, 3 * MS, 25 * MS]


async def test_sleep_and_until_move_the_clock_exactly_and_never_back():
    async with alex() as office:
        for wait, time, now in (
            (office.sleep, "5ms", 5 * MS),
            (office.sleep, 1, 5 * MS + 1),
            (office.until, "7ms", 7 * MS),
            (office.until, "2ms", 7 * MS),
            (office.sleep, 0, 7 * MS),
        ):
            await wait(time)
            assert office.now == now
        for _ in range(2000):
            await office.sleep("0.1ms")
        assert office.now == nanoseconds("207ms")


async def test_several_tasks_that_sleep_wake_each_at_its_own_time_and_in_order_of_time():
    woken = []
    async with alex(mail=STEADY, leave_pending=True) as office:
        await office.inbox.send((1, "table"))

        async def sleeper(time):
            await office.until(time)
            woken.append((time, office.now))

        async with trio.open_nursery() as nursery:
            for time in (30 * MS, 5 * MS, 0, 12 * MS, 20 * MS, 7 * MS):
                nursery.start_soon(sleeper, time)
    assert woken == [(time, time) for time in (0, 5 * MS, 7 * MS, 12 * MS, 20 * MS, 30 * MS)]


async def test_all_is_quiet_when_no_mail_is_on_its_way():
    async with alex(mail=JITTERY, leave_pending=True) as office:
        await office.quiet()
        for number in range(20):
            await office.inbox.send((number, "table"))
        await office.quiet()
        came = {office.outbox.receive_nowait()[0] for _ in range(20)}
        assert came == set(range(20))
        assert (office.journal.mail.arrived >= 0).all()
        assert office.now == office.journal.mail.arrived.max()


# Several outside


TABLES = 12


async def submits(office):
    for number in range(TABLES):
        await office.inbox.send((number, "table"))
        if number % 3 == 0:
            await office.sleep("4ms")


async def listens(office, heard):
    async with heard:
        for _ in range(TABLES):
            await heard.send(await office.outbox.receive())


async def replies(office, channel):
    async for task_id, answer in channel:
        await trio.lowlevel.checkpoint()
        await office.feedback_from_above.send((task_id, f"re {answer}"))


async def collects(office):
    for _ in range(TABLES):
        await office.feedback_to_below.receive()


async def one_day(seed):
    """Four tasks outside, each with a channel of its own; the second hands on to the third what it hears."""
    async with alex(mail=JITTERY, seed=seed) as office:
        heard, channel = trio.open_memory_channel(TABLES)
        async with trio.open_nursery() as nursery:
            nursery.start_soon(submits, office)
            nursery.start_soon(listens, office, heard)
            nursery.start_soon(replies, office, channel)
            nursery.start_soon(collects, office)
    return office.journal.to_bytes()


async def test_tasks_outside_with_a_channel_each_get_the_same_journal_every_time():
    assert len({await one_day(seed=1) for _ in range(20)}) == 1
    assert await one_day(seed=2) != await one_day(seed=1)


async def test_a_task_outside_may_wait_for_another_that_waits_for_the_real_world(autojump_clock):
    """That nothing moves inside is no deadlock: a task will come after ten real seconds."""
    async with alex(mail=STEADY, leave_pending=True) as office:
        knock = trio.Event()

        async def brings():
            await knock.wait()
            await office.inbox.send((1, "table"))

        async def knocks():
            await trio.sleep(10)
            knock.set()

        async with trio.open_nursery() as nursery:
            nursery.start_soon(brings)
            nursery.start_soon(knocks)
            assert await office.outbox.receive() == (1, "answer to table")
            assert (trio.current_time(), office.now) == (10, 20 * MS)


async def test_a_wait_in_a_thread_is_no_deadlock():
    async with alex(leave_pending=True) as office:

        async def brings():
            body = await trio.to_thread.run_sync(lambda: "table")
            await office.inbox.send((1, body))

        async with trio.open_nursery() as nursery:
            nursery.start_soon(brings)
            assert await office.outbox.receive() == (1, "answer to table")


# Deadlock


async def complaint(use, **options):
    """What the deadlock says that comes of using an office so."""
    with pytest.raises(ExceptionGroup) as caught:
        await use_office(use, **options)
    (error,) = [failure for failure in caught.value.exceptions if isinstance(failure, Deadlock)]
    return str(error).split("\n  ")


async def use_office(use, **options):
    async with alex(leave_pending=True, **options) as office:
        await use(office)


async def test_a_deadlock_names_what_is_waited_for_and_when():
    async def use(office):
        await office.inbox.send((1, "table"))
        for _ in range(2):
            await office.outbox.receive()

    assert await complaint(use, mail=STEADY) == [
        "everybody is waiting at 20 ms",
        "client waits for mail on alex.outbox",
    ]


async def test_a_deadlock_names_all_tasks_that_wait_outside():
    async def use(office):
        async with trio.open_nursery() as nursery:
            nursery.start_soon(office.outbox.receive)
            nursery.start_soon(office.feedback_to_below.receive)
            nursery.start_soon(office.outbox.receive)

    waits = "client waits for mail on alex.feedback_to_below, mail on alex.outbox"
    assert await complaint(use) == ["everybody is waiting at 0 s", waits]


async def two_offices(use):
    """What the deadlock says that comes of using two offices so."""
    with pytest.raises(ExceptionGroup) as caught:
        async with open_office(Worker(clerk, "bo"), leave_pending=True) as other, alex(leave_pending=True) as office:
            await use(office, other)
    leaves, groups = [], [caught.value]
    while groups:
        for error in groups.pop().exceptions:
            (groups if isinstance(error, ExceptionGroup) else leaves).append(error)
    (error,) = leaves
    return str(error).split("\n")


async def test_a_deadlock_of_one_office_is_noticed_while_another_is_open():
    async def use(office, other):
        await other.inbox.send((1, "table"))
        await office.outbox.receive()

    assert await two_offices(use) == ["everybody is waiting at 0 s", "  client waits for mail on alex.outbox"]


async def test_a_deadlock_of_two_offices_names_what_is_waited_for_in_both():
    async def use(office, other):
        await other.inbox.send((1, "table"))
        async with trio.open_nursery() as nursery:
            nursery.start_soon(office.outbox.receive)
            for _ in range(2):
                await other.outbox.receive()

    for _ in range(10):
        waits = ["  client waits for mail on alex.outbox", "  client waits for mail on bo.outbox"]
        assert await two_offices(use) == [
            "everybody is waiting at 0 s",
            waits[0],
            "everybody is waiting at 0 s",
            waits[1],
        ]


async def test_a_task_that_waits_for_an_office_may_be_helped_by_a_task_that_waits_for_another():
    async with alex() as office, open_office(Worker(clerk, "bo"), mail=STEADY, leave_pending=True) as other:
        knock = trio.Event()

        async def brings():
            await other.inbox.send((1, "table"))
            await other.outbox.receive()
            knock.set()

        async def answers():
            await knock.wait()
            await office.inbox.send((2, "plan"))
            assert await office.outbox.receive() == (2, "answer to plan")
            await office.feedback_from_above.send((2, "more"))

        async with trio.open_nursery() as nursery:
            nursery.start_soon(brings)
            nursery.start_soon(answers)
            assert await office.feedback_to_below.receive() == (2, "more, says alex")


async def test_a_deadlock_is_noticed_when_the_last_task_that_waited_for_another_office_waits_again(autojump_clock):
    async def use(office, other):
        async with trio.open_nursery() as nursery:
            nursery.start_soon(office.outbox.receive)
            await other.inbox.send((1, "table"))
            await other.outbox.receive()
            await trio.Event().wait()

    assert await two_offices(use) == ["everybody is waiting at 0 s", "  client waits for mail on alex.outbox"]


async def test_a_deadlock_over_full_links_names_both_sides():
    """The client submits and does not listen; alex cannot send the second answer, nor take a fourth task."""

    async def use(office):
        for number in range(9):
            await office.inbox.send((number, "table"))

    assert await complaint(use, mail=STEADY, capacity=1) == [
        "everybody is waiting at 30 ms",
        "client waits to send: alex.inbox is full (1 of 1)",
        "alex   waits to send: alex.outbox is full (1 of 1)",
        "client is not reading alex.outbox",
    ]


async def test_a_sender_goes_on_at_the_time_at_which_there_is_room():
    async with alex(mail=STEADY, capacity={"alex.inbox": 2}, leave_pending=True) as office:
        sent = []
        for number in range(5):
            await office.inbox.send((number, "table"))
            sent.append(office.now // MS)
    assert sent == [0, 0, 10, 10, 20]


async def test_receiving_makes_room_at_once():
    async with alex(mail=STEADY, capacity={"alex.outbox": 1}, leave_pending=True) as office:
        for number in range(3):
            await office.inbox.send((number, "table"))
        received = []
        for number in range(3):
            assert await office.outbox.receive() == (number, "answer to table")
            received.append(office.now // MS)
    assert received == [20, 30, 40]


# Cancellation


@pytest.mark.parametrize("waits_for", ["mail", "feedback", "quiet", "time"])
async def test_a_task_that_stops_waiting_leaves_the_office_as_it_was(waits_for, autojump_clock):
    async with alex(mail=STEADY, capacity={"alex.inbox": 9}) as office:
        waits = {
            "mail": office.outbox.receive,
            "feedback": office.feedback_to_below.receive,
            "quiet": office.quiet,
            "time": lambda: office.sleep("1s"),
        }
        for checkpoints in range(8):
            async with trio.open_nursery() as nursery:
                nursery.start_soon(waits[waits_for])
                for _ in range(checkpoints):
                    await trio.lowlevel.checkpoint()
                nursery.cancel_scope.cancel()
        assert office.now == 0
        await office.inbox.send((1, "table"))
        assert await office.outbox.receive() == (1, "answer to table")
        assert office.now == 20 * MS
        await office.feedback_from_above.send((1, "well done"))
        assert await office.feedback_to_below.receive() == (1, "well done, says alex")


async def test_a_task_that_times_out_while_another_is_busy_may_come_again(autojump_clock):
    async with alex(mail=STEADY, leave_pending=True) as office, trio.open_nursery() as nursery:
        nursery.start_soon(trio.sleep, 5)
        with trio.move_on_after(1) as patience:
            await office.outbox.receive()
        assert patience.cancelled_caught
        await office.inbox.send((1, "table"))
        assert await office.outbox.receive() == (1, "answer to table")


async def test_a_task_that_gives_up_waiting_for_room_has_sent_nothing(autojump_clock):
    async with alex(mail=STEADY, capacity={"alex.inbox": 1}, leave_pending=True) as office:
        await office.inbox.send((1, "table"))
        async with trio.open_nursery() as nursery:
            nursery.start_soon(office.inbox.send, (2, "regretted"))
            await trio.lowlevel.checkpoint()
            nursery.cancel_scope.cancel()
        await office.inbox.send((3, "table"))
        await office.quiet()
        assert [row[1:3] for row in rows(office.journal) if row[0] == "alex.inbox"] == [(1, 0), (3, 10 * MS)]


async def test_a_cancelled_office_leaves_no_task_behind():
    for checkpoints in range(25):
        before = trio.lowlevel.current_statistics().tasks_living
        with trio.CancelScope() as scope:
            async with alex(mail=JITTERY) as office, trio.open_nursery() as nursery:

                async def cancels(checkpoints=checkpoints, scope=scope):
                    for _ in range(checkpoints):
                        await trio.lowlevel.checkpoint()
                    scope.cancel()

                nursery.start_soon(cancels)
                for number in range(100):
                    await office.inbox.send((number, "table"))
                    await office.outbox.receive()
        assert scope.cancelled_caught
        assert trio.lowlevel.current_statistics().tasks_living == before


async def test_a_deadlock_is_raised_when_the_last_task_that_was_busy_outside_ends(autojump_clock):
    with pytest.raises(ExceptionGroup) as caught, trio.fail_after(100):  # noqa: PT012
        async with alex() as office, trio.open_nursery() as nursery:
            nursery.start_soon(trio.sleep, 1)
            nursery.start_soon(office.outbox.receive)
    assert caught.group_contains(Deadlock)


async def test_two_tasks_that_wait_for_room_go_on_each_when_there_is_room():
    sent = []
    capacity = {"alex.inbox": 1, "alex.feedback_from_above": 1}
    async with alex(mail=STEADY, capacity=capacity, leave_pending=True) as office:

        async def tasks():
            for number in range(4):
                await office.inbox.send((number, "table"))

        async def feedback():
            await office.sleep("11ms")
            for number in range(2):
                await office.feedback_from_above.send((number, "re"))
                sent.append(office.now // MS)

        async with trio.open_nursery() as nursery:
            nursery.start_soon(tasks)
            nursery.start_soon(feedback)
    assert sent == [11, 21]  # the first is taken at 21 ms


async def test_a_deadlock_is_raised_when_a_task_that_waited_for_only_so_long_waits_for_ever(autojump_clock):
    async def use(office):
        async def waits_twice():
            with trio.move_on_after(5):
                await trio.Event().wait()
            await trio.Event().wait()

        async with trio.open_nursery() as nursery:
            nursery.start_soon(waits_twice)
            await office.outbox.receive()

    assert await complaint(use) == ["everybody is waiting at 0 s", "client waits for mail on alex.outbox"]
    assert trio.current_time() == 5


async def test_a_task_that_waits_for_the_office_for_only_so_long_is_no_deadlock(autojump_clock):
    async with alex() as office:
        with trio.move_on_after(5) as patience:
            await office.outbox.receive()
        assert patience.cancelled_caught
        assert trio.current_time() == 5


async def test_a_deadlock_is_raised_at_once_where_only_the_whole_office_has_a_deadline(autojump_clock):
    with trio.fail_after(5):
        assert len(await complaint(lambda office: office.outbox.receive())) == 2
    assert trio.current_time() == 0
