"""An office that is cancelled, whenever and however, stops with no task left and nothing amiss."""

import itertools
import math
import random

import pytest
import trio

from office import Chain, Client, Crash, Stall, Team, Worker, average, newest_first, open_office, simulate_in_trio
from tests.tiers import is_thorough

MOMENTS = 100 if is_thorough() else 12
"""At least one for each office."""

SETTINGS = {
    "instants": {},
    "windows": {"mail": "delay 10ms 5ms distribution normal"},
    "jitter": {"mail": "delay 10ms 10ms distribution exponential"},
    "bounded links": {"capacity": 1},
    "bounded links and jitter": {"capacity": {"*.outbox": 2, "*.inbox": 1}, "mail": "delay 5ms 5ms"},
    "rough mail and trouble": {
        "mail": "delay 5ms 5ms duplicate 20%",
        "delivery": "at least once",
        "faults": [Stall("*", "20ms", "9ms"), Crash("*alex", "40ms", "5ms")],
        "expire": "500ms",
    },
}
PACES = {"at once": {}, "paced": {"answer_time": "3ms 1ms", "learn_time": "1ms", "max_pending": 4}}


class Counting:
    """Answers with 1, and at its so-many-th call does something else first."""

    def __init__(self, at=math.inf, do=None):
        self.left, self.do = at, do

    def __call__(self, inputs):
        self.left -= 1
        if self.left == 0:
            self.do()
        return 1.0, lambda feedback: feedback


def chart(estimator, pace):
    """A team and a chain, three deep; the estimator sits in the middle of it."""
    alex = Worker(estimator, "alex", **pace)
    front = Team([alex, Worker(Counting(), "bo")], "front")
    return Team([Chain([front, Worker(Counting(), "casey", **pace)]), Worker(Counting(), "dani")], combine=average)


async def simulated(estimator, setting, pace):
    """An office that never ends."""
    tasks = itertools.repeat((1.0, None))
    replies = newest_first(2)
    client = Client(tasks, lambda output, target: (0.0, 1.0), in_flight=3, keep=False, replies=replies)
    await simulate_in_trio(chart(estimator, PACES[pace]), client, **SETTINGS[setting])


async def opened(estimator, setting, pace):
    """People who use an office for ever: one submits, one replies, and one hears what is said below."""
    async with open_office(chart(estimator, PACES[pace]), **SETTINGS[setting]) as office, trio.open_nursery() as people:
        room = trio.Semaphore(3)

        async def reply():
            while True:
                task_id, _ = await office.outbox.receive()
                await office.feedback_from_above.send((task_id, 1.0))

        async def listen():
            while True:
                await office.feedback_to_below.receive()
                room.release()

        people.start_soon(reply)
        people.start_soon(listen)
        for task_id in itertools.count():
            await room.acquire()
            await office.inbox.send((task_id, 1.0))


async def by_move_on_after(run, rng):
    with trio.move_on_after(rng.uniform(0, 0.004)) as scope:
        await run(Counting())
    assert scope.cancelled_caught


async def by_fail_after(run, rng):
    with pytest.raises(trio.TooSlowError):
        with trio.fail_after(rng.uniform(0, 0.004)):
            await run(Counting())


async def by_a_sibling(run, rng):
    async with trio.open_nursery() as nursery:
        nursery.start_soon(run, Counting())
        for _ in range(rng.randrange(60)):
            await trio.lowlevel.checkpoint()
        nursery.cancel_scope.cancel()


async def by_a_worker(run, rng):
    with trio.CancelScope() as scope:
        await run(Counting(rng.randrange(1, 25), scope.cancel))
    assert scope.cancelled_caught


async def by_a_worker_who_fails_as_well(run, rng):
    def cancel_and_fail():
        scope.cancel()
        raise ZeroDivisionError

    try:
        with trio.CancelScope() as scope:
            await run(Counting(rng.randrange(1, 25), cancel_and_fail))
    except* ZeroDivisionError:
        pass


WAYS = [by_move_on_after, by_fail_after, by_a_sibling, by_a_worker, by_a_worker_who_fails_as_well]


@pytest.mark.unwatched
@pytest.mark.parametrize("engine", [simulated, opened])
@pytest.mark.parametrize("way", WAYS)
def test_a_cancelled_office_leaves_no_task_and_no_error_behind(engine, way):
    offices = list(itertools.product(SETTINGS, PACES))

    async def cancel(setting, pace, rng):
        before = trio.lowlevel.current_statistics().tasks_living
        await way(lambda estimator: engine(estimator, setting, pace), rng)
        assert trio.lowlevel.current_statistics().tasks_living == before

    for moment in range(MOMENTS):
        trio.run(cancel, *offices[moment % len(offices)], random.Random(moment))  # noqa: S311


@pytest.mark.parametrize("setting", SETTINGS)
async def test_an_office_goes_on_when_only_a_task_that_waits_for_it_is_cancelled(setting):
    async with open_office(Worker(Counting(), "alex"), **SETTINGS[setting]) as office:
        with trio.move_on_after(0.005) as impatience:
            async with trio.open_nursery() as nursery:
                nursery.start_soon(trio.sleep_forever)  # for want of this it would be a deadlock
                await office.outbox.receive()
        assert impatience.cancelled_caught
        await office.inbox.send((1, 1.0))
        assert await office.outbox.receive() == (1, 1.0)
        await office.feedback_from_above.send((1, 2.0))
        assert await office.feedback_to_below.receive() == (1, 2.0)


async def test_an_office_that_is_cancelled_from_the_start_does_nothing():
    alex = Counting()
    with trio.CancelScope() as scope:
        scope.cancel()
        await simulated(alex, "instants", "at once")
    assert scope.cancelled_caught
    assert alex.left == math.inf
