"""Whether trio resumes the desks or the mailroom does, the run is the same; and trio's other tasks go on meanwhile."""

import itertools
import random
from time import perf_counter

import pytest
import trio
from hypothesis import given, settings
from hypothesis import strategies as st

from office import Client, Worker, every, simulate, simulate_in_trio
from office.errors import BadConditions, Deadlock, EscapedWait
from office.mail.stepped import BREATH
from tests.engines import test_cancellation, test_escapes
from tests.engines.building import all_of_it, office_of
from tests.engines.frail import Trouble, client_frailties, frail_office, frailties
from tests.engines.offices import ANY_MAIL, EITHER, SLOW_MAIL, offices, troubled_offices
from tests.tiers import examples

KINDS = "trio", "stepped"
BOTH = st.booleans()


def echo(inputs):
    return inputs, lambda feedback: feedback


def client(tasks, **options):
    return Client(tasks, lambda output, _: (0.0, output), **options)


@given(
    st.one_of(offices(capacities=(None, 1, 3)), offices(conditions=SLOW_MAIL), troubled_offices(ANY_MAIL, EITHER)), BOTH
)
@settings(max_examples=examples(300))
def test_an_office_comes_to_the_same_to_the_last_bit(data, lookahead):
    by_trio, by_steps = (all_of_it(*office_of(data, tasks=tasks, lookahead=lookahead)) for tasks in KINDS)
    assert by_steps == by_trio


@given(offices(conditions=ANY_MAIL), frailties, client_frailties, BOTH)
@settings(max_examples=examples(200))
def test_what_fails_is_the_same_with_the_same_notes(data, frail, client_fails, lookahead):
    def outcome(tasks):
        run, _ = frail_office(data, frail, client_fails, tasks=tasks, lookahead=lookahead)
        return (str(run), run.__notes__) if isinstance(run, Trouble) else all_of_it(run, [])

    assert outcome("stepped") == outcome("trio")


@pytest.mark.parametrize("order", ["0", "1", "0.1.0", "2.2.1"])
def test_an_order_of_choice_is_the_same(order):
    journals = {
        simulate(Worker(echo, "alex"), client([(task, None) for task in "abc"]), order=order, tasks=tasks)
        .journal.to_bytes() for tasks in KINDS
    }  # fmt: skip
    assert len(journals) == 1


async def sleeps(inputs):
    await trio.sleep(1)


@pytest.mark.parametrize(
    ("error", "estimator", "options"),
    [(Deadlock, echo, {"mail": {"*.outbox": "loss 100%"}}), (EscapedWait, sleeps, {})],
)
def test_who_waits_in_vain_is_told_in_the_same_words(error, estimator, options):
    def words(tasks):
        with pytest.raises(error) as raised:
            simulate(Worker(estimator, "alex"), client([(1, None)] * 3, in_flight=1), tasks=tasks, **options)
        return str(raised.value), raised.value.__notes__ if error is EscapedWait else []

    assert words("stepped") == words("trio")


@pytest.mark.parametrize("kind", [GeneratorExit, SystemExit, KeyboardInterrupt, StopIteration, ZeroDivisionError])
@pytest.mark.parametrize("outside", [False, True])
def test_what_a_desk_raises_comes_out_bare_with_its_notes(kind, outside):
    def fails(inputs):
        raise kind("oops")

    async def fails_outside(inputs):
        await trio.lowlevel.checkpoint()
        raise kind("oops")

    def notes(tasks):
        with pytest.raises(kind, match="oops") as raised:
            simulate(Worker(fails_outside if outside else fails, "alex"), client([(1, None)]), tasks=tasks)
        return raised.value.__notes__

    assert notes("stepped") == notes("trio")


async def test_other_tasks_of_trio_s_get_to_run_while_an_office_is_busy():
    longest, last, done = 0.0, perf_counter(), False

    async def neighbour():
        nonlocal longest, last
        while not done:
            await trio.lowlevel.checkpoint()
            longest, last = max(longest, perf_counter() - last), perf_counter()

    async with trio.open_nursery() as nursery:
        nursery.start_soon(neighbour)
        await trio.lowlevel.checkpoint()
        begin = perf_counter()
        tasks = client(itertools.repeat((1, None), 300_000), arrivals=every("1ms"), keep=False)
        with trio.move_on_after(20 * BREATH) as scope:
            await simulate_in_trio(Worker(echo, "alex"), tasks, tasks="stepped")
        done = True
    assert scope.cancelled_caught
    assert perf_counter() - begin < 200 * BREATH
    assert longest < 100 * BREATH  # on a machine that is busy with other things, too


QUICK_WAYS = [way for way in test_cancellation.WAYS if way is not test_cancellation.by_a_sibling]
"""Those in which not each checkpoint takes as long as a breath."""


@pytest.mark.unwatched
@pytest.mark.parametrize("way", QUICK_WAYS)
def test_a_cancelled_office_leaves_no_task_and_no_error_behind(way):
    cases = list(itertools.product(test_cancellation.SETTINGS, test_cancellation.PACES))

    async def simulated(estimator, setting, pace):
        chart = test_cancellation.chart(estimator, test_cancellation.PACES[pace])
        endless = client(itertools.repeat((1.0, None)), in_flight=3, keep=False)
        await simulate_in_trio(chart, endless, tasks="stepped", **test_cancellation.SETTINGS[setting])

    async def cancel(setting, pace, rng):
        before = trio.lowlevel.current_statistics().tasks_living
        await way(lambda estimator: simulated(estimator, setting, pace), rng)
        assert trio.lowlevel.current_statistics().tasks_living == before

    for moment in range(test_cancellation.MOMENTS):
        trio.run(cancel, *cases[moment % len(cases)], random.Random(moment))  # noqa: S311


@pytest.mark.unwatched
@pytest.mark.parametrize("escapes", ["refuse", "wait"])
def test_an_office_that_is_cancelled_while_its_desks_wait_leaves_nothing_behind(escapes):
    async def simulated():
        chart, tasks = test_escapes.busy_chart(escapes), test_escapes.client(100, in_flight=3)
        await simulate_in_trio(chart, tasks, mail="delay 5ms 5ms", escapes=escapes, tasks="stepped")

    async def cancelled_after(checkpoints):
        before = trio.lowlevel.current_statistics().tasks_living
        async with trio.open_nursery() as nursery:
            nursery.start_soon(simulated)
            for _ in range(checkpoints):
                await trio.lowlevel.checkpoint()
            nursery.cancel_scope.cancel()
        assert trio.lowlevel.current_statistics().tasks_living == before

    for checkpoints in range(0, 240, 5):
        trio.run(cancelled_after, checkpoints)


def test_there_are_two_kinds_of_tasks():
    with pytest.raises(BadConditions, match="""tasks is "trio" or "stepped", not 'threads'"""):
        simulate(Worker(echo, "alex"), client([(1, None)]), tasks="threads")
