"""What can be claimed of every order: what holds, what does not, and in which words it is said."""

from functools import partial

import numpy as np
import pytest

from office import (
    NO_FEEDBACK,
    Affine,
    Chain,
    Client,
    Linear,
    LinearTotal,
    Team,
    Worker,
    addition,
    everyone,
    explore,
    in_turn,
    maximum,
    replay,
    simulate,
    squared_error,
)
from office.desks import ManagerDesk
from office.errors import BadOrder, Deadlock
from office.orders import Orders, as_composed, checks_hold, everything_came
from office.orders.claims import is_ours, name_of
from office.testing.practice import AddsAsTheyCome, DropsDismissals, ForgetsToPop, RoutesByArrival
from tests.orders.practising import ROWS, TABLE, TOTALS, WEIGHTS, WORDS, rows, totals, words

ONE_TOTAL = Client(TOTALS.tasks[:1], squared_error)


def both(make_chart, client, order="0"):
    """What came of an order, without trio and under trio."""
    return replay(make_chart, client, order), simulate(make_chart(), client, order=order)


# What is the same in all orders that count as one, and what is not


def two_in_turn():
    return Team([Worker(lambda task: (task, lambda feedback: feedback), name) for name in ("alex", "bo")], "team",
                allocate=in_turn)  # fmt: skip


@pytest.mark.parametrize("statistic", ["peak", "oldest"])
def test_how_full_a_table_ever_was_is_asked_of_every_order_or_refused(statistic):
    client = Client([("a", None), ("b", None)], lambda output, _: (0.0, output))
    seen = set()

    def look(outcome):
        seen.add(tuple(getattr(table, statistic) for table in outcome.tables.values()))

    with pytest.raises(BadOrder, match=f"{statistic}.* take reduce=False"):
        explore(two_in_turn, client, claims=[look])
    assert explore(two_in_turn, client, claims=[look], reduce=False, late=["*.inbox", "*.outbox"]).holds
    assert len(seen) == (2 if statistic == "peak" else 1)
    assert {table.size for outcome in Orders(two_in_turn, client) for table in outcome.tables.values()} == {0}


# Everything came


def test_everything_came_of_an_office_that_is_right_with_and_without_trio():
    for outcome in both(words, WORDS, "1.0.2"):
        everything_came(outcome)


@pytest.mark.parametrize(
    ("make_chart", "client", "what"),
    [
        (partial(totals, DropsDismissals), ONE_TOTAL, "tasks are still pending: 1 at team, 1 at team/bo"),
        (partial(words, ForgetsToPop), WORDS, "callbacks are still filed: 3 at team"),
    ],
)
def test_who_waits_for_what_is_said(make_chart, client, what):
    with pytest.raises(AssertionError) as caught:
        everything_came(replay(make_chart, client, "0"))
    assert str(caught.value) == what


class KeepsQuiet(ManagerDesk):
    """Says nothing to those below about every task but the first, and counts them as done."""

    def hear_reply(self, member, task_id, re_inputs):
        letters = super().hear_reply(member, task_id, re_inputs)
        return letters if task_id == 0 else []


def test_feedback_that_never_came_is_missed_task_by_task():
    with pytest.raises(AssertionError) as caught:
        everything_came(replay(partial(words, KeepsQuiet), WORDS, "0"))
    assert str(caught.value) == "there is no feedback to below of task 1, task 2"


@pytest.mark.parametrize("order", ["0-", "0.0.0.1-", "0.0.0.0.0.0.0-"])
def test_where_a_message_was_lost_not_everything_need_have_come(order):
    for outcome in both(words, WORDS, order):
        assert any(outcome.pending.values()) or len(outcome.outputs) < 3
        everything_came(outcome)


# Checks


@pytest.mark.parametrize("order", ["0", "1.0.2", "2.1", "0.1-", "0.0.0.1.1.1.1"])
def test_the_journal_keeps_every_invariant_in_any_order(order):
    for outcome in both(words, WORDS, order):
        checks_hold(outcome)


def test_an_invariant_that_is_broken_is_told_with_its_entries():
    smallest = explore(partial(words, RoutesByArrival), WORDS, claims=[checks_hold]).counterexample
    with pytest.raises(AssertionError, match=r"broken[^\n]*\n +not so: [^\n]*\n +line \d+: "):
        checks_hold(smallest.failure.outcome)
    assert (len(smallest.tasks), smallest.overtakings) == (2, 1)


def test_somebody_who_waits_for_ever_under_trio_is_a_deadlock_before_anything_is_claimed():
    for make_chart, client in ((partial(totals, DropsDismissals), ONE_TOTAL), (partial(words, KeepsQuiet), WORDS)):
        with pytest.raises(Deadlock, match=r"client waits for \d feedbacks to below"):
            simulate(make_chart(), client, order="0")


# As composed


@pytest.mark.parametrize(("make_chart", "client"), [(words, WORDS), (rows, ROWS), (totals, TOTALS)])
def test_as_composed_holds_whatever_the_order_and_with_weights_that_change(make_chart, client):
    for number, outcome in enumerate(Orders(make_chart, client)):
        as_composed(outcome)
        assert outcome.apart == 0.0
        if number == 40:
            break


class Confuses(ManagerDesk):
    """Takes what a member says of one task to be about the other."""

    def take_result(self, member, task_id, output):
        return super().take_result(member, 1 - task_id, output)


def test_a_result_that_comes_before_its_task_is_done_is_told():
    """The members are given task 1 alone: what was said of it passes for task 0."""

    def make_chart():
        return Team([LinearTotal([1.0, 0.5], 0.0)], "team", manager=Confuses)

    broken = set()
    for outcome in Orders(make_chart, TOTALS, losses=1):
        try:
            as_composed(outcome)
        except AssertionError as error:
            broken.add(str(error).partition(" is ")[0])
    assert "the result of task 0 came before all its members had done it" in broken
    assert "the result of task 1" in broken


def of_two(manager, **members):
    """Two who say nothing below, since their inputs are data."""

    def make_chart():
        staff = [
            Worker(Affine(np.full((2, 2), weight), np.zeros(2), says_below=False), name)
            for name, weight in members.items()
        ]
        return Team(staff, "team", manager=manager)

    return make_chart


class TellsOne(ManagerDesk):
    """Tells the last of the members alone."""

    def hear_feedback(self, task_id, feedback):
        *others, last = super().hear_feedback(task_id, feedback)
        return [*((channel, about, NO_FEEDBACK) for channel, about, _ in others), last]


class Doubles(ManagerDesk):
    """Tells each member twice what it should hear."""

    def hear_feedback(self, task_id, feedback):
        return [(channel, about, 2.0 * body) for channel, about, body in super().hear_feedback(task_id, feedback)]


@pytest.mark.parametrize("manager", [TellsOne, Doubles])
def test_a_gradient_that_was_not_heard_or_is_another_is_missed_though_nothing_is_said_below(manager):
    client = Client([(TABLE, TABLE + 1.0)], squared_error)
    outcome = replay(of_two(manager, alex=1.0, bo=0.5), client, "0")
    assert outcome.feedback_below == {0: NO_FEEDBACK}
    with pytest.raises(AssertionError, match=r"(?s)team/alex's gradient of task 0 is .*, and by composition "):
        as_composed(outcome)
    as_composed(replay(of_two(ManagerDesk, alex=1.0, bo=0.5), client, "0"))


def test_what_came_of_a_task_whose_feedback_was_lost_is_compared_all_the_same():
    class Shouts(ManagerDesk):
        def take_result(self, member, task_id, output):
            return [
                (channel, about, body.upper()) for channel, about, body in super().take_result(member, task_id, output)
            ]

    def make_chart():
        return words(Shouts)

    one_task = Client(WORDS.tasks[:1], WORDS.feedback)
    outcome = replay(make_chart, one_task, "0.0.0.0.0-")  # submitted, handed out, done, passed up; its feedback is lost
    assert outcome.outputs
    assert not outcome.feedback_below
    with pytest.raises(AssertionError, match=r"the result of task 0 is 'ALEX\(A\)', and by composition 'alex\(a\)'"):
        as_composed(outcome)


@pytest.mark.parametrize("policy", ["live", "stash"])
def test_a_worker_alone_who_differentiates_todays_weights_is_convicted_by_two_tasks_in_any_order(policy):
    """Both tasks are answered before either feedback comes, whatever comes first: so one of them is late, always."""
    client = Client([(TABLE, np.array([1.0, 2.0])), (TABLE + 1.0, np.array([1.0, 2.0]))] * 2, squared_error)
    exploration = explore(
        lambda: Worker(Linear([1.0, 0.5], 0.0, policy=policy), "alex"), client, max_runs=500, count=False
    )
    if policy == "stash":
        assert not exploration.failing
        return
    smallest = exploration.counterexample
    assert (len(smallest.tasks), smallest.overtakings, smallest.order) == (2, 0, "0")
    assert smallest.failure.claim is as_composed
    assert "feedback to below of task 1" in smallest.failure.reason


@pytest.mark.parametrize("policy", ["live", "stash"])
def test_the_gradient_of_who_is_below_such_a_worker_is_not_that_of_the_weights_that_answered(policy):
    def make_chart():
        low = Affine([[1.0, 0.5], [0.3, 2.0]], [0.0, 0.0], 0.1, says_below=False)
        return Chain([Worker(low, "low"), Worker(Linear(WEIGHTS["alex"], 0.0, policy=policy), "top")])

    outcome = replay(make_chart, ROWS, "0")
    if policy == "stash":
        as_composed(outcome)
    else:
        with pytest.raises(AssertionError, match=r"(?s)low's gradient of task 1 is .*, and by composition"):
            as_composed(outcome)


def test_a_worker_who_refuses_late_feedback_fails_with_what_he_raises():
    exploration = explore(lambda: Worker(Linear([1.0, 0.5], 0.0, policy="refuse"), "alex"), ROWS)
    assert exploration.counterexample.failure.reason == (
        "StaleFeedback: alex: feedback for task 1 is 1 update late, and late is refused"
    )


def test_with_one_task_in_flight_nothing_is_late_and_nobody_convicted():
    client = Client(ROWS.tasks, squared_error, in_flight=1)
    for policy in ("live", "refuse"):
        assert explore(lambda: rows(policy=policy), client).holds  # noqa: B023  it is called at once


# Names


def test_a_claim_has_a_name_whatever_it_is():
    class Likes:
        def __call__(self, outcome):
            return True

    def always(outcome):
        return True

    assert [name_of(claim) for claim in (always, Likes(), as_composed)] == ["always", "Likes", "as_composed"]
    assert [is_ours(claim) for claim in (always, Likes(), as_composed, checks_hold, everything_came)] == [
        False, False, True, True, True,
    ]  # fmt: skip


def test_one_member_at_a_time_or_all_together_those_who_did_the_task_are_composed():
    for allocate, combine in ((in_turn, maximum), (lambda task_id, inputs, books: [0, 1], maximum)):

        def make_chart(allocate=allocate, combine=combine):
            members = [Worker(Linear(weights, 0.0), name) for name, weights in WEIGHTS.items()]
            return Team(members, "team", allocate=allocate, combine=combine)

        as_composed(replay(make_chart, ROWS, "1"))


class KeepsOrder(ManagerDesk):
    """Passes results up in the order of the tasks, and so keeps those that come before an earlier one."""

    def take_result(self, member, task_id, output):
        kept = self.__dict__.setdefault("kept", {})
        kept[task_id] = super().take_result(member, task_id, output)
        letters = []
        while (due := self.__dict__.setdefault("due", 0)) in kept:
            letters += kept.pop(due)
            self.due += 1
        return letters


@pytest.mark.parametrize(("manager", "holds"), [(ManagerDesk, True), (KeepsOrder, False)])
def test_nothing_may_wait_for_ever_behind_what_was_lost(manager, holds):
    def chart():
        worker = Worker(lambda task: (task, lambda feedback: feedback), "alex")
        return Team([worker], "team", manager=manager)

    client = Client([("a", 0), ("b", 0)], lambda output, _: (0.0, output))
    assert explore(chart, client, claims=[everything_came]).holds
    exploration = explore(chart, client, claims=[everything_came], losses=1)
    assert exploration.holds is holds
    if not holds:
        assert "tasks are still pending: 1 at team, 1 at team/alex" in str(exploration)


def wrong_by_a_little(outcome):
    """As composed, if so much were added to what came."""
    outcome.client.feedback_below = {task: body + 1e5 for task, body in outcome.feedback_below.items()}
    as_composed(outcome)


@pytest.mark.parametrize(("claim", "holds"), [(as_composed, True), (wrong_by_a_little, False)])
def test_a_sum_whose_addends_cancel_is_not_wrong_for_the_order_of_addition(claim, holds):
    def says(number):
        return Worker(lambda task: (task + number, lambda feedback: feedback * number), f"says{number:.0f}")

    def chart():
        members = [says(number) for number in (1e16, 3.0, -1e16)]
        return Team(members, "team", allocate=everyone, combine=addition, manager=AddsAsTheyCome)

    client = Client([(np.float64(0.0), None)], lambda *_: (0.0, np.float64(1.0)))
    exploration = explore(chart, client, claims=[claim], first_failure=False)
    assert exploration.holds is holds
    assert exploration.reassociated or not holds


def test_what_an_estimator_raises_by_composition_is_a_counterexample():
    def once():
        asked = []

        def estimate(task):
            if task in asked:
                raise ValueError(f"{task} again")
            asked.append(task)
            return task, lambda feedback: feedback

        return Worker(estimate, "alex")

    client = Client([("a", None)], lambda output, _: (0.0, output))
    exploration = explore(once, client, claims=[as_composed])
    assert not exploration.holds
    assert "task 0 came to a result, and by composition to ValueError: a again" in str(exploration)


def test_a_large_number_that_nobody_adds_up_excuses_no_wrong_feedback():
    def learns_too_late():
        answered = []

        def estimate(task):
            def hear(feedback):
                answered.append(task)
                return feedback + float(len(answered) == 1 and task == 2e17)

            return task, hear

        return Worker(estimate, "alex")

    client = Client([(np.float64(1e17), None), (np.float64(2e17), None)], lambda *_: (0.0, np.float64(1.0)))
    assert not explore(learns_too_late, client, claims=[as_composed]).holds
