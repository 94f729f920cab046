"""What bad input gets: a clear error that names desk, task and what was expected, and nothing is changed by it."""

import itertools
import math
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction
from functools import partial

import numpy as np
import pytest
import trio

from office import (
    NO_FEEDBACK,
    Chain,
    Client,
    Journal,
    Linear,
    LinearTotal,
    Team,
    Worker,
    average,
    by,
    every,
    explore,
    in_turn,
    newest_first,
    open_office,
    poisson,
    random_pick,
    relu,
    simulate,
    squared_error,
)
from office.errors import (
    AlreadyAnswered,
    BadAllocation,
    BadChart,
    BadClient,
    BadConditions,
    BadTaskID,
    BadTime,
    Deadlock,
    DuplicateTask,
    FeedbackNeverCame,
    NotANumber,
    OfficeError,
    TimeStandsStill,
    UnknownTask,
    WrongShape,
    WrongType,
)
from tests.engines.building import bits, tables


def echo(inputs):
    """Says again what it is told, both ways; so bodies may be words."""
    return inputs, lambda feedback: feedback


def words(output, target):
    return 0.0, f"re {output}"


def team(*names, **more):
    return Team([Worker(partial(echo), name) for name in names], "estimates", **more)


def linear_team(**more):
    workers = [LinearTotal.drawn(2, seed=seed) for seed in range(2)]
    members = [Worker(worker, name) for worker, name in zip(workers, ("alex", "bo"), strict=True)]
    return Team(members, "estimates", **more), workers


class Raised:
    """The one error that came out of a block, out of its exception groups."""

    def __enter__(self):
        return self

    def __exit__(self, kind, error, _):
        assert isinstance(error, BaseExceptionGroup)
        while isinstance(error, BaseExceptionGroup):
            (error,) = error.exceptions
        self.error = error
        return isinstance(error, Exception)


async def refused(chart, *mail, expected, text, **options):
    """What is sent to an office, as (channel, task_id, body) or a time to wait, is refused with just these words."""
    with Raised() as raised:
        async with open_office(chart, **options) as office:
            for each in mail:
                if isinstance(each, str):
                    await office.until(each)
                else:
                    channel, task_id, body = each
                    await getattr(office, channel).send((task_id, body))
                    await office.quiet()
    assert type(raised.error) is expected
    assert str(raised.error) == text
    return raised.error


ABOVE, INBOX = "feedback_from_above", "inbox"


async def test_feedback_for_a_task_that_is_not_pending_is_refused():
    text = "estimates: feedback for task 9, which is not pending here (pending: 3, 4)"
    mail = [(INBOX, 3, "plan"), (INBOX, 4, "plan"), (ABOVE, 9, "more")]
    await refused(team("alex", allocate=in_turn), *mail, expected=UnknownTask, text=text)


async def test_feedback_before_any_task_is_refused():
    text = "alex: feedback for task 'plan', which is not pending here (pending: none)"
    await refused(Worker(echo, "alex"), (ABOVE, "plan", "more"), expected=UnknownTask, text=text)


async def test_feedback_that_overtakes_the_result_is_refused_as_not_pending_yet():
    text = "estimates: feedback for task 3, which is not pending here (pending: none)"
    with Raised() as raised:
        async with open_office(team("alex"), mail={"estimates/alex.outbox": "delay 5ms"}) as office:
            await office.inbox.send((3, "plan"))
            await office.feedback_from_above.send((3, "more"))
            await office.quiet()
    assert (type(raised.error), str(raised.error)) == (UnknownTask, text)


async def test_second_feedback_says_who_heard_the_first_and_when():
    text = "estimates: second feedback for task 4; bo heard the first at 2.5 s"
    mail = [(INBOX, 3, "plan"), (INBOX, 4, "plan"), "2.5s", (ABOVE, 4, "more"), "3s", (ABOVE, 4, "more")]
    chart = team("alex", "bo", allocate=in_turn)
    error = await refused(chart, *mail, expected=AlreadyAnswered, text=text)
    assert "at 3 s of virtual time" in error.__notes__


async def test_second_feedback_to_a_worker_alone_says_when_it_heard_the_first():
    text = "alex: second feedback for task 'plan'; alex heard the first at 12 ms"
    mail = [(INBOX, "plan", "words"), (ABOVE, "plan", "more"), "20ms", (ABOVE, "plan", "less")]
    options = {"mail": {"*.inbox": "delay 5ms", "*.feedback_from_above": "delay 7ms"}}
    await refused(Worker(echo, "alex"), *mail, expected=AlreadyAnswered, text=text, **options)


async def test_feedback_of_another_shape_is_refused_and_teaches_nothing():
    alex = Linear.drawn(2)
    before = bits([alex.weights, alex.bias])
    text = "alex: feedback for task 3 has shape (), but the output had shape (4,)"
    mail = (INBOX, 3, np.ones((4, 2))), (ABOVE, 3, 1.0)
    await refused(Worker(alex, "alex"), *mail, expected=WrongShape, text=text)
    assert bits([alex.weights, alex.bias]) == before
    assert alex.heard == 0


@pytest.mark.parametrize(
    ("feedback", "expected", "text"),
    [
        (math.nan, NotANumber, "estimates: feedback for task 3 is NaN"),
        (np.float64("nan"), NotANumber, "estimates: feedback for task 3 is NaN"),
        (np.ones(2), WrongShape, "estimates: feedback for task 3 has shape (2,), but the output had shape ()"),
        ("more", WrongType, "estimates: feedback for task 3 is a str, and no real floating number"),
        (
            np.array(1j),
            WrongType,
            (
                "estimates: feedback for task 3 of dtype complex128 cannot be taken: take its real part, "
                "or pass both parts as columns"
            ),
        ),
    ],
)
@pytest.mark.parametrize("combine", [average, None])
async def test_feedback_that_is_no_feedback_is_refused_by_the_manager_and_teaches_no_worker(
    feedback, expected, text, combine
):
    chart, workers = linear_team(**({"combine": combine} if combine else {}))
    before = bits([[worker.weights, worker.bias] for worker in workers])
    mail = (INBOX, 3, np.ones((1, 2))), (ABOVE, 3, feedback)
    await refused(chart, *mail, expected=expected, text=text)
    assert bits([[worker.weights, worker.bias] for worker in workers]) == before
    assert [worker.heard for worker in workers] == [0, 0]


async def test_a_refused_feedback_leaves_the_tables_as_they_were():
    chart, _ = linear_team()
    with Raised() as raised:
        async with open_office(chart) as office:
            for task_id in 1, 2:
                await office.inbox.send((task_id, np.ones((1, 2))))
            await office.quiet()
            before = office.pending
            await office.feedback_from_above.send((1, math.nan))
            await office.quiet()
    assert type(raised.error) is NotANumber
    assert before == office.pending == {1: ["alex", "bo"], 2: ["alex", "bo"]}


async def test_a_task_that_is_already_pending_is_refused():
    mail = (INBOX, 4, "plan"), (INBOX, 4, "another plan")
    await refused(team("alex"), *mail, expected=DuplicateTask, text="estimates: task 4 is already pending")
    text = "alex: task 'plan' is already pending"
    mail = (INBOX, "plan", "words"), (INBOX, "plan", "words")
    await refused(Worker(echo, "alex"), *mail, expected=DuplicateTask, text=text)


async def test_a_task_id_may_be_used_again_once_it_is_done():
    async with open_office(team("alex", "bo", allocate=in_turn)) as office:
        for _ in range(3):
            await office.inbox.send((4, "plan"))
            assert await office.outbox.receive() == (4, "plan")
            await office.feedback_from_above.send((4, "more"))
            assert await office.feedback_to_below.receive() == (4, "more")


@pytest.mark.parametrize("task_id", [1.0, None, True, (1,), b"1", np.True_, np.float64(1)])
async def test_a_task_id_that_is_neither_int_nor_str_is_refused_where_it_is_sent(task_id):
    async with open_office(Worker(echo, "alex")) as office:
        for channel in office.inbox, office.feedback_from_above:
            with pytest.raises(BadTaskID, match="a task ID is an int or a str, not"):
                await channel.send((task_id, "plan"))
        assert office.pending == {}


@pytest.mark.parametrize("value", ["plan", 3, (3,), (3, "plan", "more"), [3, "plan"], None])
async def test_what_is_no_pair_is_refused_where_it_is_sent(value):
    async with open_office(Worker(echo, "alex")) as office:
        with pytest.raises(TypeError, match=r"alex.inbox carries pairs \(task_id, body\)"):
            await office.inbox.send(value)


@pytest.mark.parametrize(
    ("chosen", "text"),
    [
        ([], "estimates: the allocation for task 7 chose no member"),
        (["alex", 0], "estimates: the allocation for task 7 chose a member twice: ['alex', 0]"),
        ("casey", "estimates: the allocation for task 7 chose 'casey', which is not in the team (alex, bo)"),
        (2, "estimates: the allocation for task 7 chose 2, which is not in the team (alex, bo)"),
        (-1, "estimates: the allocation for task 7 chose -1, which is not in the team (alex, bo)"),
    ],
)
async def test_an_allocation_that_chooses_no_member_is_refused_before_any_member_gets_the_task(chosen, text):
    chart, asked = team("alex", "bo", allocate=by(lambda task_id, inputs: chosen)), (INBOX, 7, "plan")
    with Raised() as raised:
        async with open_office(chart) as office:
            await office.inbox.send(asked[1:])
    assert (type(raised.error), str(raised.error)) == (BadAllocation, text)
    assert office.pending == {}


# Whoever waits for ever


def deadlock_of(chart, client, **options):
    with pytest.raises(Deadlock) as raised:
        simulate(chart, client, **options)
    return [" ".join(line.split()) for line in str(raised.value).splitlines()]


async def test_a_deadlock_on_full_links_says_which_desk_waits_for_which_and_where():
    chart = Worker(echo, "estimates")
    with Raised() as raised:
        async with open_office(chart, capacity=1, mail="delay 12ms") as office:
            for task_id in range(4):
                await office.inbox.send((task_id, "plan"))
    assert type(raised.error) is Deadlock
    first, *lines = [" ".join(line.split()) for line in str(raised.error).splitlines()]
    assert first.startswith("everybody is waiting at ")
    assert lines[:3] == [
        "client waits to send: estimates.inbox is full (1 of 1)",
        "estimates waits to send: estimates.outbox is full (1 of 1)",
        "client is not reading estimates.outbox",
    ]


@pytest.mark.parametrize("lookahead", [True, False])
def test_a_desk_that_takes_no_task_while_the_people_above_wait_for_more_results_is_a_deadlock(lookahead):
    client = Client([("plan", None)] * 9, words, replies=newest_first(5))
    chart = Worker(echo, "alex", max_pending=2)
    assert deadlock_of(chart, client, mail="delay 3ms", lookahead=lookahead) == [
        "everybody is waiting at 6 ms",
        "alex takes no task: 2 of 2 wait for feedback",
        "client waits for 7 results",
    ]


def test_a_team_that_takes_no_task_is_named_in_the_deadlock():
    client = Client([("plan", None)] * 3, words, replies=newest_first(3))
    first, *lines = deadlock_of(team("alex", max_pending=2), client)
    assert (first, lines[0]) == ("everybody is waiting at 0 s", "estimates takes no task: 2 of 2 wait for feedback")


def test_who_waits_when_the_run_is_to_end_anyway_is_no_deadlock():
    client = Client([("plan", None)] * 9, words, replies=newest_first(5))
    run = simulate(Worker(echo, "alex", max_pending=2), client, mail="delay 3ms", until="1s")
    assert run.pending == {"alex": 2}
    assert run.time == 10**9


@pytest.mark.parametrize("wait", ["outbox", "feedback_to_below"])
async def test_waiting_at_the_front_desk_for_what_no_desk_sends_is_a_deadlock(wait):
    with Raised() as raised:
        async with open_office(Worker(echo, "alex")) as office:
            await getattr(office, wait).receive()
    assert type(raised.error) is Deadlock
    assert f"client waits for mail on alex.{wait}" in str(raised.error)


async def test_a_real_sleep_outside_is_no_deadlock():
    async with open_office(Worker(echo, "alex"), leave_pending=True) as office, trio.open_nursery() as nursery:

        async def send_soon():
            await trio.sleep(0.01)
            await office.inbox.send((1, "plan"))

        nursery.start_soon(send_soon)
        assert await office.outbox.receive() == (1, "plan")


async def test_feedback_that_never_came_is_listed_with_who_waits_for_it():
    chart = team("alex", "bo", "casey", allocate=by(lambda task_id, inputs: {7: "alex", 9: "bo"}[task_id]))
    with pytest.raises(FeedbackNeverCame) as raised:  # noqa: PT012
        async with open_office(chart) as office:
            for task_id in 7, 9:
                await office.inbox.send((task_id, "plan"))
    assert str(raised.value) == "estimates: 2 tasks still pending: 7 (alex), 9 (bo)"
    assert office.pending == {7: ["alex"], 9: ["bo"]}


async def test_feedback_that_never_came_to_one_worker_is_not_blamed_on_anybody_else():
    with pytest.raises(FeedbackNeverCame) as raised:
        async with open_office(Worker(echo, "alex")) as office:
            await office.inbox.send(("plan", "words"))
    assert str(raised.value) == "alex: 1 task still pending: 'plan'"


async def test_tasks_may_be_left_pending_on_purpose():
    async with open_office(Worker(echo, "alex"), leave_pending=True) as office:
        await office.inbox.send((7, "plan"))
    assert office.pending == {7: ["alex"]}


def test_an_office_that_never_leaves_an_instant_is_stopped():
    endless = itertools.repeat(("plan", None))
    client = Client(endless, words, in_flight=3, keep=False, arrivals=lambda rng: itertools.repeat(7_000_000))
    with pytest.raises(TimeStandsStill, match="more than 1,000 events at 7 ms: the office never leaves that instant"):
        simulate(Worker(echo, "alex"), client, in_an_instant=1000)


def test_an_office_with_much_to_do_at_one_instant_is_not_stopped():
    client = Client([("plan", None)] * 200, words, in_flight=3)
    run = simulate(Worker(echo, "alex"), client, in_an_instant=1000)
    assert len(run.journal) == 800


def test_a_client_without_end_that_lets_time_pass_is_not_stopped():
    client = Client(itertools.repeat(("plan", None)), words, in_flight=3, keep=False, arrivals=every("1us"))
    run = simulate(Worker(echo, "alex"), client, in_an_instant=1000, until="1ms")
    assert len(run.losses) == 1001


# A worker's own error

OOPS = ZeroDivisionError("oops")


def failing(inputs):
    if inputs == 2:
        raise OOPS
    return float(inputs), lambda feedback: feedback


def failing_at_feedback(inputs):
    def handle_feedback(feedback):
        if inputs == 2:
            raise OOPS
        return feedback

    return float(inputs), handle_feedback


@pytest.mark.parametrize(("worker", "time"), [(failing, "32 ms"), (failing_at_feedback, "56 ms")])
@pytest.mark.parametrize("lookahead", [True, False])
def test_a_worker_s_own_error_comes_out_of_simulate_as_it_is_with_word_of_desk_task_and_time(worker, time, lookahead):
    OOPS.__notes__ = []
    chart = Team([Worker(worker, "alex"), Worker(lambda inputs: echo(1.0), "bo")], "estimates")
    client = Client([(number, 0.0) for number in range(4)], lambda output, target: (0.0, 1.0), arrivals=every("10ms"))
    with pytest.raises(ZeroDivisionError) as raised:
        simulate(chart, client, mail="delay 6ms", lookahead=lookahead)
    assert raised.value is OOPS
    notes = "\n".join(OOPS.__notes__)
    assert "estimates/alex" in notes
    assert "task 2" in notes
    assert f"at {time} of virtual time" in notes


async def test_a_worker_s_own_error_comes_out_of_an_open_office_in_a_group():
    OOPS.__notes__ = []
    with Raised() as raised:
        async with open_office(Worker(failing, "alex"), leave_pending=True) as office:
            await office.until("3ms")
            for task_id in range(4):
                await office.inbox.send((task_id, task_id))
    assert raised.error is OOPS
    notes = "\n".join(OOPS.__notes__)
    assert "alex" in notes
    assert "task 2" in notes
    assert "at 3 ms of virtual time" in notes


def test_a_refusal_in_simulate_names_desk_and_task_and_the_time_and_teaches_nothing():
    chart, workers = linear_team()
    before = bits([[worker.weights, worker.bias] for worker in workers])
    client = Client(tables(3), lambda output, target: (0.0, math.nan))
    with pytest.raises(NotANumber, match=r"^estimates: feedback for task 0 is NaN") as raised:
        simulate(chart, client, mail="delay 5ms")
    assert "at 25 ms of virtual time" in raised.value.__notes__
    assert bits([[worker.weights, worker.bias] for worker in workers]) == before


def test_tasks_of_another_shape_are_refused_by_the_worker_that_gets_them():
    chart, _ = linear_team(allocate=in_turn)
    client = Client([(np.ones((1, 2)), 0.0), (np.ones((1, 3)), 0.0)], lambda output, target: (0.0, 1.0))
    with pytest.raises(WrongShape, match=r"^estimates/bo: inputs for task 1 have 3 columns, where 2 are asked for"):
        simulate(chart, client)


# What is refused before anything runs


def plan(**changes):
    return Client(**{"tasks": [("plan", None)] * 3, "feedback": words} | changes)


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"feedback": "squared"}, "feedback is a function"),
        ({"in_flight": 0}, "in_flight is a whole number from 1, or None, not 0"),
        ({"in_flight": 1.5}, "in_flight is a whole number from 1, or None, not 1.5"),
        ({"in_flight": 2, "replies": newest_first(3)}, "wait for 3 results, but only 2 tasks may be in flight"),
        ({"in_flight": 2, "replies": random_pick(3)}, "wait for 3 results, but only 2 tasks may be in flight"),
        ({"epochs": 0}, "epochs is a whole number from 1, not 0"),
        ({"epochs": 2.0}, "epochs is a whole number from 1, not 2.0"),
        ({"epochs": 2, "tasks": iter([("plan", None)])}, "gone through only once"),
    ],
)
def test_a_client_that_contradicts_itself_is_refused_when_it_is_made(changes, text):
    with pytest.raises(BadClient, match=text):
        plan(**changes)


@pytest.mark.parametrize("make", [newest_first, random_pick])
@pytest.mark.parametrize("size", [0, -1, 1.5, None])
def test_people_who_keep_no_results_are_refused_when_they_are_made(make, size):
    with pytest.raises(BadClient, match="a whole number of results from 1"):
        make(size)


@pytest.mark.parametrize("rate", [0, -1.0, math.nan])
def test_a_rate_of_arrivals_that_is_not_positive_is_refused(rate):
    with pytest.raises(BadClient, match="positive rate"):
        poisson(rate)


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"arrivals": ["2ms", "1ms", "3ms"]}, "arrivals go back in time, from 2000000 to 1000000 ns"),
        ({"arrivals": ["1ms", "2ms"]}, "more tasks than arrival times: 3, and 2"),
        ({"arrivals": []}, "more tasks than arrival times: 3, and 0"),
        ({"tasks": [("plan", None), "p"]}, "task 1 is no pair"),
        ({"tasks": [5]}, "task 0 is no pair"),
        ({"tasks": [(1, 2, 3)]}, "task 0 is no pair"),
    ],
)
def test_a_client_whose_tasks_cannot_be_submitted_is_refused(changes, text):
    with pytest.raises(BadClient, match=text):
        simulate(Worker(echo, "alex"), plan(**changes))


@pytest.mark.parametrize("engine", ["simulate", "open_office"])
@pytest.mark.parametrize(
    ("options", "expected", "text"),
    [
        ({"mail": "delay 20xs"}, BadConditions, r'"delay 20xs": unknown unit "xs" in "20xs" \(s, ms, us, ns\)'),
        ({"mail": "dely 20ms"}, BadConditions, 'unknown word "dely"'),
        ({"mail": {"*.inbox": "", "bo.*": ""}}, BadConditions, r'"bo\.\*" names no link \(links: alex.inbox, '),
        ({"mail": {"alex.inbocks": ""}}, BadConditions, '"alex.inbocks" names no link'),
        ({"mail": 5}, BadConditions, "mail conditions are a string, not 5"),
        ({"capacity": {"bo.*": 1}}, BadConditions, r'"bo\.\*" names no link'),
        ({"capacity": 0}, BadConditions, "a whole number of messages from 1"),
        ({"capacity": 1.5}, BadConditions, "a whole number of messages from 1"),
    ],
)
async def test_conditions_that_make_no_sense_are_refused_before_anything_runs(engine, options, expected, text):
    asked = []
    chart = Worker(asked.append, "alex")
    with pytest.raises(expected, match=text):  # noqa: PT012
        if engine == "simulate":
            await trio.to_thread.run_sync(lambda: simulate(chart, plan(), **options))
        else:
            async with open_office(chart, **options):
                pass
    assert not asked


def test_the_links_of_a_large_office_are_not_all_listed_in_an_error():
    with pytest.raises(BadConditions, match=r"\(links: estimates.inbox, .*, …\)$"):
        simulate(team("alex", "bo"), plan(), mail={"bo.*": ""})


@pytest.mark.parametrize("time", [1.5, -1, "5xs"])
def test_an_end_that_is_no_time_is_refused(time):
    with pytest.raises(BadTime):
        simulate(Worker(echo, "alex"), plan(), until=time)


@pytest.mark.parametrize("options", [{"max_pending": 0}, {"max_pending": 1.5}, {"prefers": "nothing"}])
def test_a_desk_that_could_never_work_is_refused(options):
    with pytest.raises(BadChart):
        simulate(Worker(echo, "alex", **options), plan())


@pytest.mark.parametrize("time", ["5xs", -1, 1.5])
def test_a_service_time_that_is_no_time_is_refused(time):
    with pytest.raises(OfficeError):
        simulate(Worker(echo, "alex", answer_time=time), plan())


def test_two_desks_of_one_name_are_refused():
    inner = Chain([Worker(echo, "bo")]), Chain([Worker(echo, "bo")])
    with pytest.raises(BadChart, match="two desks are named 'estimates/bo'"):
        simulate(Team(inner, "estimates"), plan())


def test_a_desk_named_as_the_client_is_refused():
    with pytest.raises(BadChart, match="two desks are named 'client'"):
        simulate(Worker(echo, "client"), plan())


def test_a_client_that_cannot_read_for_sending_is_a_deadlock():
    client = Client([("plan", None)] * 9, words)
    first, *lines = deadlock_of(Worker(echo, "estimates"), client, capacity=1)
    assert first == "everybody is waiting at 0 s"
    assert "client waits to send: estimates.inbox is full (1 of 1)" in lines


ENDLESS = """
import itertools, resource
from office import *
from office.errors import TimeStandsStill
resource.setrlimit(resource.RLIMIT_AS, (2 << 30,) * 2)
client = Client(itertools.repeat((1, 0)), lambda o, t: (0.0, 1.0), keep=False)
try: simulate(Worker(lambda i: (i, lambda f: f), "a"), client, mail={mail!r}, in_an_instant=1000)
except TimeStandsStill: pass
else: raise SystemExit(1)
"""


@pytest.mark.parametrize("mail", ["", "delay 3ms"])
def test_an_endless_client_at_one_instant_is_stopped(mail):
    subprocess.run([sys.executable, "-c", ENDLESS.format(mail=mail)], check=True, timeout=30)


@pytest.mark.parametrize(
    "changes", [{"tasks": 5}, {"arrivals": 5}, {"replies": 5}, {"in_flight": True}, {"epochs": True}]
)
def test_a_client_of_the_wrong_kind_is_refused(changes):
    with pytest.raises(BadClient):
        Client(**({"tasks": [(1, 0)], "feedback": words} | changes))


def test_too_few_arrival_times_are_refused_before_anybody_works():
    with pytest.raises(BadClient, match="more tasks than arrival times: 3, and 2"):
        Client([(1, 0)] * 3, words, arrivals=[0, "1ms"])


def test_an_error_of_the_people_above_names_the_task_and_the_time():
    client = Client([(np.ones((2, 1)), 0.0)], squared_error)
    with pytest.raises(WrongShape) as raised:
        simulate(Worker(Linear([1.0], 5.0), "a"), client, mail="delay 3ms")
    assert str(raised.value).startswith("client: ")
    assert " for task 0 " in str(raised.value)
    assert "at 6 ms of virtual time" in raised.value.__notes__


# A loss that is none

NO_LOSSES = [
    (None, WrongType, "None (NoneType)"),
    (True, WrongType, "True (bool)"),
    (np.True_, WrongType, "True (bool)"),
    ("2.5", WrongType, "2.5 (str)"),
    (b"2.5", WrongType, "b'2.5' (bytes)"),
    (np.str_("2.5"), WrongType, "2.5 (str_)"),
    (1j, WrongType, "1j (complex)"),
    (np.complex64(1), WrongType, "(1+0j) (complex64)"),
    (np.ones(2), WrongType, "of shape (2,) (ndarray)"),
    (np.array([1.0]), WrongType, "of shape (1,) (ndarray)"),
    (np.ma.masked, WrongType, "-- (MaskedConstant)"),
    (np.timedelta64(1), WrongType, "1 generic time units (timedelta64)"),
    (Decimal("2.5"), WrongType, "2.5 (Decimal)"),
    ([1.0], WrongType, "[1.0] (list)"),
    (math.nan, NotANumber, "nan"),
    (np.float32("nan"), NotANumber, "nan"),
    (-math.inf, NotANumber, "-inf"),
    (np.array(math.inf), NotANumber, "inf"),
    (10**400, NotANumber, "inf"),
]
WHY = {WrongType: ", and not one real number", NotANumber: ": the run has diverged"}


@pytest.mark.parametrize(("loss", "expected", "quoted"), NO_LOSSES)
def test_a_loss_that_is_no_finite_number_is_refused_at_once_by_task(loss, expected, quoted):
    client = Client([("plan", 1.5), ("plan", loss), ("plan", 1.5)], lambda output, target: (target, 1.0), in_flight=1)
    text = f"client: loss for task 1 is {quoted}{WHY[expected]}"
    with pytest.raises(expected) as raised:
        simulate(Worker(echo, "alex"), client)
    assert (type(raised.value), str(raised.value)) == (expected, text)
    smallest = str(explore(lambda: Worker(echo, "alex"), client))
    assert f"{expected.__name__}: {text.replace('task 1', 'task 0')}" in smallest


async def said_later(output, target):
    await trio.lowlevel.checkpoint()
    return target, 1.0


@pytest.mark.parametrize("feedback", [lambda output, target: (target, 1.0), said_later])
def test_losses_of_any_real_kind_are_kept_as_floats_and_a_journal_of_them_comes_back(feedback, tmp_path):
    losses = [np.float32(1.5), np.float64(0.5), np.float16(2.5), np.array(3.5), np.array(4, np.int8), 5, np.uint8(6)]
    losses += [np.longdouble(7), Fraction(1, 2), np.array(1.5, np.float32), np.mean(np.ones(3, np.float32))]
    options = {"escapes": "wait"} if feedback is said_later else {}
    run = simulate(Worker(echo, "alex"), Client([("plan", loss) for loss in losses], feedback), **options)
    expected = [1.5, 0.5, 2.5, 3.5, 4.0, 5.0, 6.0, 7.0, 0.5, 1.5, 1.0]
    assert run.losses.tolist() == expected
    run.journal.save(tmp_path / "run.jsonl")
    assert [(loss.loss, type(loss.loss)) for loss in Journal.load(tmp_path / "run.jsonl").losses] == [
        (loss, float) for loss in expected
    ]


@pytest.mark.parametrize("answer", [None, "words", NO_FEEDBACK, 7])
def test_what_a_callback_returns_at_the_bottom_is_for_the_client_and_above_others_for_them_to_refuse(answer):
    def alex(inputs):
        return inputs, lambda feedback: answer

    def reply(output, target):
        return 0.0, np.ones(1)

    tasks = [(np.ones(1), None)]
    for chart in (Worker(alex, "alex"), Chain([Worker(alex, "alex"), Worker(relu, "bo")])):
        assert simulate(chart, Client(tasks, reply)).feedback_below == {0: answer}
    above = Chain([Worker(relu, "bo"), Worker(alex, "alex")])
    if answer is NO_FEEDBACK:
        assert simulate(above, Client(tasks, reply)).feedback_below == {0: answer}
    else:
        with pytest.raises(WrongType, match="bo: feedback for task 0 is "):
            simulate(above, Client(tasks, reply))
