"""Desks that take their time: the closed forms of queueing, and what a desk takes first."""

from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from office import Client, Team, Worker, all_at_once, every, newest_first, poisson, simulate
from office.testing.strategies import chart_data, paces
from tests.engines.building import client_of, fresh, within_standard_errors
from tests.engines.offices import SLOW_MAIL
from tests.tiers import is_thorough

MS = 1_000_000


def echo(inputs):
    return inputs, lambda feedback: feedback


def words(output, target):
    return 0.0, "more"


def plans(count):
    return [(f"plan {number}", None) for number in range(count)]


def run(count, mail="", arrivals="0", replies=None, in_flight=None, until=None, **pace):
    client = Client(
        plans(count),
        words,
        arrivals=arrivals if callable(arrivals) else every(arrivals),
        in_flight=in_flight,
        **({"replies": replies} if replies else {}),
    )
    return simulate(Worker(echo, "alex", **pace), client, mail=mail, until=until)


def on(journal, link):
    """What went over a link: times sent, times arrived, tasks, in order of arrival."""
    mail = journal.mail
    here = mail.link == journal.place_of(link)
    return mail.sent[here], mail.arrived[here], mail.task[here]


def took(journal, channel):
    """The tasks in the order in which alex was done with what came on a channel."""
    return on(journal, {"inbox": "alex.outbox", "feedback_from_above": "alex.feedback_to_below"}[channel])[2].tolist()


# A queue with one server. Arrivals at random, `RATE` a second; `TIME` is the mean time for a task.

COUNT = 20_000 if is_thorough() else 6_000
RATE, TIME = 70, 0.010
LOAD = RATE * TIME


@pytest.fixture(scope="module", params=["", "delay 3ms"], ids=["instants", "windows"])
def mail(request):
    return request.param


@cache
def times_in_system(mail, answer_time):
    """How long each task was with alex, in seconds, from when it arrived until its result was sent."""
    journal = run(COUNT, mail, poisson(RATE), answer_time=answer_time).journal
    (_, arrived, asked), (sent, _, answered) = on(journal, "alex.inbox"), on(journal, "alex.outbox")
    assert asked.tolist() == answered.tolist() == list(range(COUNT))
    return (sent - arrived) / 1e9


@pytest.mark.unwatched
def test_random_arrivals_and_random_times_make_the_queue_of_markov(mail):
    """M/M/1: the mean time in the system is 1/(μ − λ) (Kleinrock, *Queueing Systems*, volume 1, 1975, section 3.2)."""
    in_system = times_in_system(mail, "10ms 10ms distribution exponential")
    assert within_standard_errors(in_system, 1 / (1 / TIME - RATE))
    # The time in the system is exponential too: its median is ln 2 of its mean.
    assert np.median(in_system) == pytest.approx(np.log(2) / (1 / TIME - RATE), rel=0.1)


@pytest.mark.unwatched
def test_random_arrivals_and_equal_times_wait_half_as_long(mail):
    """M/D/1: the mean wait is ρ/(2μ(1 − ρ)), by the formula of Pollaczek and Khinchine."""
    wait = times_in_system(mail, "10ms") - TIME
    assert wait.min() == 0
    assert within_standard_errors(wait, LOAD * TIME / (2 * (1 - LOAD)))


def test_the_two_queues_can_be_told_apart(mail):
    """Else the bounds above would be worth nothing."""
    in_system = times_in_system(mail, "10ms")
    assert not within_standard_errors(in_system, 1 / (1 / TIME - RATE))
    assert not within_standard_errors(in_system, 1.2 * (TIME + LOAD * TIME / (2 * (1 - LOAD))))


# What a desk takes first


def test_first_come_is_first_served():
    # Answers end at 10, 20, 30 ms; feedback on the first is in the tray at 10 ms, after tasks that came at 0.
    assert story_of("first come") == ["plan 0", "plan 1", "plan 2", "re 0", "re 1", "re 2"]


def test_feedback_first_takes_feedback_before_tasks_that_came_earlier():
    assert story_of("feedback first") == ["plan 0", "re 0", "plan 1", "re 1", "plan 2", "re 2"]


def test_tasks_first_takes_tasks_before_feedback_that_came_earlier():
    assert story_of("first come", gap="8ms") == ["plan 0", "plan 1", "re 0", "plan 2", "re 1", "re 2"]
    assert story_of("tasks first", gap="8ms") == ["plan 0", "plan 1", "plan 2", "re 0", "re 1", "re 2"]


def story_of(prefers, gap="0"):
    """What alex does, in order: it takes 10 ms for each of three tasks, and 3 ms for each feedback on them."""
    log = []

    def estimator(inputs):
        log.append(inputs)
        return inputs, log.append

    client = Client(plans(3), lambda output, target: (0.0, output.replace("plan", "re")), arrivals=every(gap))
    simulate(Worker(estimator, "alex", answer_time="10ms", reply_time="3ms", prefers=prefers), client)
    return log


def test_letters_of_one_instant_are_all_in_before_one_is_chosen():
    # At 10 ms the first answer is done and spoken of at once, and the second task arrives: feedback goes first.
    client = Client(plans(2), words, arrivals=["0", "10ms"])
    chart = Worker(echo, "alex", answer_time="10ms", reply_time="1ms", prefers="feedback first")
    work = simulate(chart, client).journal.work["alex"]
    assert work == [(0, 0, 10 * MS), (0, 10 * MS, 11 * MS), (1, 11 * MS, 21 * MS), (1, 21 * MS, 22 * MS)]


TIMES = st.integers(0, 4 * MS)


@given(
    st.fixed_dictionaries(
        {
            "prefers": st.sampled_from(["first come", "feedback first", "tasks first"]),
            "max_pending": st.sampled_from([None, 1, 2, 3]),
            "answer_time": TIMES,
            "reply_time": TIMES,
            "learn_time": TIMES,
        },
    ),
    st.sampled_from(["", *SLOW_MAIL]),
    st.sampled_from(["0", "1ms", "5ms"]),
    st.sampled_from([None, 1, 4]),
)
def test_the_rows_of_work_account_for_every_letter_and_never_overlap(pace, mail, gap, in_flight):
    journal = run(10, mail, gap, in_flight=in_flight, **pace).journal
    work = journal.work.get("alex", [])
    assert all(begin < end for _, begin, end in work)
    assert all(earlier[2] <= later[1] for earlier, later in pairwise(work))
    answer, reply, learn = (pace[f"{kind}_time"] for kind in ("answer", "reply", "learn"))
    answers = [(end - begin) for _, begin, end in work]
    assert sum(answers) == 10 * (answer + reply + learn)
    assert len(work) == 10 * ((answer > 0) + (reply + learn > 0))
    # Every result is sent when the answer is done; what is said below, before alex learns.
    if answer:
        sent, _, tasks = on(journal, "alex.outbox")
        done = {(task, end) for task, begin, end in work}
        assert {(task, time) for time, task in zip(sent.tolist(), tasks.tolist(), strict=True)} <= done
    if reply or learn:
        sent, _, tasks = on(journal, "alex.feedback_to_below")
        learnt = {(task, end - learn) for task, begin, end in work}
        assert {(task, time) for time, task in zip(sent.tolist(), tasks.tolist(), strict=True)} <= learnt


@pytest.mark.parametrize("mail", ["", "delay 1ms"])
def test_a_worker_learns_after_the_feedback_to_below_is_sent_and_does_nothing_else_meanwhile(mail):
    journal = run(2, mail, answer_time="10ms", reply_time="2ms", learn_time="5ms", prefers="feedback first").journal
    work = journal.work["alex"]
    sent, _, _ = on(journal, "alex.feedback_to_below")
    assert [(end - begin) // MS for _, begin, end in work if end - begin != 10 * MS] == [7, 7]
    about_feedback = [(begin, end) for _, begin, end in work if end - begin == 7 * MS]
    assert [(begin + 2 * MS, end - 5 * MS) for begin, end in about_feedback] == [(time, time) for time in sent]


@given(st.integers(1, 4), st.sampled_from(["", *SLOW_MAIL]), st.sampled_from(["0", "1ms"]), st.booleans())
def test_no_more_tasks_are_pending_than_a_desk_allows(limit, mail, gap, managers):
    chart = Worker(echo, "alex", answer_time="1ms", max_pending=None if managers else limit)
    chart = Team([chart], "team", max_pending=limit if managers else None)
    result = simulate(chart, Client(plans(12), words, arrivals=every(gap)), mail=mail)
    desk = "team" if managers else "team/alex"
    assert result.tables[desk].peak <= limit
    assert most_in_hand(result.journal, desk) <= limit
    assert not any(result.pending.values())


def most_in_hand(journal, desk):
    """The most tasks that a desk had answered and not yet passed feedback down for, by the mail that it sent."""
    changes = [(time, 1) for time in on(journal, f"{desk}.outbox")[0].tolist()]
    changes += [(time, -1) for time in on(journal, f"{desk}.feedback_to_below")[0].tolist()]
    return int(np.max(np.cumsum([change for _, change in sorted(changes)]), initial=0))


def test_a_desk_without_a_limit_takes_all_the_tasks_there_are():
    assert run(12, "delay 9ms", answer_time="1ms").tables["alex"].peak > 4


def test_a_desk_at_its_limit_still_takes_feedback():
    result = run(6, "delay 5ms", max_pending=2, prefers="tasks first")
    assert result.tables["alex"].peak == 2
    assert len(result.feedback_below) == 6


def test_newest_first_with_as_much_room_as_it_waits_for_is_no_deadlock():
    result = run(6, max_pending=3, replies=newest_first(3))
    assert took(result.journal, "feedback_from_above") == [2, 1, 0, 5, 4, 3]


def test_work_that_is_not_done_when_the_run_ends_is_not_written_down():
    journal = run(3, answer_time="10ms", until="25ms").journal
    assert journal.work == {"alex": [(0, 0, 10 * MS), (1, 10 * MS, 20 * MS)]}


@given(chart_data(paces=paces()), st.sampled_from(["", *SLOW_MAIL]), st.integers(0, 8))
def test_no_desk_does_two_things_at_once(chart, mail, count):
    client = client_of({"tasks": count, "arrivals": ["every", "1ms"]})
    journal = simulate(fresh(chart)[0], client, mail=mail).journal
    for work in journal.work.values():
        assert all(earlier[2] <= later[1] for earlier, later in pairwise(work))


@pytest.mark.parametrize("pace", [{}, {"answer_time": 0, "prefers": "feedback first"}])
def test_desks_that_take_no_time_write_down_no_work(pace):
    assert not any(run(3, arrivals=all_at_once(), **pace).journal.work.values())
