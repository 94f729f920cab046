"""What code of the user's raises comes out as it is, whatever it is, with notes of desk, task and virtual time."""

import subprocess
import sys

import numpy as np
import pytest
import trio

from office import (
    Client,
    Instrument,
    Linear,
    Rule,
    Team,
    Worker,
    at_once,
    by,
    compose,
    every,
    explore,
    open_office,
    simulate,
    squared_error,
    watching,
)


class Own(BaseException):
    pass


KINDS = [KeyboardInterrupt, SystemExit, GeneratorExit, Own, StopIteration, StopAsyncIteration, ZeroDivisionError]
NO_EXCEPTIONS = KINDS[:4]


def echo(inputs):
    return inputs, lambda feedback: feedback


def words(output, target):
    return 0.0, f"re {output}"


def office(estimator=echo, feedback=words, tasks=(("plan", None),), replies=at_once(), **team):  # noqa: B008
    chart = Team([Worker(estimator, "alex")], "estimates", **team)
    return chart, Client(tasks, feedback, arrivals=every("10ms"), replies=replies)


def raiser(kind):
    def raises(*_):
        raise kind("oops")

    return raises


def waiter(kind):
    async def raises(*_):
        raise kind("oops")

    return raises


def endless(kind):
    yield "plan", None
    raise kind("oops")


def picky(kind):
    class People:
        take = rest = raiser(kind)

    return lambda rng: People()


def of_rule(kind):
    rule = type("Wrong", (Rule,), {"step": raiser(kind)})()
    return office(Linear.drawn(2, rule), squared_error, [(np.ones((3, 2)), np.ones(3))])


PLACES = {
    "an estimator": (lambda kind: office(raiser(kind)), ["desk estimates/alex, task 0", "10 ms"]),
    "a callback": (
        lambda kind: office(lambda inputs: (inputs, raiser(kind))),
        ["desk estimates/alex, task 0", "30 ms"],
    ),
    "an asynchronous estimator": (lambda kind: office(waiter(kind)), ["desk estimates/alex, task 0", "10 ms"]),
    "an asynchronous callback": (
        lambda kind: office(lambda inputs: (inputs, waiter(kind))),
        ["desk estimates/alex, task 0", "30 ms"],
    ),
    "a rule": (of_rule, ["desk estimates/alex, task 0", "30 ms"]),
    "an allocation": (lambda kind: office(allocate=by(raiser(kind))), ["desk estimates, task 0", "5 ms"]),
    "a combination": (lambda kind: office(combine=raiser(kind)), ["desk estimates, task 0", "15 ms"]),
    "a combination's callback": (
        lambda kind: office(combine=lambda outputs: (outputs[0], raiser(kind))),
        ["desk estimates, task 0", "25 ms"],
    ),
    "feedback": (lambda kind: office(feedback=raiser(kind)), ["desk client, task 0", "20 ms"]),
    "the tasks": (lambda kind: office(tasks=endless(kind)), ["desk client, task 1", "10 ms"]),
    "what the people above keep": (lambda kind: office(replies=picky(kind)), ["desk client, task 0", "20 ms"]),
    "asynchronous feedback": (lambda kind: office(feedback=waiter(kind)), ["desk client, task 0", "20 ms"]),
}
AT_DESKS = [place for place in PLACES if "desk client" not in PLACES[place][1][0]]


def check(raised, kind, place):
    assert type(raised) is kind
    assert raised.args == ("oops",)
    who, when = PLACES[place][1]
    notes = ", ".join(raised.__notes__)
    assert notes == f"{who}, at {when} of virtual time"
    assert raised.__context__ is None or raised.__suppress_context__


@pytest.mark.parametrize("lookahead", [True, False])
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_raised_comes_out_of_simulate_bare_and_says_where_and_when(kind, place, lookahead):
    chart, client = PLACES[place][0](kind)
    with pytest.raises(BaseException) as raised:
        simulate(chart, client, mail="delay 5ms", lookahead=lookahead)
    check(raised.value, kind, place)


@pytest.mark.parametrize("place", AT_DESKS)
@pytest.mark.parametrize("kind", NO_EXCEPTIONS)
def test_what_is_no_exception_comes_out_of_an_open_office_bare(kind, place):
    chart, client = PLACES[place][0](kind)
    feedback = np.ones(3) if place == "a rule" else "more"

    async def use():
        async with open_office(chart, mail="delay 5ms") as opened:
            await opened.sleep("10ms")
            await opened.inbox.send((0, client.tasks[0][0]))
            await opened.outbox.receive()
            await opened.feedback_from_above.send((0, feedback))
            await opened.feedback_to_below.receive()

    with pytest.raises(BaseException) as raised:
        trio.run(use)
    assert type(raised.value) is kind
    assert raised.value.__notes__[0] == PLACES[place][1][0]


@pytest.mark.parametrize("kind", NO_EXCEPTIONS)
def test_what_the_block_of_an_open_office_raises_that_is_no_exception_comes_out_bare(kind):
    async def use():
        async with open_office(Worker(echo, "alex"), leave_pending=True) as opened:
            await opened.inbox.send((0, "plan"))
            raise kind("oops")

    with pytest.raises(BaseException) as raised:
        trio.run(use)
    assert type(raised.value) is kind


@pytest.mark.parametrize("place", [place for place in AT_DESKS if "asynchronous" not in place])
@pytest.mark.parametrize("kind", NO_EXCEPTIONS)
def test_what_is_no_exception_ends_a_search_through_orders(kind, place):
    client = Client(PLACES[place][0](kind)[1].tasks, PLACES[place][0](kind)[1].feedback)
    with pytest.raises(BaseException) as raised:
        explore(lambda: PLACES[place][0](kind)[0], client)
    assert type(raised.value) is kind
    assert raised.value.__notes__[0] == PLACES[place][1][0]


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_raised_comes_out_of_a_composed_chart_as_it_is(kind):
    chart, _ = PLACES["an estimator"][0](kind)
    with pytest.raises(BaseException) as raised:
        compose(chart)("plan")
    assert type(raised.value) is kind


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("hook", ["on_task", "before_feedback", "after_feedback"])
def test_what_an_instrument_raises_counts_as_raised_at_its_desk(hook, kind):
    chart, client = office()
    instrument = type("Wrong", (Instrument,), {hook: raiser(kind)})()
    with pytest.raises(BaseException) as raised, watching(instrument):
        simulate(chart, client)
    assert type(raised.value) is kind
    assert raised.value.__notes__[0] == "desk estimates/alex, task 0"


def test_a_runtime_error_of_the_user_s_keeps_its_cause():
    def estimate(inputs):
        try:
            {}["plan"]
        except KeyError as error:
            raise RuntimeError("oops") from error

    with pytest.raises(RuntimeError, match="oops") as raised:
        simulate(*office(estimate))
    assert type(raised.value.__cause__) is KeyError


INTERRUPTED = """
import os, signal, sys, threading, time
import trio
from office import Client, Worker, simulate, every

def estimate(inputs):
    return 1.0, lambda feedback: feedback

def tasks():
    while True:
        yield 1.0, 1.0

def interrupt():
    time.sleep({after})
    os.kill(os.getpid(), signal.SIGINT)

threading.Thread(target=interrupt, daemon=True).start()
try:
    simulate(Worker(estimate, "alex"), Client(tasks(), lambda o, t: (0.0, 1.0), arrivals=every("1ms"), keep=False))
except KeyboardInterrupt:
    print("bare")
"""


@pytest.mark.thorough
@pytest.mark.parametrize("after", [0.1, 0.2, 0.3, 0.4])
def test_an_interrupt_from_the_keyboard_comes_out_bare_whenever_it_comes(after):
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED.format(after=after)], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "bare\n", "")
