"""Networks: what actors of one's own send each other comes, late and out of order, in virtual time."""

import math
import subprocess
import sys
import tempfile
from collections import Counter
from functools import partial

import numpy as np
import pytest
import trio
from hypothesis import given, settings
from hypothesis import strategies as st

from office import Journal, Partition, network_clock, open_network
from office.errors import BadChart, BadConditions, BadFault, BadOrder, BadTaskID
from office.study import check
from office.testing import raises_deadlock
from tests.tiers import examples

CONDITIONS = ["", "delay 5ms", "delay 20ms 10ms", "delay 9ms 9ms distribution exponential", "delay 5ms loss 20%"]
CONDITIONS += ["delay 5ms 2ms duplicate 30%", "delay 1ms loss 10% duplicate 10% corrupt 10%", "rate 1kbit"]


def run(main, *arguments, **options):
    return trio.run(partial(main, *arguments, **options), clock=network_clock())


async def rumours(spread, heard=None, *, until="1s", **options):
    """Actors pass on what they hear: each row of `spread` says to whom, and after how many ms. All that they heard."""
    heard = {} if heard is None else heard
    async with open_network(**options) as network, trio.open_nursery() as nursery:
        mailboxes = [network.mailbox(f"actor{number}") for number in range(len(spread))]

        async def actor(mailbox, others):
            heard[mailbox.name] = []
            async for sender, hops in mailbox:
                heard[mailbox.name].append((network.now, sender, hops))
                for other, pause in others if hops else ():
                    await trio.sleep(pause / 1000)
                    await mailbox.send(mailboxes[other % len(mailboxes)].name, hops - 1)

        for mailbox, others in zip(mailboxes, spread, strict=True):
            nursery.start_soon(actor, mailbox, others)
        await mailboxes[0].send(mailboxes[-1].name, 4)
        await network.until(until)
        nursery.cancel_scope.cancel()
    return network.journal


spreads = st.lists(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 30)), max_size=2), min_size=1, max_size=5)


@given(spreads, st.sampled_from(CONDITIONS), st.integers(0, 99))
@settings(max_examples=examples(300))
def test_the_same_seed_gives_the_same_journal_and_nothing_is_missing_in_it(spread, mail, seed):
    heard, again = {}, {}
    journal = run(rumours, spread, heard, mail=mail, seed=seed)
    assert run(rumours, spread, again, mail=mail, seed=seed).to_bytes() == journal.to_bytes()
    assert again == heard
    assert check(journal) == []
    came = Counter(
        journal_link(journal, row) for row in np.flatnonzero((journal.mail.arrived >= 0) & ~journal.mail.damaged)
    )
    received = Counter(f"{sender}>{name}" for name, rows in heard.items() for _, sender, _ in rows)
    assert received <= came
    assert any(spread) or received == came


@given(spreads, st.sampled_from(CONDITIONS))
@settings(max_examples=examples(100))
def test_a_journal_comes_back_from_its_file(spread, mail):
    journal = run(rumours, spread, mail=mail)
    with tempfile.NamedTemporaryFile() as file:
        journal.save(file.name)
        assert Journal.load(file.name).to_bytes() == journal.to_bytes()


def test_a_network_is_the_same_in_every_process():
    program = (
        "import sys; from tests.networks.test_network import *\n"
        "journal = run(rumours, [[(1, 3), (2, 0)], [(2, 1), (0, 1)], [(0, 0), (1, 2)]], mail='delay 5ms 5ms loss 5%')\n"
        "sys.stdout.buffer.write(journal.to_bytes())"
    )
    first, second = (
        subprocess.run([sys.executable, "-c", program], env={"PYTHONHASHSEED": hashes, "PYTHONPATH": "."}, check=True,
                       stdout=subprocess.PIPE).stdout
        for hashes in "12"
    )  # fmt: skip
    assert first == second
    assert first.count(b'"mail"') > 20


def test_a_message_takes_as_long_as_its_link_says():
    async def main():
        async with open_network(mail={"*": "delay 1s", "alex>bo": "delay 20ms", "*>casey": "delay 3s"}) as network:
            alex, bo, casey = (network.mailbox(name) for name in ("alex", "bo", "casey"))
            await alex.send("bo", "quick")
            assert (await bo.receive(), network.now) == (("alex", "quick"), 20_000_000)
            await bo.send("alex", "slow")
            assert (await alex.receive(), network.now) == (("bo", "slow"), 1_020_000_000)
            await bo.send("casey", "slower")
            assert (await casey.receive(), network.now) == (("bo", "slower"), 4_020_000_000)
            assert trio.current_time() == network.now / 1e9

    run(main)


def test_sleeps_and_deadlines_take_virtual_time_and_no_other():
    async def main():
        async with open_network(mail="delay 2s") as network:
            alex = network.mailbox("alex")
            await trio.sleep(86_400 * 365)
            year = 86_400 * 365 * 10**9
            assert network.now == year
            with trio.move_on_after(1.5) as scope:
                await alex.receive()
            assert (scope.cancelled_caught, network.now) == (True, year + 1_500_000_000)
            await alex.send("alex", "to oneself")
            with trio.move_on_after(1.5) as scope:
                await alex.receive()
            assert (scope.cancelled_caught, network.now) == (True, year + 3_000_000_000)
            with trio.fail_after(0.5):  # what arrives at that instant is in time
                assert await alex.receive() == ("alex", "to oneself")
            await network.sleep("5ms")
            await network.until(0)
            assert network.now == year + 3_505_000_000

    run(main)


def test_its_clock_jumps_where_no_network_is_open():
    async def main():
        await trio.sleep(3600)
        with trio.move_on_after(5):
            await trio.sleep_forever()
        assert trio.current_time() == 3605
        async with open_network() as network:
            assert network.now == 3605 * 10**9
            await trio.sleep(1)
            assert network.now == 3606 * 10**9

    run(main)


def test_without_its_clock_only_the_network_s_own_sleep_takes_virtual_time():
    async def main():
        async with open_network(mail="delay 7200s") as network:
            alex = network.mailbox("alex")
            await network.sleep("3600s")
            await alex.send("alex", "late")
            await alex.receive()
            assert network.now == 3 * 3600 * 10**9

    trio.run(main)


def test_everybody_waits_for_mail():
    async def main():
        async with open_network() as network, trio.open_nursery() as nursery:
            for name in ("alex", "bo"):
                nursery.start_soon(network.mailbox(name).receive)

    with raises_deadlock("everybody waits: alex for mail, bo for mail"):
        run(main)
    with raises_deadlock("everybody waits: alex for mail, bo for mail"):
        trio.run(main)


def test_two_tasks_that_wait_for_each_other_are_a_deadlock_too():
    async def main():
        async with open_network(), trio.open_nursery() as nursery:
            first, second = trio.Event(), trio.Event()

            async def wait(event, other):
                await event.wait()
                other.set()

            nursery.start_soon(wait, first, second)
            nursery.start_soon(wait, second, first)

    with raises_deadlock("everybody waits: for one another"):
        run(main)


def test_quiet_is_when_no_mail_is_on_its_way_and_nobody_sleeps():
    async def main():
        async with open_network(mail="delay 1s") as network, trio.open_nursery() as nursery:
            alex, bo = network.mailbox("alex"), network.mailbox("bo")

            async def answer():
                async for sender, message in bo:
                    await trio.sleep(5)
                    await bo.send(sender, message)

            nursery.start_soon(answer)
            await alex.send("bo", "question")
            await network.quiet()
            assert (network.now, alex.receive_nowait()) == (7_000_000_000, ("bo", "question"))
            with pytest.raises(trio.WouldBlock):
                alex.receive_nowait()
            nursery.cancel_scope.cancel()

    run(main)


def test_a_partition_cuts_what_is_sent_between_two_sides_both_ways():
    async def main():
        cut = Partition("alex", at="1s", lasts="2s", others=["bo", "dana"])
        async with open_network(mail="delay 1ms", partitions=[cut]) as network:
            alex, bo, casey = (network.mailbox(name) for name in ("alex", "bo", "casey"))
            for time in ("0s", "1s", "2999ms", "3s"):
                await network.until(time)
                for sender, to in ((alex, "bo"), (bo, "alex"), (alex, "casey"), (casey, "bo")):
                    await sender.send(to, time)
            await network.quiet()
        rows = [(journal_link(network.journal, row), int(network.journal.mail.sent[row]) // 10**6)
                for row in np.flatnonzero(network.journal.mail.arrived >= 0)]  # fmt: skip
        between = sorted(time for link, time in rows if link in ("alex>bo", "bo>alex"))
        assert between == [0, 0, 3000, 3000]
        assert len(rows) == 4 + 8
        assert check(network.journal) == []
        assert network.journal.settings["faults"] == ["partition of alex and bo, dana at 1s for 2s"]

    run(main)


def journal_link(journal, row):
    return journal.links[journal.mail.link[row]].name


def test_a_repeat_is_received_twice():
    async def main():
        async with open_network(mail="delay 1ms duplicate 100%") as network:
            alex = network.mailbox("alex")
            await alex.send("alex", "twice")
            assert [await alex.receive(), await alex.receive()] == [("alex", "twice")] * 2

    run(main)


def test_what_is_damaged_is_not_received():
    async def main():
        async with open_network(mail="delay 1ms corrupt 100%") as network:
            alex = network.mailbox("alex")
            await alex.send("alex", "damaged")
            await network.quiet()
            with pytest.raises(trio.WouldBlock):
                alex.receive_nowait()
        assert network.journal.mail.damaged.tolist() == [True]

    run(main)


def test_when_it_has_ended_it_is_closed_and_what_is_under_way_stays_so():
    async def main():
        async with open_network(mail="delay 1s") as network:
            alex = network.mailbox("alex")
            await alex.send("alex", 1)
            await network.sleep("1ms")
            await alex.send("alex", 2)
        assert len(network.journal) == 2
        assert network.journal.mail.arrived.tolist() == [-1, -1]
        assert check(network.journal) == []
        for use in (alex.receive, partial(alex.send, "alex", 3), network.quiet, partial(network.sleep, 1)):
            with pytest.raises(trio.ClosedResourceError):
                await use()
        with pytest.raises(trio.ClosedResourceError):
            alex.receive_nowait()

    run(main)


@pytest.mark.parametrize("clock", [network_clock, lambda: None])
@pytest.mark.parametrize("steps", range(12))
def test_a_network_that_is_cancelled_leaves_no_task_and_no_error_behind(steps, clock):
    async def main():
        with trio.CancelScope() as scope:
            async with open_network(mail="delay 1ms") as network, trio.open_nursery() as nursery:
                for name in ("alex", "bo"):
                    nursery.start_soon(talk, network.mailbox(name), "bo" if name == "alex" else "alex")
                for _ in range(steps):
                    await network.sleep("300us")
                scope.cancel()
                await trio.sleep_forever()
        assert check(network.journal) == []
        async with open_network() as another:  # the clock is free again
            await another.sleep("1s")

    async def talk(mailbox, other):
        while True:
            await mailbox.send(other, "again")
            await mailbox.receive()

    trio.run(main, clock=clock())


def test_what_an_actor_raises_comes_out():
    async def main():
        async with open_network() as network, trio.open_nursery() as nursery:
            nursery.start_soon(network.mailbox("alex").receive)
            await network.sleep("1s")
            raise ZeroDivisionError

    with pytest.raises(ExceptionGroup) as caught:
        run(main)
    assert caught.value.split(ZeroDivisionError)[1] is None


@pytest.mark.parametrize(
    ("options", "kind", "words"),
    [
        ({"mail": "delay 20 ms"}, BadConditions, "delay 20 ms"),
        ({"mail": {"*>bo": "dely 20ms"}}, BadConditions, "dely"),
        ({"partitions": ["alex"]}, BadFault, "a Partition"),
        ({"order": "0.x"}, BadOrder, "'x' is no choice"),
        ({"order": "0.1", "mail": "delay 1ms"}, BadOrder, "there are no mail conditions"),
        ({"seed": -1}, ValueError, "seed"),
        ({"seed": True}, ValueError, "seed"),
        ({"timeouts": -1}, BadOrder, "timeouts"),
        ({"timeouts": True}, BadOrder, "timeouts"),
    ],
)
def test_settings_that_are_none_are_refused(options, kind, words):
    async def main():
        async with open_network(**options):
            pass

    with pytest.raises(kind, match=words):
        run(main)


def test_what_cannot_be_is_refused_by_name():
    async def main():
        async with open_network() as network:
            alex = network.mailbox("alex")
            with pytest.raises(ValueError, match="alex sends 'hello' to 'bo', and no mailbox has that name"):
                await alex.send("bo", "hello")
            with pytest.raises(BadTaskID, match="alex>alex"):
                await alex.send("alex", "hello", about=1.5)
            for name in ("", "a>b", "a b", "a*", 3, "\ud800", []):
                with pytest.raises(BadChart):
                    network.mailbox(name)
            assert network.mailbox("alex") is alex
            with pytest.raises(RuntimeError, match="a second one has no clock"):
                async with open_network():
                    pass

    run(main)
    with pytest.raises(RuntimeError, match="runs in trio"):
        open_network().__aenter__().send(None)


class Unspeakable:
    def __repr__(self):
        raise ZeroDivisionError


@pytest.mark.parametrize(
    ("message", "label"),
    [("text", "text"), (3, 3), (True, "True"), (("ping", 2), "('ping', 2)"), (object(), "object"), (None, "None"),
     ([object()], "list"), ("a\nb", "a\\nb"), ("x" * 500, None), ({"b", "a", "c"}, "{'a', 'b', 'c'}"),
     ({"b": 1, "a": 2}, "{'a': 2, 'b': 1}"), (10**400, None), (list(range(10**5)), "[0, 1, 2, 3, 4, 5, ...]"),
     (Unspeakable(), "Unspeakable"), (np.float64(1.5), None)],
)  # fmt: skip
def test_a_journal_calls_messages_what_they_look_like(message, label):
    async def main():
        async with open_network() as network:
            alex = network.mailbox("alex")
            await alex.send("alex", message)
            assert (await alex.receive())[1] is message
        return network.journal

    journal = run(main)
    name = journal.task_id(int(journal.mail.task[0]))
    assert name == label or (label is None and len(str(name)) < 200)


async def crowd(size, **options):
    """Everybody writes to one of them, who returns the order in which it heard them."""
    async with open_network(**options) as network:
        for number in range(size):
            await network.mailbox(f"actor{number}").send("actor0", number)
        return [(await network.mailbox("actor0").receive())[1] for _ in range(size)]


@given(st.permutations(range(5)))
@settings(max_examples=examples(50))
def test_every_order_is_an_order_of_choice(wanted):
    left, choices = list(range(5)), []
    for number in wanted:
        choices.append(str(left.index(number)))
        left.remove(number)
    assert run(crowd, 5, order=".".join(choices)) == list(wanted)


def test_links_that_are_not_late_bring_their_mail_at_once():
    assert run(crowd, 4, order="1", late=["actor1>*", "actor3>*"]) == [0, 2, 3, 1]


def test_a_message_may_be_lost_or_come_twice():
    async def main():
        async with open_network(order="0-.0+.1") as network:
            alex = network.mailbox("alex")
            for number in range(3):
                await alex.send("alex", number)
            assert [(await alex.receive())[1] for _ in range(3)] == [1, 1, 2]
            await network.quiet()
            with pytest.raises(trio.WouldBlock):
                alex.receive_nowait()
        return network.journal

    journal = run(main)
    assert (journal.order, check(journal)) == ("0-.0+.1", [])


def test_a_timer_may_ring_before_mail_so_often_and_an_earlier_one_first():
    async def main(order, timeouts):
        happened = []
        async with open_network(order=order, timeouts=timeouts) as network, trio.open_nursery() as nursery:
            alex = network.mailbox("alex")

            async def sleep(seconds):
                await trio.sleep(seconds)
                happened.append(seconds)

            async def hear():
                happened.append((await alex.receive())[1])
                happened.append((await alex.receive())[1])

            for seconds in (3, 1, 2):
                nursery.start_soon(sleep, seconds)
            nursery.start_soon(hear)
            await alex.send("alex", "first")
            await alex.send("alex", "second")
        return happened

    assert run(main, "0", 0) == ["first", "second", 1, 2, 3]
    assert run(main, "2", 1) == [1, "first", "second", 2, 3]
    assert run(main, "2.1.1", 2) == [1, "second", 2, "first", 3]
    assert run(main, "2.2.2", 3) == [1, 2, 3, "first", "second"]
    with pytest.raises(BaseExceptionGroup) as caught:
        run(main, "2.2", 1)
    assert caught.value.split(BadOrder)[1] is None


def test_trio_s_own_order_is_drawn_from_the_seed_and_left_as_it_was():
    async def main(seed):
        happened = []
        async with open_network(seed=seed) as network, trio.open_nursery() as nursery:

            async def step(number):
                for _ in range(3):
                    await trio.lowlevel.checkpoint()
                    happened.append(number)

            for number in range(6):
                nursery.start_soon(step, number)
        assert network.now == 0
        return tuple(happened)

    orders = [run(main, seed) for seed in range(12)]
    assert orders == [run(main, seed) for seed in range(12)]
    assert len(set(orders)) > 6
    from trio._core import _run

    before = _run._r.getstate()
    run(main, 3)
    assert not _run._ALLOW_DETERMINISTIC_SCHEDULING or "hypothesis" in sys.modules
    assert math.isfinite(before[1][0])
