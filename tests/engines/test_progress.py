from itertools import pairwise
from threading import Event, Thread

import pytest
import trio

from office import Client, Team, Worker, every, open_office, simulate, simulate_in_trio
from office.engines import Progress, watching
from office.orders import Orders
from tests.study.journals import clerk

MAIL = "delay 10ms 5ms"


@pytest.fixture
def glimpses():
    """The runs of a test that go on."""
    progress = Progress()
    with watching(progress):
        yield progress.glimpses


def a_run(look=lambda: None, tasks=40, until=None, **client):
    """A run whose people above look around whenever they speak, and see losses of 1, 2, 3…"""
    losses = iter(range(1, tasks + 1))

    def feedback(_output, _target):
        look()
        return float(next(losses)), 1.0

    pairs = client.pop("pairs", [(0.0, None)] * tasks)
    client = Client(pairs, feedback, arrivals=every("3ms"), keep=False, **client)
    return simulate(Team([clerk("alex"), clerk("bo")], "team"), client, mail=MAIL, until=until)


def test_a_run_is_seen_while_it_goes_on_and_not_afterwards(glimpses):
    seen = []
    run = a_run(lambda: seen.append(glimpses()))
    assert glimpses() == []
    assert [len(each) for each in seen] == [1] * 40
    assert len({each[0].number for each in seen}) == 1
    assert [each[0].spoken_of for each in seen] == list(range(40))
    assert {each[0].tasks for each in seen} == {40}
    assert all(1 <= each[0].in_flight <= 40 for each in seen)
    for earlier, later in pairwise(seen):
        assert earlier[0].time <= later[0].time <= run.time
        assert earlier[0].messages <= later[0].messages <= len(run.journal)


def test_runs_are_counted(glimpses):
    numbers = []
    for _ in range(3):
        a_run(lambda: numbers.append(glimpses()[0].number), tasks=1)
    assert [number - numbers[0] for number in numbers] == [0, 1, 2]


def test_the_loss_is_a_mean_of_the_latest(glimpses):
    seen = []
    a_run(lambda: seen.append(glimpses()[0].loss), tasks=70)
    assert seen[:3] == [None, 1.0, 1.5]
    assert seen[69] == sum(range(20, 70)) / 50


def test_losses_that_are_all_0_are_none(glimpses):
    seen = []

    def feedback(_output, _target):
        seen.append(glimpses()[0].loss)
        return 0.0, 1.0

    simulate(clerk("alex"), Client([(0.0, None)] * 5, feedback), mail=MAIL)
    assert seen == [None] * 5


def test_where_the_number_of_tasks_is_unknown_there_is_none(glimpses):
    seen = []
    a_run(lambda: seen.append(glimpses()[0].tasks), tasks=3, pairs=((0.0, None) for _ in range(3)))
    a_run(lambda: seen.append(glimpses()[0].tasks), tasks=6, pairs=[(0.0, None)] * 3, epochs=2)
    assert seen == [None] * 3 + [6] * 6


def test_how_much_is_over_is_known_by_tasks_or_by_time_whichever_is_further(glimpses):
    seen, times = [], []

    def look():
        (glimpse,) = glimpses()
        seen.append(glimpse.share)
        times.append(glimpse.time)

    a_run(look, tasks=4)
    assert seen == [0, 0.25, 0.5, 0.75]
    a_run(look, tasks=3, pairs=((0.0, None) for _ in range(3)))
    assert seen[4:] == [None] * 3
    a_run(look, pairs=((0.0, None) for _ in range(40)), until="100ms")
    assert seen[7:] == [time / 100_000_000 for time in times[7:]]
    assert 0.5 < seen[-1] <= 1
    a_run(look, until="1000s")
    assert seen[-39:] == [place / 40 for place in range(1, 40)]


def test_a_run_that_fails_or_is_cancelled_is_seen_no_more(glimpses):
    def fail():
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        a_run(fail)
    assert glimpses() == []

    async def cancelled():
        with trio.CancelScope() as scope:
            client = Client([(0.0, None)] * 9, lambda _output, _target: (scope.cancel(), (0.0, 1.0))[1])
            await simulate_in_trio(clerk("alex"), client, mail=MAIL)
        return scope.cancelled_caught

    assert trio.run(cancelled)
    assert glimpses() == []


async def test_an_open_office_is_seen_too_and_has_no_client(glimpses):
    async with open_office(clerk("alex"), mail=MAIL) as office:
        await office.inbox.send((1, "tea"))
        await office.outbox.receive()
        (seen,) = glimpses()
        assert (seen.time, seen.messages, seen.in_flight, seen.tasks, seen.loss) == (office.now, 2, None, None, None)
        await office.feedback_from_above.send((1, "thanks"))
        await office.feedback_to_below.receive()
    assert glimpses() == []


def test_runs_side_by_side_are_seen_in_the_order_in_which_they_began(glimpses):
    seen = []

    async def both():
        async with trio.open_nursery() as nursery:
            for tasks in (3, 5):
                client = Client(
                    [(0.0, None)] * tasks, lambda _output, _target: (seen.append(glimpses()), (0.0, 1.0))[1]
                )
                nursery.start_soon(lambda client=client: simulate_in_trio(clerk("alex"), client, mail=MAIL))

    trio.run(both)
    assert max(map(len, seen)) == 2
    for each in seen:
        assert [glimpse.number for glimpse in each] == sorted(glimpse.number for glimpse in each)


@pytest.mark.unwatched
def test_a_look_from_another_thread_changes_nothing_and_sees_what_may_be(glimpses):
    over, seen = Event(), []

    def watch():
        while not over.is_set():
            seen.extend(glimpses())

    alone = a_run(tasks=3000)
    thread = Thread(target=watch)
    thread.start()
    try:
        watched = a_run(tasks=3000)
    finally:
        over.set()
        thread.join()
    assert watched.journal.to_bytes() == alone.journal.to_bytes()
    assert seen
    for glimpse in seen:
        assert 0 <= glimpse.spoken_of <= 3000
        assert 0 <= glimpse.in_flight <= 3000
        assert 0 <= glimpse.time <= alone.time + 10**7
        assert 0 <= glimpse.messages <= 2 * len(alone.journal)
    assert [glimpse.spoken_of for glimpse in seen] == sorted(glimpse.spoken_of for glimpse in seen)


def test_a_search_through_orders_tells_how_many_have_been_run(glimpses):
    def chart():
        return Worker(lambda task: (task, lambda feedback: feedback), "alex")

    client = Client([("a", None), ("b", None)], lambda _output, _target: (0.0, "re"))
    seen = [glimpses()[0].orders for _ in Orders(chart, client, late="*.inbox", reduce=False)]
    assert seen == [1, 2]
    assert glimpses() == []
