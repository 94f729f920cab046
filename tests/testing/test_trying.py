"""Functions of one's own in every delivery order, outside pytest."""

from functools import partial
from math import factorial

import pytest
import trio

from office import Client, Worker, open_network, open_office, simulate
from office.errors import BadOrder, OrderFailed
from office.testing import try_orders


async def crowd(size, *, in_order=False):
    async with open_network() as network:
        for number in range(size):
            await network.mailbox(f"actor{number}").send("actor0", number)
        came = [(await network.mailbox("actor0").receive())[1] for _ in range(size)]
    assert not in_order or came == sorted(came)


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5])
def test_there_are_as_many_orders_as_permutations(size):
    tried = try_orders(partial(crowd, size))
    assert (tried.holds, tried.runs, str(tried)) == (True, factorial(size), f"passes in all {factorial(size)} orders")
    assert tried.expect() is tried


def test_the_smallest_order_that_fails_is_shown_and_fails_again():
    tried = try_orders(partial(crowd, 4, in_order=True))
    assert (tried.order, tried.complete, tried.holds) == ("0.0.1", False, False)
    assert str(tried).splitlines()[1:] == [
        "   1  actor0>actor0  0",
        "   2  actor1>actor0  1",
        "   3  actor3>actor0  3  before 1 that was sent earlier",
        "   4  actor2>actor0  2",
    ]
    with pytest.raises(OrderFailed, match=r"fails in order 0\.0\.1"):
        tried.expect()


def test_orders_at_random_are_so_many_and_made_smaller_too():
    tried = try_orders(partial(crowd, 5), 40)
    assert (tried.holds, tried.complete, tried.runs, str(tried)) == (False, False, 40, "passes in 40 orders at random")
    assert try_orders(partial(crowd, 4, in_order=True), 40).order == "1"


def test_all_that_are_too_many_are_told():
    tried = try_orders(partial(crowd, 5), max_runs=50)
    assert (tried.holds, str(tried)) == (False, "passes in 50 orders of more")


@pytest.mark.parametrize("how", [lambda: crowd(3), partial(crowd, 3), lambda: trio.run(crowd, 3)])
def test_a_function_may_be_asynchronous_return_what_is_or_run_trio_itself(how):
    assert try_orders(how).runs == 6


def test_offices_and_runs_are_tried_as_networks_are():
    async def office():
        async with open_office(Worker(lambda task: (task, lambda feedback: feedback), "alex")) as opened:
            for task in range(2):
                await opened.inbox.send((task, task))
            for _ in range(2):
                task, _ = await opened.outbox.receive()
                await opened.feedback_from_above.send((task, "good"))

    def run():
        client = Client([(1, None), (2, None)], lambda output, _: (0.0, output))
        simulate(Worker(lambda task: (task, lambda feedback: feedback), "alex"), client)

    assert try_orders(run).holds
    assert try_orders(office, late="alex.inbox").runs == 2


def test_what_does_not_do_the_same_again_is_told():
    sizes = iter([3, 2] * 9)
    tried = try_orders(lambda: crowd(next(sizes)))
    assert not tried.holds
    assert "does not do the same again" in str(tried)


@pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit])
def test_an_interrupt_is_no_order_that_fails(kind):
    async def interrupted():
        async with open_network() as network:
            await network.sleep(1)
            raise kind

    with pytest.raises(kind):
        try_orders(interrupted)


@pytest.mark.parametrize("setting", ["losses", "repeats"])
def test_settings_that_are_none_are_refused(setting):
    with pytest.raises(BadOrder, match=f"{setting} is a whole number from 0"):
        try_orders(partial(crowd, 2), **{setting: -1})
