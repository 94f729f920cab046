import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from office import (
    Client,
    Linear,
    Team,
    Worker,
    after,
    every,
    in_sequence,
    in_turn,
    newest_first,
    simulate,
    squared_error,
)
from office.desks import OUTSIDE, ManagerDesk
from office.engines import read_order
from office.errors import BadChart, BadClient, BadOrder
from office.orders import replay
from office.orders.outcome import Outcome
from office.orders.untimed_office import UntimedOffice
from office.orders.untimed_run import run
from tests.orders.small_offices import side_by_side, small_offices, words, worker


def at_random(seed, client=None):
    """Somebody who chooses any message, and loses one in twenty, unless the client would wait for it for ever."""
    dice = np.random.default_rng(seed)
    loss = 0.05 if client is None or client.in_flight is None else 0.0
    return lambda pending: (int(dice.integers(len(pending))), "-" if dice.random() < loss else "")


def run_at_random(small, seed):
    office = UntimedOffice(small.make_chart, small.client, late=small.late)
    return run(Outcome(office), at_random(seed, small.client))


@given(small_offices, st.integers(0, 10**6))
def test_the_journal_is_that_of_trio_tasks_in_the_same_order_byte_for_byte(small, seed):
    untimed = run_at_random(small, seed)
    timed = simulate(small.make_chart(), small.client, order=untimed.order, late=small.late)
    assert untimed.journal.to_bytes() == timed.journal.to_bytes()
    assert (untimed.outputs, untimed.feedback_below) == (timed.outputs, timed.feedback_below)
    assert (untimed.pending, untimed.tables, untimed.time) == (timed.pending, timed.tables, timed.time)
    np.testing.assert_array_equal(untimed.losses, timed.losses)


@given(small_offices, st.integers(0, 10**6))
def test_an_order_replayed_ends_in_the_same_state_and_is_told_by_the_same_text(small, seed):
    first = run_at_random(small, seed)
    again = replay(small.make_chart, small.client, first.order, late=small.late)
    assert (again.state(), again.order) == (first.state(), first.order)
    assert again.journal.to_bytes() == first.journal.to_bytes()


def learners():
    return Team([Worker(Linear([0.1, 0.2], 0.3), name) for name in ("alex", "bo")], allocate=in_turn)


@given(st.integers(0, 10**6))
def test_learners_end_with_the_weights_that_trio_tasks_end_with(seed):
    rng = np.random.default_rng(0)
    client = Client([(rng.normal(size=(3, 2)), rng.normal(size=3)) for _ in range(4)], squared_error)
    untimed = run(Outcome(UntimedOffice(learners, client)), at_random(seed))
    chart = learners()
    timed = simulate(chart, client, order=untimed.order)
    assert untimed.journal.to_bytes() == timed.journal.to_bytes()
    for mine, theirs in zip(untimed.chart.members, chart.members, strict=True):
        for array, their_array in zip(
            mine.estimator.parameters.arrays, theirs.estimator.parameters.arrays, strict=True
        ):
            assert np.array_equal(array, their_array)


def test_newest_first_is_spoken_of_newest_first():
    outcome = replay(lambda: worker("alex"), words(3, replies=newest_first(3)), "0")
    assert [task for _, task, _ in outcome.journal.losses] == [2, 1, 0]


def test_a_chart_that_is_made_once_and_for_all_is_refused_if_it_learns():
    chart = learners()
    client = Client([(np.ones((1, 2)), np.ones(1))], squared_error)
    with pytest.raises(BadChart, match="anew"):
        replay(lambda: chart, client, "0")


@pytest.mark.parametrize(
    "client",
    [
        {"arrivals": every("1ms")},
        {"patience": "1s"},
        {"arrivals": [0, 5]},
    ],
)
def test_a_client_who_goes_by_the_clock_is_refused(client):
    with pytest.raises(BadClient, match="no time"):
        replay(lambda: worker("alex"), words(2, **client), "0")


def test_people_above_who_take_their_time_are_refused():
    with pytest.raises(BadClient, match="no time"):
        replay(lambda: worker("alex"), words(2, replies=after("1ms")), "0")


def test_a_desk_that_takes_time_is_refused():
    with pytest.raises(BadChart, match="alex"):
        replay(lambda: Worker(lambda task: (task, lambda feedback: feedback), "alex", answer_time="1ms"), words(1), "0")


def test_an_order_that_does_not_fit_is_refused():
    with pytest.raises(BadOrder, match="step 2 passes over 7, and only 2 messages are under way"):
        replay(lambda: worker("alex"), words(2), "0.7")


def broken(task):
    if task == "task 1":
        raise KeyError("no such thing")
    return task, lambda feedback: feedback


def test_an_error_at_a_desk_is_part_of_what_came_and_the_others_go_on():
    outcome = replay(lambda: Worker(broken, "alex"), words(3), "0")
    assert isinstance(outcome.error, KeyError)
    assert set(outcome.feedback_below) == {0, 2}
    assert outcome.pending == {"alex": 0}


def test_a_repeat_that_is_refused_changes_nothing_and_is_counted():
    plain = replay(lambda: worker("alex"), words(2), "0")
    twice = replay(lambda: worker("alex"), words(2), "0.0.0+")
    assert read_order(twice.order)[2] == (0, "+")
    assert twice.refused == 1
    assert twice.outputs == plain.outputs


class RaisesWhileRead(ManagerDesk):
    """Its letters about a task are made one by one, and at the second nothing more comes of it."""

    def hand_out(self, task_id, task):
        letters = super().hand_out(task_id, task)

        def one_by_one():
            yield letters[0]
            raise KeyError("no second letter")

        return one_by_one() if task_id == 1 else letters


class ReturnsNothing(ManagerDesk):
    def hear_feedback(self, task_id, feedback):
        super().hear_feedback(task_id, feedback)


class SendsNowhere(ManagerDesk):
    channel = 99

    def hand_out(self, task_id, task):
        return [(self.channel, *letter) for _, *letter in super().hand_out(task_id, task)]


class AsksTheWorld(SendsNowhere):
    channel = OUTSIDE


@pytest.mark.parametrize(
    ("manager", "error", "task"),
    [(RaisesWhileRead, KeyError, 1), (ReturnsNothing, TypeError, 0), (SendsNowhere, KeyError, 0),
     (AsksTheWorld, TypeError, 0)],
)  # fmt: skip
def test_what_is_no_letter_is_an_error_of_the_desk_that_returned_it(manager, error, task):
    def team():
        return Team([worker("alex"), worker("bo")], "team", combine=side_by_side, manager=manager)

    outcome = replay(team, words(2), "0")
    assert isinstance(outcome.error, error)
    assert outcome.error.__notes__ == [f"team: what it returned about task {task} is to be letters"]
    with pytest.raises(ValueError if manager is AsksTheWorld else error):  # under trio there is a world to ask
        simulate(team(), words(2), order="0")


def test_letters_before_the_one_that_failed_have_been_sent():
    outcome = replay(lambda: Team([worker("alex"), worker("bo")], "team", manager=RaisesWhileRead), words(2), "0")
    mail = outcome.journal.mail
    sent = [outcome.journal.links[link].name for link in mail.link[mail.task == 1]]
    assert sent == ["team.inbox", "team/alex.inbox", "team/alex.outbox"]


@pytest.mark.parametrize("wrapped", [False, True])
def test_new_teams_around_a_worker_that_learns_are_no_new_chart(wrapped):
    alex = Linear([0.1, 0.2], 0.3)
    client = Client([(np.ones((1, 2)), np.ones(1))], squared_error)
    with pytest.raises(BadChart, match="make_chart gives alex the same weights again"):
        replay(lambda: Team([Worker(in_sequence(alex) if wrapped else alex, "alex")]), client, "0")
