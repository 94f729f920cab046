"""A deadlock is expected in the same words, however it comes."""

import pytest
import trio

from office import Client, Worker, open_office, simulate
from office.errors import Deadlock
from office.testing import raises_deadlock


def echo(inputs):
    return inputs, lambda feedback: feedback


ALEX = Worker(echo, "alex")


def stuck():
    """The client waits for a result that is lost."""
    client = Client([("plan", None)] * 2, lambda output, target: (0.0, output), in_flight=1)
    simulate(ALEX, client, mail={"alex.outbox": "loss 100%"})


def test_a_deadlock_that_comes_bare_is_expected():
    with raises_deadlock("everybody is waiting", "client waits for") as raised:
        stuck()
    assert isinstance(raised.error, Deadlock)
    assert str(raised).startswith("everybody is waiting at ")


async def test_a_deadlock_that_comes_in_groups_is_expected_and_is_bare_in_the_end():
    with raises_deadlock("client waits for mail on alex.outbox") as raised:
        async with trio.open_nursery(), open_office(ALEX) as office:
            await office.outbox.receive()
    assert type(raised.error) is Deadlock


async def test_how_wide_the_columns_are_does_not_matter():
    with raises_deadlock("alex waits to send: alex.outbox is full (1 of 1)") as raised:
        async with open_office(ALEX, capacity=1, leave_pending=True) as office:
            for task in range(9):
                await office.inbox.send((task, "plan"))
    assert "alex   waits" in str(raised)


def test_without_a_deadlock_the_test_fails():
    with pytest.raises(pytest.fail.Exception, match="DID NOT RAISE"), raises_deadlock() as raised:
        pass
    assert raised.error is None
    assert str(raised) == ""


def test_a_deadlock_that_says_something_else_fails_and_is_shown():
    says = r"the deadlock does not say 'bo waits':\neverybody is waiting at"
    with pytest.raises(pytest.fail.Exception, match=says), raises_deadlock("everybody", "bo waits"):
        stuck()


@pytest.mark.parametrize("error", [ValueError("other"), ExceptionGroup("two", [Deadlock("one"), ValueError("other")])])
def test_another_error_is_no_deadlock(error):
    with pytest.raises(BaseException) as caught, raises_deadlock():
        raise error
    assert not isinstance(caught.value, Deadlock)


def test_without_pytest_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "pytest", None)
    with pytest.raises(ModuleNotFoundError, match=r"pip install 'backprop-office\[pytest\]'"):
        raises_deadlock().__enter__()
