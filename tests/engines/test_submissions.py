"""Tasks are fetched when they are due, and no time passes the end of time unseen."""

from itertools import count

import numpy as np
import pytest

from office import (
    Affine,
    Client,
    Crash,
    Worker,
    after,
    every,
    newest_first,
    poisson,
    random_pick,
    recorded,
    simulate,
    squared_error,
)
from office.engines.submissions import Submissions
from office.errors import BadClient, BadTime
from office.times import LAST, NEVER
from tests.mail.small_mailroom import rows

LONG = 2**60
MS = 1_000_000


def echo(inputs):
    return inputs, lambda feedback: feedback


def words(output, target):
    return float(target), f"re {output}"


def numbered(many):
    return [(number, 0.0) for number in range(many)]


def run(tasks, *, worker=None, until=None, mail="", lookahead=True, delivery="at most once", expire=None, **client):
    return simulate(
        worker or Worker(echo, "alex"),
        Client(tasks, words, **client),
        mail=mail,
        until=until,
        lookahead=lookahead,
        delivery=delivery,
        expire=expire,
    )


# Fetching


@pytest.mark.parametrize("lookahead", [True, False])
@pytest.mark.parametrize("mail", ["delay 4ms", "delay 40ms"])
@pytest.mark.parametrize(
    "options", [{"in_flight": 1}, {"in_flight": 2}, {"arrivals": every("10ms")}], ids=["one", "two", "every"]
)
def test_a_generator_that_looks_at_the_weights_sees_them_as_they_are_when_its_task_is_due(mail, options, lookahead):
    layer = Affine(np.ones((1, 1)), np.zeros(1), rule=0.01)
    seen = []

    def tasks():
        for _ in range(16):
            seen.append(layer.parameters.updates)
            yield np.ones((1, 1)), np.zeros((1, 1))

    client = Client(tasks(), squared_error, **options)
    journal = simulate(Worker(layer, "alex"), client, mail=mail, lookahead=lookahead).journal
    sent = np.sort(journal.mail.sent[journal.mail.link == journal.place_of("alex.inbox")])
    heard = [row.time for row in journal.learnt["alex"]]
    assert seen == [sum(time < at for time in heard) for at in sent.tolist()]
    assert len(set(seen)) > 2


def ending(many):
    yield from numbered(many)


@pytest.mark.unwatched
@pytest.mark.parametrize("lookahead", [True, False])
@pytest.mark.parametrize("mail", ["", "delay 3ms"])
@pytest.mark.parametrize("many", [0, 1, 3, 5, 6, 10])
@pytest.mark.parametrize(
    "options",
    [
        {"replies": newest_first(3)},
        {"replies": random_pick(3)},
        {"replies": newest_first(3), "in_flight": 3},
        {"replies": newest_first(3), "in_flight": 5},
        {"replies": newest_first(3), "in_flight": 4, "waits_for_all": True},
        {"in_flight": 1},
        {"in_flight": 2, "patience": "1s"},
    ],
    ids=["newest", "random", "three of three", "three of five", "rounds", "one by one", "patience"],
)
def test_a_generator_without_arrival_times_gives_the_journal_of_the_list_but_for_its_last_words(
    many, options, mail, lookahead
):
    listed = run(numbered(many), mail=mail, lookahead=lookahead, **options)
    made = run(ending(many), mail=mail, lookahead=lookahead, **options)
    assert made.submitted == listed.submitted == many
    assert len(made.losses) == len(listed.losses)
    assert not np.isnan(made.losses).any()
    assert sorted(row[:2] for row in rows(made.journal)) == sorted(row[:2] for row in rows(listed.journal))


def test_the_last_results_are_spoken_of_when_the_next_task_would_be_due():
    made = run(ending(4), arrivals=every("10ms"), replies=newest_first(3), mail="delay 1ms")
    assert [row.time for row in made.journal.losses] == [22 * MS] * 3 + [40 * MS]
    listed = run(numbered(4), arrivals=every("10ms"), replies=newest_first(3), mail="delay 1ms")
    assert [row.time for row in listed.journal.losses] == [22 * MS] * 3 + [32 * MS]


def test_a_list_that_grows_while_it_is_gone_through_is_gone_through_to_its_end():
    tasks = numbered(2)

    def grow(output, target):
        if len(tasks) < 7:
            tasks.append((len(tasks), 0.0))
        return words(output, target)

    result = simulate(Worker(echo), Client(tasks, grow, in_flight=1))
    assert result.submitted == 7


def test_tasks_that_are_lost_are_no_deadlock_where_a_generator_has_ended_unseen():
    result = run(ending(3), mail={"alex.inbox": "loss 100%"}, in_flight=3)
    assert (result.submitted, result.pending) == (3, {"alex": 0})


# Arrivals


@pytest.mark.parametrize("make", [list, iter], ids=["list", "generator"])
def test_tasks_that_would_be_due_after_the_end_of_time_are_refused_by_number(make):
    with pytest.raises(BadTime) as caught:
        run(make(numbered(12)), arrivals=every(LONG))
    assert (
        str(caught.value)
        == f"client: task 8 is due at {2**63} ns, and no office lasts longer than {LAST} ns (292 years)"
    )


@pytest.mark.parametrize("make", [list, iter], ids=["list", "generator"])
def test_a_task_that_there_is_not_may_be_due_at_any_time(make):
    assert run(make(numbered(8)), arrivals=every(LONG)).submitted == 8


@pytest.mark.parametrize("rate", [1e-300, 1e-12, 5e-324, 0, -1, float("nan"), float("inf"), True, "3", None, 10**400])
def test_a_rate_that_is_none_or_next_to_none_is_refused(rate):
    with pytest.raises(BadClient, match=r"rate|tasks a second are less than one in"):
        poisson(rate)


def test_the_lowest_rate_comes_to_the_end_of_time_and_says_at_which_task():
    with pytest.raises(BadTime, match=r"client: task \d+ is due at \d+ ns, and no office lasts longer"):
        run(numbered(40), arrivals=poisson(10**9 / LONG))


def arriving(*times):
    return lambda _rng: iter(times)


@pytest.mark.parametrize(
    ("times", "error", "words"),
    [
        ((0, 5, 4), BadClient, "arrivals go back in time, from 5 to 4 ns, for task 2"),
        ((0, 5, -1), BadTime, "task 2 is due at -1"),
        ((0, 5, 5.5), BadTime, "task 2 is due at 5.5"),
        ((0, 5, float("nan")), BadTime, "task 2 is due at nan"),
        ((0, 5, True), BadTime, "task 2 is due at True"),
        ((0, 5, NEVER), BadTime, f"task 2 is due at {NEVER} ns"),
        ((0, 5, 2**70), BadTime, f"task 2 is due at {2**70} ns"),
        ((0, 5), BadClient, "there are more tasks than arrival times: none for task 2"),
    ],
)
@pytest.mark.parametrize("make", [list, iter], ids=["list", "generator"])
def test_arrivals_of_one_s_own_are_times_that_never_go_back(times, error, words, make):
    with pytest.raises(error, match=words) as caught:
        run(make(numbered(3)), arrivals=arriving(*times))
    assert caught.value.__notes__[0] == "desk client, task 2"
    assert run(make(numbered(2)), arrivals=arriving(*times)).submitted == 2


def test_arrivals_that_are_too_few_and_a_generator_that_has_as_many_tasks_fit():
    assert run(ending(2), arrivals=[0, 5]).submitted == 2


def test_what_is_due_is_known_before_it_is_fetched():
    fetched = []
    tasks = (fetched.append(number) or (number, 0) for number in count())
    submissions = Submissions(tasks, iter([3, 4, 4, 9]))
    assert (submissions.due, fetched) == (3, [])
    assert submissions.take() == (0, 0)
    assert (submissions.due, fetched) == (4, [0])


# Everything else that takes time


class Own:
    """People who speak of each result after a time of their own making."""

    def __init__(self, wait):
        self.wait = wait

    def __call__(self, _rng):
        return self

    def take(self, result):
        return [(self.wait, result)]

    def rest(self):
        return ()


@pytest.mark.parametrize("wait", [-5, 0.5, float("nan"), 2**63, "soon"])
def test_people_s_own_pauses_are_times(wait):
    with pytest.raises(BadTime, match="client: waits before it replies to task 0"):
        run(numbered(1), replies=Own(wait))


ASKED = {
    "a reply": ({"replies": after(LONG)}, "client: would reply to task 7 at"),
    "a recorded reply": ({"replies": recorded([0] * 7 + [LONG])}, "client: would reply to task 7 at"),
    "mail": ({"mail": {"alex.inbox": f"delay {LONG}ns"}}, "alex.inbox: what is sent about task 7 at"),
    "jitter": (
        {"mail": {"*.outbox": f"delay {LONG}ns {LONG}ns distribution exponential"}},
        "alex.outbox: what is sent",
    ),
    "a rate": ({"mail": {"*.outbox": "rate 1bit"}}, "alex.outbox: what is sent about task 4 at"),
    "a slot": ({"mail": {"*.outbox": f"slot {LONG}ns"}}, "alex.outbox: what is sent about task 7 at"),
    "mail sent again": (
        {"mail": {"*.outbox": f"delay {LONG}ns"}, "delivery": "at least once"},
        "alex.outbox: what is sent about task 7 at",
    ),
    "an answer": ({"worker": Worker(echo, "alex", answer_time=LONG)}, "alex: would be done with its work on task 7 at"),
    "a feedback": ({"worker": Worker(echo, "alex", reply_time=LONG)}, "alex: would be done with its work on task 7 at"),
    "learning": ({"worker": Worker(echo, "alex", learn_time=LONG)}, "alex: would be done with its work on task 7 at"),
    "patience": ({"patience": LONG}, "client: would give task 7 up at"),
    "expiry": ({"expire": LONG}, "alex: would give task 7 up at"),
}


@pytest.mark.parametrize("lookahead", [True, False])
@pytest.mark.parametrize(("options", "words"), ASKED.values(), ids=ASKED)
def test_what_would_come_after_the_end_of_time_names_who_asked_for_it_and_the_task(options, words, lookahead):
    long_table = np.broadcast_to(np.int8(0), 2**28)  # it takes no memory
    with pytest.raises(BadTime, match=words) as caught:  # the last task is due not long before the end of time
        run([(long_table, 0.0)] * 8, lookahead=lookahead, arrivals=every(LONG), **options)
    assert str(caught.value).endswith(f"and no office lasts longer than {LAST} ns (292 years)")


def test_a_chain_of_long_delays_is_no_deadlock():
    with pytest.raises(BadTime, match=r"alex\.\w+: what is sent about task \d+ at \d+ ns would arrive at"):
        run(numbered(9), mail=f"delay {LONG}ns", in_flight=1)


def test_what_comes_after_the_end_of_a_run_is_not_asked_for():
    result = run(numbered(9), mail=f"delay {LONG}ns", in_flight=1, until=LONG)
    assert result.time == LONG


def test_no_jitter_is_cut_off_at_the_longest_time_that_can_be_written():
    result = run(numbered(64), mail={"alex.inbox": f"delay {LONG}ns {LONG // 2}ns"}, in_flight=None)
    inbox = result.journal.mail.link == result.journal.place_of("alex.inbox")
    took = (result.journal.mail.arrived - result.journal.mail.sent)[inbox]
    assert (took < 2**62).all()
    assert len(set(took.tolist())) == len(took)


def test_a_fault_that_lasts_as_long_as_can_be_written_is_over_in_the_end():
    result = simulate(
        Worker(echo, "alex"), Client(numbered(1), words), faults=[Crash("alex", LONG, LONG)], mail=f"delay {LONG}ns"
    )
    assert result.time >= 2 * LONG
