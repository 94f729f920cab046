"""The people below and above: what is submitted, when, and what is said of each result."""

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from office import (
    Accumulate,
    Client,
    Linear,
    Team,
    Worker,
    after,
    all_at_once,
    at_once,
    every,
    half_squared_error,
    newest_first,
    poisson,
    random_pick,
    recorded,
    simulate,
    squared_error,
)
from office.errors import BadClient, BadTime
from office.study import staleness
from tests.engines.building import office_of, within_standard_errors
from tests.engines.offices import ANY_MAIL, SLOW_MAIL, offices

MS = 1_000_000


class Clerk:
    """Says again what it is asked, and keeps what it is asked and what feedback it hears, in order."""

    def __init__(self):
        self.asked, self.replied_to = [], []

    def __call__(self, inputs):
        self.asked.append(inputs)

        def handle_feedback(feedback):
            self.replied_to.append(feedback)
            return f"below: {feedback}"

        return inputs, handle_feedback


def words(output, target):
    return float(target), f"re {output}"


def run(count=None, *, mail="", tasks=None, until=None, seed=0, lookahead=True, worker=None, **client):
    """One clerk, and tasks that are told by their numbers."""
    clerk = worker or Clerk()
    tasks = [(number, number / 2) for number in range(count)] if tasks is None else tasks
    office, client = Worker(clerk, "alex"), Client(tasks, words, **client)
    return simulate(office, client, mail=mail, until=until, seed=seed, lookahead=lookahead), clerk


def sent(journal, link):
    """When messages were sent on a link, and for which tasks, in order of sending (at one instant, of arrival)."""
    mail = journal.mail
    here = mail.link == journal.place_of(link)
    order = np.argsort(mail.sent[here], kind="stable")
    return mail.sent[here][order].tolist(), mail.task[here][order].tolist()


def submissions(journal):
    return sorted(zip(*sent(journal, "alex.inbox"), strict=True))


def spoken_of(journal):
    """The tasks in the order in which the people above spoke of them."""
    return [task for _, task, _ in journal.losses]


def arrived(journal, link):
    mail = journal.mail
    here = (mail.link == journal.place_of(link)) & (mail.arrived >= 0)
    return mail.arrived[here].tolist(), mail.task[here].tolist()


def most_in_flight(journal, first_link, last_link):
    """The most tasks submitted whose feedback to below was not in yet. At one instant, what comes in counts first."""
    changes = [(time, 1) for time in sent(journal, first_link)[0]]
    changes += [(time, -1) for time in arrived(journal, last_link)[0]]
    return int(np.max(np.cumsum([change for _, change in sorted(changes)]), initial=0))


@given(offices(), st.sampled_from([1, 2, 5]))
def test_no_more_tasks_are_in_flight_than_the_client_allows(data, in_flight):
    client = {**data["client"], "in_flight": in_flight, "replies": ["at once"], "epochs": 1}
    came_of_it, _ = office_of({**data, "client": client})
    journal = came_of_it.journal
    assert most_in_flight(journal, journal.links[0].name, journal.links[3].name) <= in_flight


@pytest.mark.parametrize("mail", ["delay 5ms", "delay 5ms 5ms"])
def test_as_many_tasks_are_in_flight_as_the_client_allows(mail):
    journal = run(20, mail=mail, in_flight=7)[0].journal
    assert most_in_flight(journal, "alex.inbox", "alex.feedback_to_below") == 7


def test_without_a_limit_all_may_be_in_flight():
    journal = run(20, mail="delay 5ms")[0].journal
    assert most_in_flight(journal, "alex.inbox", "alex.feedback_to_below") == 20


# Arrivals


@given(st.integers(0, 9), st.sampled_from(["0", "1ms", 7, "2.5ms"]), st.sampled_from(ANY_MAIL))
def test_a_task_comes_every_so_often_from_the_beginning(count, gap, mail):
    gaps = {"0": 0, "1ms": MS, 7: 7, "2.5ms": 2_500_000}
    journal = run(count, mail=mail, arrivals=every(gap))[0].journal
    assert submissions(journal) == [(number * gaps[gap], number) for number in range(count)]


@given(st.lists(st.integers(0, 50 * MS), max_size=9).map(sorted), st.sampled_from(ANY_MAIL), st.booleans())
def test_tasks_come_at_the_times_that_are_given(times, mail, lookahead):
    journal = run(len(times), mail=mail, arrivals=times, lookahead=lookahead)[0].journal
    assert submissions(journal) == [(time, number) for number, time in enumerate(times)]


def test_times_may_be_written_in_words_and_be_more_than_there_are_tasks():
    journal = run(2, arrivals=["1ms", "1.5s", "2s"])[0].journal
    assert sent(journal, "alex.inbox")[0] == [MS, 1500 * MS]


def test_a_task_that_is_due_waits_until_there_is_room():
    journal = run(3, mail={"*": "", "*.outbox": "delay 10ms"}, arrivals=["0", "1ms", "50ms"], in_flight=1)[0].journal
    assert sent(journal, "alex.inbox")[0] == [0, 10 * MS, 50 * MS]


@pytest.mark.unwatched
@pytest.mark.parametrize("rate", [0.5, 100, 1e6])
def test_random_arrivals_are_so_many_a_second_and_know_nothing_of_one_another(rate):
    times = np.array(sent(run(4000, arrivals=poisson(rate))[0].journal, "alex.inbox")[0])
    gaps = np.diff(times) / 1e9
    assert within_standard_errors(gaps, 1 / rate)
    # Exponential: the median is ln 2 of the mean.
    assert (gaps > np.log(2) / rate).mean() == pytest.approx(0.5, abs=0.04)
    assert np.corrcoef(gaps[1:], gaps[:-1])[0, 1] == pytest.approx(0, abs=0.06)


def test_random_arrivals_are_others_with_another_seed():
    times = [sent(run(5, arrivals=poisson(100), seed=seed)[0].journal, "alex.inbox")[0] for seed in (1, 1, 2)]
    assert times[0] == times[1] != times[2]


# Epochs


@given(st.integers(0, 6), st.integers(1, 4), st.sampled_from([None, 1, 3]), st.sampled_from(ANY_MAIL))
def test_every_epoch_goes_through_each_task_once_in_an_order_of_its_own(count, epochs, in_flight, mail):
    journey, clerk = run(count, epochs=epochs, shuffle=True, in_flight=1, mail=mail)
    assert [sorted(clerk.asked[k * count : (k + 1) * count]) for k in range(epochs)] == [list(range(count))] * epochs
    plain, clerk = run(count, epochs=epochs, in_flight=1)
    assert clerk.asked == list(range(count)) * epochs
    assert len(journey.losses) == len(plain.losses) == count * epochs


def test_shuffled_epochs_differ_from_one_another_and_from_those_of_another_seed():
    orders = [run(20, epochs=2, shuffle=True, seed=seed, in_flight=1)[1].asked for seed in (0, 0, 1)]
    assert orders[0] == orders[1] != orders[2]
    assert orders[0][:20] != orders[0][20:]


def test_tasks_may_be_a_generator_which_is_not_gone_through_ahead_of_time():
    taken = []

    def tasks():
        for number in range(100):
            taken.append(number)
            yield number, 0.0

    result, _ = run(tasks=tasks(), arrivals=every("1ms"), until="10ms")
    assert len(result.losses) == 11
    assert len(taken) == 11  # each when it is due, and none ahead


def test_no_tasks_at_all_are_an_office_where_nothing_happens():
    result, _ = run(0)
    assert (result.losses.shape, result.outputs, result.feedback_below, result.time) == ((0,), {}, {}, 0)
    assert len(result.journal) == 0


# Replies


@given(st.integers(0, 17), st.integers(1, 6), st.sampled_from(SLOW_MAIL))
def test_newest_first_speaks_of_so_many_results_at_a_time_the_newest_first(count, size, mail):
    journal = run(count, mail=mail, replies=newest_first(size))[0].journal
    heard = arrived(journal, "alex.outbox")[1]
    expected = [task for start in range(0, count, size) for task in heard[start : start + size][::-1]]
    assert spoken_of(journal) == expected


@given(st.integers(0, 17), st.integers(1, 6), st.sampled_from(SLOW_MAIL), st.integers(0, 3))
def test_random_pick_keeps_one_less_than_so_many_results_waiting_until_the_last_is_in(count, size, mail, seed):
    journal = run(count, mail=mail, replies=random_pick(size), seed=seed)[0].journal
    heard = arrived(journal, "alex.outbox")[1]
    spoken = spoken_of(journal)
    assert sorted(spoken) == list(range(count))
    for turn, task in enumerate(spoken[: max(0, count - size + 1)]):
        assert task in set(heard[: turn + size]) - set(spoken[:turn])
    times = arrived(journal, "alex.outbox")[0]
    assert sent(journal, "alex.feedback_from_above")[0] == times[size - 1 :] + times[-1:] * (min(size, count + 1) - 1)


def test_random_pick_picks_any_of_its_results_as_often():
    spoken = spoken_of(run(3000, replies=random_pick(3), in_flight=3, mail="delay 1ms")[0].journal)
    waited = np.array([place - task for place, task in enumerate(spoken[:-2])])
    # Of three, each is picked with probability 1/3: a task waits geometrically long, for two more turns on average.
    assert within_standard_errors(waited + 2, 2)
    assert np.mean(waited == -2) == pytest.approx(1 / 3, abs=0.04)


@given(st.sampled_from(ANY_MAIL), st.sampled_from(["0", "1ms", "7ms"]), st.sampled_from([None, 1, 3]))
def test_the_people_above_reply_so_long_after_each_result(mail, gap, in_flight):
    journal = run(8, mail=mail, replies=after("7ms"), arrivals=every(gap), in_flight=in_flight)[0].journal
    heard, replies = arrived(journal, "alex.outbox"), sent(journal, "alex.feedback_from_above")
    assert dict(zip(*replies[::-1], strict=True)) == {task: time + 7 * MS for time, task in zip(*heard, strict=True)}


def test_the_people_above_may_take_times_of_their_own_and_so_speak_out_of_order():
    journal = run(200, arrivals=every("1ms"), replies=after("10ms 10ms distribution exponential"))[0].journal
    heard, sent_on = arrived(journal, "alex.outbox"), sent(journal, "alex.feedback_from_above")
    assert sent_on[1] != heard[1]
    came, replied = (dict(zip(*each[::-1], strict=True)) for each in (heard, sent_on))
    pauses = np.array([replied[task] - came[task] for task in range(200)]) / MS
    assert pauses.min() >= 0
    assert pauses.mean() == pytest.approx(10, rel=0.3)


@given(st.lists(st.integers(0, 10**9), min_size=6, max_size=9), st.sampled_from(ANY_MAIL), st.booleans())
def test_recorded_times_are_those_of_their_tasks(times, mail, lookahead):
    journal = run(6, mail=mail, replies=recorded(times), arrivals=every("1ms"), lookahead=lookahead)[0].journal
    heard, replies = arrived(journal, "alex.outbox"), sent(journal, "alex.feedback_from_above")
    assert dict(zip(*replies[::-1], strict=True)) == {
        task: time + times[task] for time, task in zip(*heard, strict=True)
    }


def test_recorded_times_may_be_in_words_and_have_to_be_times():
    assert run(2, replies=recorded(["3s", "1s"]))[0].time == 3_000 * MS
    with pytest.raises(BadTime, match="no time"):
        recorded(["soon"])


def test_a_task_without_a_recorded_time_is_refused():
    with pytest.raises(BadClient, match="there are 2 recorded times, and none for task 2"):
        run(3, replies=recorded([1, 2]))


def test_replies_at_once_leave_at_the_instant_at_which_the_result_comes():
    journal = run(5, mail="delay 1ms 1ms", replies=at_once(), arrivals=all_at_once())[0].journal
    assert sent(journal, "alex.feedback_from_above")[0] == arrived(journal, "alex.outbox")[0]


def test_what_is_due_at_the_instant_at_which_mail_comes_is_done_first():
    # At 4 ms the second task is due, and the feedback to below on the first comes in.
    in_order = run(2, mail="delay 1ms", arrivals=["0", "4ms"])[0].journal
    assert most_in_flight(in_order, "alex.inbox", "alex.feedback_to_below") == 1
    log = []
    tasks = [(0, 0.0), (1, 0.0)]

    def feedback(output, target):
        log.append(output)
        return 0.0, "more"

    # At 2 ms a reply to the first result is due (after 1 ms), and the second result comes in.
    client = Client(tasks, feedback, arrivals=["0", "1ms"], replies=after("1ms"))
    losses = simulate(Worker(Clerk(), "alex"), client, mail={"*": "", "*.inbox": "delay 1ms"}).journal.losses
    assert [(time, task) for time, task, _ in losses] == [(2 * MS, 0), (3 * MS, 1)]
    assert log == [0, 1]


# What came of it


def test_losses_are_by_task_in_whatever_order_they_were_spoken_of():
    result, clerk = run(7, replies=newest_first(3), mail="delay 5ms 5ms")
    assert result.losses.tolist() == [number / 2 for number in range(7)]
    assert result.losses.dtype == np.float64
    assert clerk.replied_to != sorted(clerk.replied_to)


def test_outputs_and_feedback_below_are_kept_by_task():
    result, _ = run(3, replies=newest_first(3))
    assert result.outputs == {0: 0, 1: 1, 2: 2}
    assert result.feedback_below == {0: "below: re 0", 1: "below: re 1", 2: "below: re 2"}


@pytest.mark.parametrize("replies", [at_once(), newest_first(2)])
def test_a_client_that_keeps_nothing_keeps_only_the_losses(replies):
    result, _ = run(5, keep=False, replies=replies)
    assert (result.outputs, result.feedback_below) == ({}, {})
    assert result.losses.tolist() == [number / 2 for number in range(5)]


@pytest.mark.parametrize("lookahead", [True, False])
def test_at_the_end_that_was_set_everything_stops_where_it_is(lookahead):
    result, clerk = run(10, mail="delay 5ms", arrivals=every("10ms"), until="35ms", lookahead=lookahead)
    assert result.time == 35 * MS
    assert clerk.asked == [0, 1, 2, 3]  # what happens at the very end still happens
    assert clerk.replied_to == ["re 0", "re 1", "re 2"]
    np.testing.assert_array_equal(result.losses, [0.0, 0.5, 1.0, np.nan])
    assert result.pending == {"alex": 1}
    mail = result.journal.mail
    assert mail.arrived.max() == 35 * MS
    on_its_way = mail.arrived < 0
    assert mail.sent[on_its_way].tolist() == [35 * MS, 35 * MS]
    links = [result.journal.links[link].name for link in mail.link[on_its_way]]
    assert links == ["alex.outbox", "alex.feedback_to_below"]


def test_tasks_of_which_nothing_was_said_have_no_loss():
    result, _ = run(4, mail={"*": "", "*.outbox": "delay 5ms"}, arrivals=every("4ms"), until="10ms")
    assert np.isnan(result.losses).tolist() == [False, False, True]


def test_time_is_that_of_the_last_thing_that_happened():
    assert run(3, arrivals=every("10ms"))[0].time == 20 * MS
    assert run(1, arrivals=["3ms"], lookahead=False, mail="delay 5ms")[0].time == 23 * MS


@given(offices(until=st.none()))
def test_at_the_end_nothing_is_pending_and_all_the_mail_has_arrived(data):
    came_of_it, _ = office_of(data)
    if isinstance(came_of_it, str):
        return
    assert not any(came_of_it.pending.values())
    assert not any(table.size for table in came_of_it.tables.values())
    assert (came_of_it.journal.mail.arrived >= came_of_it.journal.mail.sent).all()
    assert sorted(came_of_it.outputs) == sorted(came_of_it.feedback_below) == list(range(len(came_of_it.losses)))


def test_the_journal_s_head_says_who_where_and_under_which_conditions():
    journal = simulate(
        Team([Worker(Clerk(), "alex")], "estimates"), Client([], squared_error), mail={"*.inbox": "delay 5ms"}, seed=7
    ).journal
    assert journal.desks == ["client", "estimates", "estimates/alex"]
    assert journal.settings["seed"] == 7
    inboxes = [link for link, conditions in journal.settings["mail"].items() if conditions == "delay 5ms"]
    assert inboxes == ["estimates.inbox", "estimates/alex.inbox"]
    assert sorted(journal.link_names) == sorted(journal.settings["mail"])
    assert Counter(link.rpartition(".")[2] for link in journal.link_names) == dict.fromkeys(
        ["inbox", "outbox", "feedback_from_above", "feedback_to_below"], 2
    )


def test_messages_are_journalled_in_order_of_arrival():
    journal = run(30, mail="delay 5ms 5ms")[0].journal
    assert all(earlier <= later for earlier, later in pairwise(journal.mail.arrived.tolist()))


# Rounds


def rounds(count, size, mail="delay 5ms 4ms", **client):
    """Tasks that are submitted in rounds: when each was, and when it was over."""
    result, clerk = run(count, mail=mail, in_flight=size, waits_for_all=True, **client)
    over = dict.fromkeys(result.given_up, 0) | dict(
        zip(*arrived(result.journal, "alex.feedback_to_below")[::-1], strict=True)
    )
    return [time for time, _ in submissions(result.journal)], [over[task] for task in range(count)], result, clerk


SOON_OR_TOGETHER = [at_once(), after("3ms 2ms"), newest_first(3), newest_first(4), random_pick(3)]


@given(
    st.integers(0, 14),
    st.integers(4, 6),
    st.sampled_from(ANY_MAIL),
    st.sampled_from([all_at_once(), every("7ms"), poisson(100)]),
    st.sampled_from(SOON_OR_TOGETHER),
)
def test_who_waits_for_all_submits_a_round_only_when_the_one_before_is_over(count, size, mail, arrivals, replies):
    begun, over, result, _ = rounds(count, size, mail, arrivals=arrivals, replies=replies)
    assert len(begun) == len(result.feedback_below) == count
    for first in range(size, count, size):
        assert begun[first] >= max(over[first - size : first])


def test_a_round_is_submitted_all_at_once_where_its_tasks_are_there():
    begun, over, _, _ = rounds(10, 4, "delay 5ms")
    assert begun == [0] * 4 + [20 * MS] * 4 + [40 * MS] * 2  # the last is a round, too, and comes to its end
    assert over == [20 * MS] * 4 + [40 * MS] * 4 + [60 * MS] * 2


@given(st.sampled_from(ANY_MAIL), st.sampled_from([all_at_once(), every("7ms"), poisson(100)]), st.integers(0, 3))
def test_rounds_of_as_many_as_accumulate_are_synchronous_minibatches(mail, arrivals, seed):
    rng = np.random.default_rng(seed)
    tasks = [(rng.normal(size=(3, 2)), rng.normal(size=3)) for _ in range(12)]
    alex = Linear.drawn(2, Accumulate(0.05, 4), seed=1)
    client = Client(tasks, half_squared_error, arrivals=arrivals, in_flight=4, waits_for_all=True)
    journal = simulate(Worker(alex, "alex"), client, mail=mail, seed=seed).journal
    assert staleness(journal, "alex").tolist() == [0] * 12

    drawn = Linear.drawn(2, seed=1)
    weights = np.append(drawn.weights, drawn.bias)
    for first in range(0, 12, 4):
        table = np.vstack([np.column_stack([inputs, np.ones(3)]) for inputs, _ in tasks[first : first + 4]])
        target = np.concatenate([target for _, target in tasks[first : first + 4]])
        weights = weights - 0.05 * table.T @ (table @ weights - target)
    assert alex.parameters.updates == 3
    assert [*alex.weights, alex.bias] == pytest.approx(weights)


@given(st.integers(0, 12), st.sampled_from(ANY_MAIL), st.sampled_from([at_once(), after("3ms 2ms")]))
def test_rounds_of_one_are_one_task_at_a_time(count, mail, replies):
    plain, _ = run(count, mail=mail, in_flight=1, replies=replies)
    waiting, _ = run(count, mail=mail, in_flight=1, waits_for_all=True, replies=replies)
    assert waiting.journal.to_bytes() == plain.journal.to_bytes()


@pytest.mark.parametrize("replies", [at_once(), newest_first(3), random_pick(2)])
@pytest.mark.parametrize("lost", ["*", "alex.inbox", "alex.outbox", "alex.feedback_from_above"])
def test_who_has_patience_comes_to_the_end_of_every_round_though_some_of_it_is_lost(replies, lost):
    mail = {"*": "delay 5ms 4ms", lost: "delay 5ms 4ms loss 20%"}
    begun, over, result, _ = rounds(40, 4, mail, patience="100ms", replies=replies)
    assert 0 < len(result.given_up) < 40
    assert len(result.given_up) + len(result.feedback_below) == 40
    assert len(set(begun)) == 10
    assert all(begun[first] >= max(over[first - 4 : first]) for first in range(4, 40, 4))


def test_who_waits_for_all_has_to_say_how_many_are_in_a_round():
    with pytest.raises(BadClient, match="say in_flight, too"):
        Client([], squared_error, waits_for_all=True)
