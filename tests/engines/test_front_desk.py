"""A whole office as four literal trio channels, with its virtual time, for code around it that is in trio."""

import time

import pytest
import trio

from office import Chain, Team, Worker, in_turn, open_office
from office.errors import BadTime
from office.times import LAST

MS = 1_000_000


def echo(inputs):
    return inputs, lambda feedback: feedback


def named(name):
    """A worker that signs what it says."""
    return Worker(lambda inputs: (f"{name}: {inputs}", lambda feedback: (name, feedback)), name)


async def test_feedback_finds_the_worker_that_did_the_task_whatever_its_order():
    chart = Team([named("alex"), named("bo")], "estimates", allocate=in_turn)
    async with open_office(chart) as office:
        for task_id in range(3):
            await office.inbox.send((task_id, "plan"))
        results = dict([await office.outbox.receive() for _ in range(3)])
        assert results == {0: "alex: plan", 1: "bo: plan", 2: "alex: plan"}
        for task_id, name in ((2, "alex"), (0, "alex"), (1, "bo")):  # newest first
            await office.feedback_from_above.send((task_id, f"re {task_id}"))
            assert await office.feedback_to_below.receive() == (task_id, (name, f"re {task_id}"))


async def test_feedback_from_above_and_to_below_are_different_channels():
    async with open_office(Chain([named("low"), named("top")])) as office:
        await office.inbox.send((1, "plan"))
        assert await office.outbox.receive() == (1, "top: low: plan")
        await office.feedback_from_above.send((1, "more"))
        assert await office.feedback_to_below.receive() == (1, ("low", ("top", "more")))


async def test_the_four_channels_are_trio_s_own_kinds():
    async with open_office(named("alex")) as office:
        assert isinstance(office.inbox, trio.abc.SendChannel)
        assert isinstance(office.feedback_from_above, trio.abc.SendChannel)
        assert isinstance(office.outbox, trio.abc.ReceiveChannel)
        assert isinstance(office.feedback_to_below, trio.abc.ReceiveChannel)
        for channel in office.inbox, office.outbox:
            await channel.aclose()
            assert "alex." in repr(channel)


async def test_time_runs_only_while_a_task_waits_for_the_office():
    async with open_office(named("alex"), mail="delay 20ms") as office:
        await office.inbox.send((1, "plan"))
        await trio.sleep(0.001)
        assert office.now == 0
        await office.outbox.receive()
        assert office.now == 40 * MS
        await office.feedback_from_above.send((1, "more"))
        await office.feedback_to_below.receive()
        assert office.now == 80 * MS


async def test_virtual_hours_take_no_time():
    began = time.perf_counter()
    async with open_office(named("alex"), mail="delay 3600s") as office:
        await office.until("36000s")
        assert office.now == 36_000_000 * MS
    assert time.perf_counter() - began < 1


async def test_an_office_can_be_waited_for_until_a_time_which_may_be_past():
    async with open_office(named("alex"), mail="delay 20ms", leave_pending=True) as office:
        await office.inbox.send((1, "plan"))
        await office.until("15ms")
        assert office.now == 15 * MS
        await office.sleep("10ms")
        assert office.now == 25 * MS
        assert office.pending == {1: ["alex"]}
        await office.until("3ms")
        assert office.now == 25 * MS
        await office.sleep(0)
        with pytest.raises(trio.WouldBlock):
            office.outbox.receive_nowait()
        await office.until("45ms")
        assert office.outbox.receive_nowait() == (1, "alex: plan")
        with pytest.raises(BadTime):
            await office.sleep(0.5)


async def test_alarms_ring_in_order_of_their_times_and_leave_the_mail_alone():
    async with open_office(named("alex"), mail="delay 20ms", leave_pending=True) as office:
        rung = []

        async def ring(at):
            await office.until(at)
            rung.append((at, office.now))

        await office.inbox.send((1, "plan"))
        async with trio.open_nursery() as nursery:
            for at in ("30ms", "10ms", "50ms"):
                nursery.start_soon(ring, at)
            assert await office.outbox.receive() == (1, "alex: plan")
            assert office.now == 40 * MS
        assert rung == [("10ms", 10 * MS), ("30ms", 30 * MS), ("50ms", 50 * MS)]


async def test_when_all_is_quiet_what_has_not_come_will_not():
    async with open_office(named("alex"), mail="delay 20ms") as office:
        await office.quiet()
        await office.inbox.send((1, "plan"))
        await office.quiet()
        assert office.now == 40 * MS
        assert office.outbox.receive_nowait() == (1, "alex: plan")
        with pytest.raises(trio.WouldBlock):
            office.outbox.receive_nowait()
        with pytest.raises(trio.WouldBlock):
            office.feedback_to_below.receive_nowait()
        await office.feedback_from_above.send((1, "more"))


async def test_leaving_lets_the_mail_run_out():
    async with open_office(named("alex"), mail="delay 20ms") as office:
        await office.inbox.send((1, "plan"))
        await office.outbox.receive()
        await office.feedback_from_above.send((1, "more"))
    assert office.now == 80 * MS
    assert office.pending == {}
    assert (office.journal.mail.arrived >= 0).all()


async def test_what_came_to_one_channel_is_not_lost_to_a_task_that_reads_another_first():
    async with open_office(named("alex")) as office:
        for task_id in "ab":
            await office.inbox.send((task_id, task_id))
        await office.quiet()
        await office.feedback_from_above.send(("a", "more"))
        assert await office.feedback_to_below.receive() == ("a", ("alex", "more"))
        assert [await office.outbox.receive() for _ in "ab"] == [("a", "alex: a"), ("b", "alex: b")]
        await office.feedback_from_above.send(("b", "more"))


async def test_a_full_link_holds_its_sender_up_until_there_is_room():
    async with open_office(Worker(echo, "alex"), capacity={"alex.outbox": 1, "alex.inbox": 2}) as office:
        came = []

        async def read():
            await office.until("1ms")
            came.extend([await office.outbox.receive() for _ in range(6)])

        async with trio.open_nursery() as nursery:
            nursery.start_soon(read)
            for task_id in range(6):
                await office.inbox.send((task_id, "plan"))
            assert office.now == MS
        assert [task_id for task_id, _ in came] == list(range(6))
        for task_id in range(6):
            await office.feedback_from_above.send((task_id, "more"))
            await office.feedback_to_below.receive()


async def test_several_tasks_may_use_an_office_and_the_journal_is_the_same_in_every_run():
    async def run():
        chart = Team([named("alex"), named("bo")], "estimates", allocate=in_turn)
        async with open_office(chart, mail="delay 10ms 9ms", seed=3) as office, trio.open_nursery() as nursery:

            async def submit():
                for task_id in range(8):
                    await office.inbox.send((task_id, "plan"))
                    await office.sleep("3ms")

            async def reply():
                for _ in range(8):
                    task_id, _ = await office.outbox.receive()
                    await office.feedback_from_above.send((task_id, "more"))

            async def listen():
                for _ in range(8):
                    await office.feedback_to_below.receive()

            for people in submit, reply, listen:
                nursery.start_soon(people)
        return office.journal.to_bytes()

    assert len({await run() for _ in range(20)}) == 1


async def test_an_error_in_the_block_comes_out_in_a_group_and_closes_the_office():
    with pytest.RaisesGroup(ZeroDivisionError):
        async with open_office(named("alex")) as office:
            await office.inbox.send((1, "plan"))
            raise ZeroDivisionError


async def test_an_office_may_be_a_bare_estimator():
    async with open_office(echo, leave_pending=True) as office:
        await office.inbox.send((1, "plan"))
        assert await office.outbox.receive() == (1, "plan")
    assert office.pending == {1: ["echo"]}


async def test_a_sibling_that_will_send_is_no_deadlock(autojump_clock):
    async def people_above(task_status):
        async with open_office(Worker(echo, "alex"), leave_pending=True) as office:
            task_status.started(office)
            assert await office.outbox.receive() == (1, 1)

    async with trio.open_nursery() as nursery:
        office = await nursery.start(people_above)
        await trio.sleep(0.02)
        await office.inbox.send((1, 1))


# The end of an instant


def chain_of(*paces):
    return Chain([Worker(echo, f"desk-{place}", **pace) for place, pace in enumerate(paces)])


@pytest.mark.parametrize(
    "mail", ["", "delay 10ms", "delay 10ms duplicate 100%", "delay 10ms slot 10ms", "delay 10ms rate 1gbit"]
)
@pytest.mark.parametrize("pace", [{}, {"prefers": "feedback first"}, {"answer_time": 0, "max_pending": 9}])
@pytest.mark.parametrize("order", [None, "0"])
async def test_until_returns_after_everything_that_happens_at_that_instant(mail, pace, order):
    options = {"mail": mail} if order is None else {"order": order}
    async with open_office(chain_of(pace, {}, pace), leave_pending=True, **options) as office:
        await office.inbox.send((1, "table"))
        await office.quiet()
        came = office.now
    for wait in ("until", "sleep"):
        async with open_office(chain_of(pace, {}, pace), leave_pending=True, **options) as office:
            await office.inbox.send((1, "table"))
            await getattr(office, wait)(came)
            assert office.now == came
            assert office.outbox.receive_nowait() == (1, "table")
            await office.until(came)
            if came:
                await office.until(came - 1)
            assert office.now == came


async def test_until_now_lets_the_instant_come_to_its_end():
    async with open_office(chain_of({}, {}), leave_pending=True) as office:
        for number in range(3):
            await office.inbox.send((number, "table"))
            await office.until(0)
            assert office.outbox.receive_nowait() == (number, "table")
            assert office.now == 0


async def test_a_nanosecond_before_an_arrival_nothing_has_come():
    async with open_office(chain_of({}), mail="delay 10ms", leave_pending=True) as office:
        await office.inbox.send((1, "table"))
        await office.until(20_000_000 - 1)
        with pytest.raises(trio.WouldBlock):
            office.outbox.receive_nowait()
        await office.sleep(1)
        assert office.outbox.receive_nowait() == (1, "table")


# The end of time


async def test_no_office_lasts_longer_than_time_goes():
    async with open_office(echo) as office:
        for _ in range(7):
            await office.sleep(2**60)
        with pytest.raises(
            BadTime, match=f"client: would wake at {2**63} ns, and no office lasts longer than {LAST} ns"
        ):
            await office.sleep(2**60)
        await office.sleep(2**60 - 2)
        assert office.now == LAST
        with pytest.raises(BadTime):
            await office.sleep(1)


async def test_mail_that_would_arrive_after_the_end_of_time_names_its_link_and_task():
    async def waits():
        async with open_office(Worker(echo, "alex"), mail=f"delay {2**60}ns", leave_pending=True) as office:
            for _ in range(7):
                await office.sleep(2**60)
            await office.inbox.send(("pear", "table"))
            await office.outbox.receive()

    with pytest.RaisesGroup(BadTime, flatten_subgroups=True) as caught:
        await waits()
    sent = f"alex.inbox: what is sent about task 'pear' at {7 * 2**60} ns would arrive at {2**63} ns"
    assert str(caught.value.exceptions[0]) == f"{sent}, and no office lasts longer than {LAST} ns (292 years)"
