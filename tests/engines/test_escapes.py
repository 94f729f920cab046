"""Desks that wait for something that is not mail: refused by name and line, or waited for, and nothing else changes."""

import random
from functools import partial
from math import inf

import numpy as np
import pytest
import trio
from hypothesis import given, settings
from hypothesis import strategies as st
from trio.testing import MockClock

from office import (
    NO_FEEDBACK,
    Chain,
    Client,
    Linear,
    Team,
    Worker,
    compose,
    in_turn,
    open_office,
    simulate,
    simulate_in_trio,
    squared_error,
)
from office.desks import workers
from office.errors import BadChart, BadClient, BadConditions, Deadlock, EscapedWait, WrongType
from office.orders.untimed_run import replay
from office.work import Once
from tests.engines.building import all_of_it, office_of
from tests.engines.offices import offices, troubled_offices
from tests.mail.waiting import a_second_at_most, line_of
from tests.tiers import examples

MS = 1_000_000
MAIL = "delay 5ms"


def echo(inputs):
    return inputs, lambda feedback: feedback


async def at_once(inputs):
    return echo(inputs)


async def busy(inputs):
    for _ in range(4):
        await trio.lowlevel.checkpoint()
    return echo(inputs)


async def sleeps(inputs):
    await trio.sleep(0.001)
    return echo(inputs)


async def asks(inputs):
    async with trio.open_nursery() as nursery:
        nursery.start_soon(trio.to_thread.run_sync, int)
        nursery.start_soon(ask, inputs)
    return echo(inputs)


async def ask(question):
    await trio.sleep(0.001)
    return question


def replies_slowly(inputs):
    async def handle_feedback(feedback):
        return await ask(feedback)

    return inputs, handle_feedback


def client(tasks=3, **options):
    options = {"feedback": lambda output, target: (0.0, f"re {output}")} | options
    return Client([(f"task {number}", None) for number in range(tasks)], **options)


# Refused


@pytest.mark.parametrize(
    ("estimator", "where", "text"),
    [(sleeps, sleeps, "trio.sleep"), (asks, ask, "trio.sleep"), (replies_slowly, ask, "trio.sleep")],
)
def test_a_wait_at_a_desk_comes_out_bare_with_desk_task_line_and_time(estimator, where, text):
    chart = Team([Worker(echo, "alex"), Worker(estimator, "bo")], allocate=in_turn)
    with pytest.raises(EscapedWait, match=r"^team/bo: task 1 waits for something that is not mail") as caught:
        simulate(chart, client(), mail=MAIL)
    file, number = line_of(where, text)
    assert (file, number) in caught.value.places
    assert f'File "{file}", line {number}, in {where.__name__}' in str(caught.value)
    when = "30 ms" if estimator is replies_slowly else "10 ms"
    assert caught.value.__notes__ == [f"at {when} of virtual time"]


def test_people_above_who_take_their_time_in_earnest_are_refused_as_the_client():
    async def feedback(output, target):
        return 0.0, await ask(output)

    with pytest.raises(EscapedWait, match=r"^client: task 0 waits for something that is not mail") as caught:
        simulate(Worker(echo, "alex"), client(feedback=feedback), mail=MAIL)
    assert caught.value.places == (line_of(ask, "trio.sleep"),)
    assert caught.value.__notes__ == ["at 10 ms of virtual time"]


async def test_a_wait_at_a_desk_comes_out_of_an_open_office_in_a_group():
    with pytest.RaisesGroup(pytest.RaisesExc(EscapedWait, match="^sleeps: task 'first' waits")):
        async with open_office(sleeps) as office:
            await office.inbox.send(("first", "table"))
            await office.outbox.receive()


async def test_a_task_outside_may_wait_for_whatever_it_likes():
    async with (
        open_office(Worker(busy, "alex"), mail=MAIL, leave_pending=True) as office,
        trio.open_nursery() as nursery,
    ):
        nursery.start_soon(trio.sleep, 0.002)
        await trio.to_thread.run_sync(int)
        await office.inbox.send((1, "table"))
        assert await office.outbox.receive() == (1, "table")


async def test_an_estimator_may_wait_for_an_office_of_its_own():
    """Somebody in there can always run; and it says which line waits where nobody can."""

    def front_for(estimator):
        async def casey(inputs):
            chart = Team([Worker(estimator, "dani"), Worker(echo, "ely")], allocate=in_turn)
            run = await simulate_in_trio(
                chart, Client([(inputs, None)] * 2, lambda *_: (0.0, "re")), mail="delay 3600s"
            )
            return run.outputs[0], lambda feedback: feedback

        return Worker(casey, "casey")

    run = await simulate_in_trio(front_for(busy), client(), mail="delay 5ms")
    assert run.outputs == {0: "task 0", 1: "task 1", 2: "task 2"}
    with pytest.raises(EscapedWait) as caught:
        await simulate_in_trio(front_for(sleeps), client(), mail="delay 5ms")
    assert caught.value.places == (line_of(sleeps, "trio.sleep"),)


@pytest.mark.parametrize("escapes", ["allow", None, True])
def test_there_are_two_things_that_can_become_of_waits(escapes):
    with pytest.raises(BadConditions, match='escapes is "refuse" or "wait", not'):
        simulate(Worker(echo), client(), escapes=escapes)


# Where nothing is to be waited for


class Outside:
    """Does what another estimator does, and waits as it pleases before each thing that it does."""

    def __init__(self, estimator, wait):
        self.estimator, self.wait = estimator, wait

    async def __call__(self, inputs):
        await self.wait()
        output, handle_feedback = self.estimator(inputs)

        async def handle(feedback):
            await self.wait()
            return handle_feedback(feedback)

        handle.hears_no_feedback = getattr(handle_feedback, "hears_no_feedback", False)
        return output, handle


def waits_of(rng):
    """Now nothing, now a checkpoint, now a sleep, now two children who sleep; no real time passes."""

    async def nap():
        await trio.sleep(rng.expovariate(1))

    async def two_naps():
        async with trio.open_nursery() as nursery:
            nursery.start_soon(nap)
            nursery.start_soon(nap)

    async def nothing():
        pass

    async def wait():
        await rng.choice([nothing, trio.lowlevel.checkpoint, nap, two_naps])()

    return wait


def run_outside(wait, escapes, chart, client, **options):
    """`simulate` with all desks and the client waiting outside."""
    for worker in workers(chart):
        worker.estimator = Outside(worker.estimator, wait)

    async def feedback(output, target):
        await wait()
        return at_once(output, target)

    at_once = client.feedback
    object.__setattr__(client, "feedback", feedback)
    run = partial(simulate_in_trio, chart, client, escapes=escapes, **options)
    return trio.run(run, clock=MockClock(autojump_threshold=0))


ANY_OFFICE = st.one_of(offices(capacities=(None, None, 1, 2)), troubled_offices(["delay 5ms 5ms loss 5%", "delay 9ms"]))


@given(ANY_OFFICE, st.integers(0, 9))
def test_an_office_comes_to_the_same_however_long_its_desks_wait_outside(data, seed):
    rng = random.Random(seed)  # noqa: S311
    assert all_of_it(*office_of(data, partial(run_outside, waits_of(rng), "wait"))) == all_of_it(*office_of(data))


@given(ANY_OFFICE)
@settings(max_examples=examples(30))
def test_an_office_whose_desks_are_asynchronous_and_never_wait_is_like_any_other(data):
    run = partial(run_outside, trio.lowlevel.checkpoint, "refuse")
    assert all_of_it(*office_of(data, run)) == all_of_it(*office_of(data))


def test_an_open_office_keeps_the_same_journal_however_long_its_desks_wait_outside():
    async def day(wait):
        chart = Team([Worker(Outside(echo, wait), name) for name in ("alex", "bo")], allocate=in_turn)
        async with open_office(chart, mail="delay 5ms 5ms", escapes="wait") as office, trio.open_nursery() as people:

            async def submit():
                for number in range(9):
                    await office.inbox.send((number, "table"))
                    await office.sleep("3ms")

            async def reply():
                for _ in range(9):
                    task_id, _ = await office.outbox.receive()
                    await office.feedback_from_above.send((task_id, "re"))

            people.start_soon(submit)
            people.start_soon(reply)
            for _ in range(9):
                await office.feedback_to_below.receive()
        return office.journal.to_bytes()

    waits = [waits_of(random.Random(seed)) for seed in range(6)]  # noqa: S311
    journals = {trio.run(day, wait, clock=MockClock(autojump_threshold=0)) for wait in waits}
    assert len(journals) == 1


def test_a_worker_with_weights_learns_outside_as_inside():
    tasks = [(np.full((2, 2), number / 9), np.ones(2)) for number in range(9)]
    journals, weights = [], []
    for wrap in (lambda estimator: estimator, lambda estimator: Outside(estimator, partial(trio.sleep, 0))):
        linear = Linear.drawn(2, rule=0.1, seed=1)
        run = simulate(
            Worker(wrap(linear), "alex"), Client(tasks, squared_error), mail="delay 5ms 4ms", snapshots="1ms"
        )
        journals.append(run.journal)
        weights.append([linear.weights.tobytes(), *(snapshot.weights[0][1][0].tobytes() for snapshot in run.snapshots)])
    assert journals[0].learnt["alex"] == journals[1].learnt["alex"] != []
    assert journals[0].to_bytes() == journals[1].to_bytes()
    assert weights[0] == weights[1]


def test_a_callback_that_waits_hears_that_there_will_be_no_feedback():
    heard = []

    async def handle(feedback):
        await trio.sleep(0.001)
        heard.append(feedback)

    def estimate(inputs):
        handle_feedback = Once(handle, None, hear_nothing=lambda: handle(NO_FEEDBACK))
        return inputs, handle_feedback

    run = simulate(
        Worker(estimate, "alex"), client(2, patience="1s"), expire="50ms", escapes="wait",
        mail={"alex.feedback_from_above": "delay 100ms"},
    )  # fmt: skip
    assert heard == [NO_FEEDBACK, NO_FEEDBACK]
    assert run.feedback_below == {0: NO_FEEDBACK, 1: NO_FEEDBACK}
    assert run.pending == {"alex": 0}
    assert run.strays == {"alex": 2}


def test_what_goes_wrong_in_an_asynchronous_estimator_says_where_and_when():
    async def fails(inputs):
        raise ZeroDivisionError

    async def answers_badly(inputs):
        return "no callback at all, you see"

    with pytest.raises(ZeroDivisionError) as caught:
        simulate(Worker(fails, "alex"), client(), mail=MAIL)
    assert caught.value.__notes__ == ["desk alex, task 0", "at 5 ms of virtual time"]
    with pytest.raises(WrongType, match="alex: the answer for task 0 is 'no callback at all, you see', and no pair"):
        simulate(Worker(answers_badly, "alex"), client(), mail=MAIL)


# Where no desk can wait


@pytest.mark.parametrize("estimator", [at_once, replies_slowly])
def test_where_there_is_no_time_no_desk_waits(estimator):
    outcome = replay(lambda: Worker(estimator, "alex"), client(1), "0")
    assert isinstance(outcome.error, BadChart)
    assert "no desk may wait here" in str(outcome.error)
    assert outcome.error.__notes__ == ["desk alex, task 0"]


async def slow_feedback(output, target):
    return 0.0, output


class SlowFeedback:
    async def __call__(self, output, target):
        return 0.0, output


@pytest.mark.parametrize("feedback", [slow_feedback, SlowFeedback()])
def test_where_there_is_no_time_the_people_above_do_not_wait_either(feedback):
    with pytest.raises(BadClient, match="where there is no time nobody can wait: feedback is not to be asynchronous"):
        replay(lambda: Worker(echo, "alex"), client(1, feedback=feedback), "0")


def test_where_gradients_are_compared_no_desk_waits():
    with pytest.raises(BadChart, match="no desk may wait here"):
        simulate(Worker(at_once, "alex"), client(), fresh_gradients=True)
    with pytest.raises(BadClient, match="where gradients are compared nobody can wait"):
        simulate(Worker(echo, "alex"), client(feedback=slow_feedback), fresh_gradients=True)


# Waits without end


async def test_a_desk_that_waits_for_what_never_comes_is_a_deadlock():
    async def waits(inputs):
        await trio.Event().wait()

    with a_second_at_most(), pytest.raises(Deadlock) as caught:
        await simulate_in_trio(Worker(waits, "alex"), client(), mail=MAIL, escapes="wait")
    lines = str(caught.value).splitlines()
    assert lines[:2] == ["everybody is waiting at 5 ms", "  alex: task 0 waits for what no task will do"]
    file, number = line_of(waits, "Event")
    assert lines[2] == f'  File "{file}", line {number}, in waits'


async def test_a_desk_and_a_block_that_wait_for_each_other_are_a_deadlock():
    knock = trio.Event()

    async def waits(inputs):
        await knock.wait()

    complaint = pytest.RaisesExc(Deadlock, match="alex: task 1 waits for what no task will do")
    with a_second_at_most(), pytest.RaisesGroup(complaint):
        async with open_office(Worker(waits, "alex"), mail=MAIL, escapes="wait") as office:
            await office.inbox.send((1, "table"))
            await office.outbox.receive()
            knock.set()


async def test_a_desk_that_waits_for_its_own_office_is_a_deadlock():
    async def impatient(inputs):
        await offices[0].sleep("5ms")

    offices = []
    with a_second_at_most(), pytest.RaisesGroup(pytest.RaisesExc(Deadlock, match="in impatient")):
        async with open_office(Worker(impatient, "alex"), escapes="wait") as office:
            offices.append(office)
            await office.inbox.send((1, "table"))
            await office.outbox.receive()


# From outside


async def test_a_desk_may_wait_for_a_task_outside():
    knock, listening = trio.Event(), trio.Event()

    async def waits(inputs):
        listening.set()
        await knock.wait()
        return echo(inputs)

    async with open_office(Worker(waits, "alex"), mail=MAIL, escapes="wait", leave_pending=True) as office:

        async def knock_in_time():
            await listening.wait()
            assert office.now == 5 * MS
            knock.set()

        async with trio.open_nursery() as people:
            people.start_soon(knock_in_time)
            await office.inbox.send((1, "table"))
            assert await office.outbox.receive() == (1, "table")
        assert office.now == 10 * MS


async def test_an_alarm_that_is_set_while_a_desk_waits_rings_in_time(autojump_clock):
    async with open_office(Worker(slow, "alex"), mail=MAIL, escapes="wait", leave_pending=True) as office:
        rung = []

        async def sets_an_alarm():
            await trio.sleep(1)
            assert office.now == 5 * MS
            await office.sleep("2ms")
            rung.append((office.now, trio.current_time()))

        async with trio.open_nursery() as people:
            people.start_soon(sets_an_alarm)
            await office.inbox.send((1, "table"))
            await office.outbox.receive()
            assert (office.now, trio.current_time()) == (10 * MS, 10)
        assert rung == [(7 * MS, 10)]


async def slow(inputs):
    await trio.sleep(10)
    return echo(inputs)


# Cancellation


async def several_things(escapes):
    async with trio.open_nursery() as nursery:
        nursery.start_soon(busy, None)
        nursery.start_soon(busy, None)
        if escapes == "wait":
            nursery.start_soon(trio.to_thread.run_sync, int)
            nursery.start_soon(trio.sleep, 0.001)
        with trio.CancelScope(shield=True):
            await busy(None)


def busy_chart(escapes):
    alex, bo = (Worker(Outside(echo, partial(several_things, escapes)), name) for name in ("alex", "bo"))
    return Chain([alex, Team([bo, Worker(echo, "casey")], allocate=in_turn)])


async def simulated(escapes):
    await simulate_in_trio(busy_chart(escapes), client(100, in_flight=3), mail="delay 5ms 5ms", escapes=escapes)


async def opened(escapes):
    async with open_office(busy_chart(escapes), mail=MAIL, escapes=escapes) as office:
        for number in range(100):
            await office.inbox.send((number, "table"))
            await office.feedback_from_above.send(await office.outbox.receive())
            await office.feedback_to_below.receive()


@pytest.mark.unwatched
@pytest.mark.parametrize("escapes", ["refuse", "wait"])
@pytest.mark.parametrize("engine", [simulated, opened])
def test_an_office_that_is_cancelled_while_its_desks_wait_leaves_no_task_and_no_error_behind(engine, escapes):
    async def cancelled_after(checkpoints):
        before = trio.lowlevel.current_statistics().tasks_living
        async with trio.open_nursery() as nursery:
            nursery.start_soon(engine, escapes)
            for _ in range(checkpoints):
                await trio.lowlevel.checkpoint()
            nursery.cancel_scope.cancel()
        assert trio.lowlevel.current_statistics().tasks_living == before

    for checkpoints in range(0, 240, 3):
        trio.run(cancelled_after, checkpoints)


async def test_a_refusal_leaves_no_task_behind():
    for estimator in (sleeps, asks, replies_slowly):
        before = trio.lowlevel.current_statistics().tasks_living
        with pytest.raises(EscapedWait):
            await simulate_in_trio(Worker(estimator, "alex"), client(), mail=MAIL)
        assert trio.lowlevel.current_statistics().tasks_living == before


async def test_cancelling_an_office_complains_of_no_wait_that_it_ended():
    waiting, stubbornness = trio.Event(), []

    async def stubborn(inputs):
        done = trio.Event()

        async def does_something_first():
            for _ in range(20):
                await trio.lowlevel.cancel_shielded_checkpoint()
            done.set()

        async with trio.open_nursery() as nursery:
            nursery.start_soon(does_something_first)
            waiting.set()
            with pytest.raises(trio.Cancelled):
                await done.wait()
            stubbornness.append("so what")
        return echo(inputs)

    async def ask_him():
        async with open_office(stubborn) as office:
            await office.inbox.send((1, "table"))
            await office.outbox.receive()

    async with trio.open_nursery() as nursery:
        nursery.start_soon(ask_him)
        await waiting.wait()
        nursery.cancel_scope.cancel()
    assert stubbornness == ["so what"]


def test_a_chart_of_asynchronous_workers_can_be_composed_of_one():
    """`compose` gives back the estimator itself, to be awaited by its caller."""
    assert trio.run(compose(Worker(at_once)), 1)[0] == 1


@pytest.mark.parametrize("waits_for_a_while", [False, True])
async def test_a_wait_for_what_no_task_will_do_is_a_deadlock_at_once_though_the_whole_run_has_a_deadline(
    waits_for_a_while, autojump_clock
):
    async def waits(inputs):
        with trio.move_on_after(5 if waits_for_a_while else inf):
            await trio.Event().wait()
        return inputs, lambda feedback: feedback

    client = Client([(1, 0.0)], lambda output, target: (target, output))
    with trio.fail_after(60):
        if waits_for_a_while:
            assert (await simulate_in_trio(Worker(waits, "alex"), client, escapes="wait")).submitted == 1
        else:
            with pytest.raises(Deadlock):
                await simulate_in_trio(Worker(waits, "alex"), client, escapes="wait")
    assert trio.current_time() == (5 if waits_for_a_while else 0)
