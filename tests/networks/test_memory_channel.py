"""Channels of a network are trio's memory channels, but for when, and in which order, their values come."""

from functools import partial

import pytest
import trio
from hypothesis import given, settings
from hypothesis import strategies as st

from office import network_clock, open_network
from office.errors import BadChart
from office.study import check
from office.testing import raises_deadlock, try_orders
from tests.tiers import examples


def run(main, *arguments, **options):
    return trio.run(partial(main, *arguments, **options), clock=network_clock())


async def pipeline(senders, values, mail="", **options):
    """So many tasks send values, and close; one receives them to the end."""
    async with open_network(mail=mail, **options) as network, trio.open_nursery() as nursery:
        send, receive = network.memory_channel("jobs")

        async def produce(number, end):
            async with end:
                for value in range(values):
                    await end.send((number, value))
                    await trio.sleep(0.003)

        async with send:
            for number in range(senders):
                nursery.start_soon(produce, number, send.clone())
        return [value async for value in receive], network.journal


@given(
    st.integers(0, 3), st.integers(0, 4), st.sampled_from(["", "delay 5ms", "delay 9ms 9ms", "delay 5ms 5ms loss 30%"])
)
@settings(max_examples=examples(100))
def test_all_that_is_not_lost_comes_and_then_the_end(senders, values, mail):
    came, journal = run(pipeline, senders, values, mail)
    lost = int(journal.mail.lost.sum())
    assert len(set(came)) == len(came) == senders * values - lost
    assert check(journal) == []
    if mail in ("", "delay 5ms"):
        for number in range(senders):
            assert [value for sender, value in came if sender == number] == list(range(values))


def test_values_of_one_sender_come_in_every_order():
    orders = set()

    async def both():
        came, _ = await pipeline(1, 3)
        orders.add(tuple(value for _, value in came))

    tried = try_orders(both, timeouts=3)
    assert tried.holds
    assert len(orders) == 6


def test_each_channel_has_a_name_of_its_own():
    async def main():
        async with open_network() as network:
            network.memory_channel("channel2")
            for _ in range(3):
                network.memory_channel()
            assert [name for name in network.mailboxes if name.endswith("-in")] == [
                "channel2-in", "channel1-in", "channel3-in", "channel4-in"
            ]  # fmt: skip
            with pytest.raises(BadChart, match="another channel of the network is named 'channel3'"):
                network.memory_channel("channel3")

    run(main)


def test_what_is_closed_is_closed():
    async def main():
        async with open_network() as network:
            send, receive = network.memory_channel()
            other = send.clone()
            send.close()
            send.close()
            await send.aclose()
            with pytest.raises(trio.ClosedResourceError):
                await send.send(1)
            with pytest.raises(trio.ClosedResourceError):
                send.clone()
            other.send_nowait(1)
            with pytest.raises(trio.WouldBlock):
                receive.receive_nowait()
            with other:
                pass
            assert await receive.receive() == 1
            with pytest.raises(trio.EndOfChannel):
                await receive.receive()
            with pytest.raises(trio.EndOfChannel):
                receive.receive_nowait()
            third, last = network.memory_channel()
            last.close()
            with pytest.raises(trio.BrokenResourceError):
                await third.send(1)
            with pytest.raises(trio.ClosedResourceError):
                await last.receive()
        return network.journal

    assert [link.name for link in run(main).links] == ["channel1-in>channel1-out"]


def test_who_receives_is_told_when_its_end_is_closed_meanwhile():
    async def main():
        async with open_network() as network, trio.open_nursery() as nursery:
            send, receive = network.memory_channel()

            async def waits():
                with pytest.raises(trio.ClosedResourceError):
                    await receive.receive()

            nursery.start_soon(waits)
            await network.sleep("1s")
            receive.close()
            send.close()

    run(main)


def test_a_sender_that_is_never_closed_is_a_deadlock():
    async def main():
        async with open_network() as network:
            _send, receive = network.memory_channel("jobs")
            await receive.receive()

    with raises_deadlock("everybody waits: jobs-out for a value"):
        run(main)
