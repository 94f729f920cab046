"""The smallest order that fails is the smallest: nothing of it can be left out, as brute force says."""

from functools import partial
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from office import Chain, Client, LinearTotal, Team, Worker, explore, in_turn
from office.desks import ManagerDesk
from office.engines import OLDEST, order_text, read_order
from office.errors import BadChart, OfficeError
from office.orders import Orders, everything_came, replay, shrinking, without
from office.orders.case import Case
from office.orders.settings import SearchSettings
from office.orders.shrinking import _from_fewest_desks, overtakings
from office.orders.without import members_of
from office.testing.practice import DropsDismissals, ForgetsToPop, RoutesByArrival, SwapsFeedback
from tests.orders.practising import ROWS, TOTALS, WORDS, estimator, rows, totals, with_manager, words
from tests.tiers import examples

INBOX = "*.inbox"


def alex():
    return Worker(estimator("alex"), "alex")


def client(tasks):
    return Client([(f"task {number}", None) for number in range(tasks)], lambda output, _: (0.0, f"re {output}"))


# Brute force


def fails(case):
    """Whether any order of an office does, in any way."""
    try:
        return any(case.failure(outcome) for outcome in case.orders())
    except OfficeError:  # there is no such office
        return False


def smaller_offices(whole):
    """All offices with some of the tasks and some of the desks, each with how many it has of both."""
    tasks = list(whole.client.tasks)
    members = list(members_of(whole.chart()))
    for number in range(1, len(tasks) + 1):
        for some in combinations(tasks, number):
            for left_out in (out for count in range(len(members)) for out in combinations(members, count)):
                yield (number, len(members) - len(left_out)), whole.with_tasks(some).leaving_out(*left_out)


CONVICTED = {
    RoutesByArrival: (words, WORDS, (2, 1)),
    ForgetsToPop: (words, WORDS, (1, 1)),
    SwapsFeedback: (rows, ROWS, (1, 2)),
    DropsDismissals: (totals, TOTALS, (1, 2)),
}


@pytest.mark.parametrize("manager", CONVICTED, ids=lambda manager: manager.__name__)
def test_no_office_with_fewer_tasks_or_with_fewer_desks_fails(manager):
    make_chart, people, size = CONVICTED[manager]
    smallest = explore(with_manager(make_chart, manager), people).counterexample
    size_of_smallest = len(smallest.tasks), len(list(members_of(smallest.case.chart())))
    assert size_of_smallest == size
    whole = Case(with_manager(make_chart, manager), people, smallest.case.claims)
    assert not [size for size, case in smaller_offices(whole) if size < size_of_smallest and fails(case)]


@pytest.mark.unwatched
def test_of_all_orders_of_its_office_none_that_fails_has_fewer_overtakings():
    smallest = explore(with_manager(words, RoutesByArrival), WORDS).counterexample
    case = smallest.case
    failing = [
        overtakings(outcome) for outcome in Orders(case.chart, case.client, reduce=False) if case.failure(outcome)
    ]
    assert len(failing) > 1000
    assert min(failing) == smallest.overtakings == 1


@pytest.mark.parametrize("manager", CONVICTED, ids=lambda manager: manager.__name__)
def test_no_choice_can_be_an_older_message_and_none_be_left_to_the_oldest(manager):
    make_chart, people, _ = CONVICTED[manager]
    smallest = explore(with_manager(make_chart, manager), people).counterexample
    case, choices = smallest.case, read_order(smallest.order)
    for step, (place, fate) in enumerate(choices):
        less = [[*choices[:step], (earlier, fate), *choices[step + 1 :]] for earlier in range(place)]
        if choices[step:] != [OLDEST] * (len(choices) - step):
            less.append(choices[:step])
        for order in map(order_text, less):
            failure = case.failure(case.replay(order))
            assert failure is None or overtakings(failure.outcome) > smallest.overtakings


# Tasks


def is_before(first, second):
    """A claim: the people above speak of the one before they speak of the other."""

    def claim(outcome):
        replies = [outcome.outputs[task_id] for _, task_id, _ in outcome.client.losses]
        return not {first, second} <= set(replies) or replies.index(first) < replies.index(second)

    return claim


@given(st.integers(2, 4), st.data())
@settings(max_examples=examples(15))
def test_the_tasks_that_are_left_are_those_that_matter(tasks, data):
    first, second = data.draw(st.lists(st.integers(0, tasks - 1), min_size=2, max_size=2, unique=True).map(sorted))
    claim = is_before(f"alex(task {first})", f"alex(task {second})")
    exploration = explore(alex, client(tasks), claims=[claim], late=INBOX, reduce=False)
    smallest = exploration.counterexample
    assert [inputs for inputs, _ in smallest.tasks] == [f"task {first}", f"task {second}"]
    assert (smallest.overtakings, smallest.order) == (1, "1")


def all_three_in_order(outcome):
    assert list(outcome.outputs) == [0, 1, 2]


def the_last_is_known(outcome):
    return outcome.outputs[2] == "alex(task 2)" and list(outcome.outputs) == [0, 1, 2]


@pytest.mark.parametrize("claim", [all_three_in_order, the_last_is_known])
def test_an_office_that_lacks_what_a_claim_of_ones_own_is_about_is_no_example(claim):
    """With fewer tasks it does not hold even if all comes in order, or cannot be asked."""
    smallest = explore(alex, client(3), claims=[claim], late=INBOX, reduce=False).counterexample
    assert len(smallest.tasks) == 3
    assert smallest.overtakings == 1


def test_a_claim_of_ones_own_that_fails_in_order_too_is_made_as_small_as_any():
    def is_popped(outcome):
        return not outcome.tables["team"].size

    smallest = explore(with_manager(words, ForgetsToPop), WORDS, claims=[is_popped]).counterexample
    assert (len(smallest.tasks), smallest.case.left_out) == (1, ("team/bo",))


def test_tasks_that_can_be_gone_through_only_once_are_no_matter():
    tasks = (task for task in WORDS.tasks)
    smallest = explore(with_manager(words, RoutesByArrival), Client(tasks, WORDS.feedback)).counterexample
    assert len(smallest.tasks) == 2
    assert explore(smallest.case.chart, smallest.case.client).failing


def test_epochs_in_a_new_order_are_taken_as_they_were_submitted():
    people = Client(WORDS.tasks[:2], WORDS.feedback, epochs=2, shuffle=True)
    smallest = explore(with_manager(words, RoutesByArrival), people).counterexample
    assert len(smallest.tasks) == 2
    assert explore(smallest.case.chart, smallest.case.client).failing


# Desks

MEMBERS = st.sets(st.sampled_from(["a", "b", "a/b", "a/c", "a/b/d", "a/b/e", "b/f", "ab"])).map(sorted)


def is_under(desk, above):
    return desk == above or desk.startswith(f"{above}/")


@given(MEMBERS)
def test_those_who_are_kept_are_few_first_and_whoever_is_above_them_is_kept(members):
    every = list(_from_fewest_desks(members))
    kept = [[desk for desk in members if not any(is_under(desk, gone) for gone in out)] for out in every]
    assert [len(some) for some in kept] == sorted(len(some) for some in kept)
    assert len({tuple(some) for some in kept}) == len(kept)
    assert all(not (is_under(desk, above) and desk != above) for out in every for desk in out for above in out)
    closed = [
        some
        for count in range(len(members) + 1)
        for some in combinations(members, count)
        if all(above in some for desk in some for above in members if is_under(desk, above))
    ]
    assert sorted(map(tuple, kept)) == sorted(closed)


class Odd(ManagerDesk):
    """Says nothing below where the team has an odd number of members."""

    def hear_reply(self, member, task_id, re_inputs):
        letters = super().hear_reply(member, task_id, re_inputs)
        return letters if len(self.books.members) % 2 == 0 else []


def test_the_fewest_desks_are_found_though_with_one_less_it_does_not_fail():
    def make_chart():
        return Team([Worker(LinearTotal([1.0, 0.5], 0.0), name) for name in ("alex", "bo", "cy")], manager=Odd)

    one_task = Client(TOTALS.tasks[:1], TOTALS.feedback)
    smallest = explore(make_chart, one_task).counterexample
    assert not fails(Case(lambda: without(make_chart(), "team/cy"), one_task, (everything_came,)))
    assert len(list(members_of(smallest.case.chart()))) == 1


def test_whoever_stands_around_a_wrong_manager_is_left_out():
    def make_chart():
        inner = Team([alex(), Worker(estimator("bo"), "bo")], "inner", allocate=in_turn, manager=RoutesByArrival)
        left, right = Worker(estimator("low"), "low"), Worker(estimator("high"), "high")
        return Chain([left, Team([inner, Worker(estimator("cy"), "cy")], "outer", allocate=in_turn), right])

    smallest = explore(make_chart, WORDS, late=("*inner.inbox", "*inner.feedback_from_above")).counterexample
    left = [desk.name for desk in smallest.failure.outcome.desks[1:]]
    assert left in (["outer", "outer/inner", "outer/inner/alex"], ["outer", "outer/inner", "outer/inner/bo"])
    assert len(smallest.tasks) == 2


# Losses and repeats


def task_0_came(outcome):
    return 0 in outcome.outputs


def test_no_more_is_lost_than_it_takes():
    smallest = explore(alex, client(2), claims=[task_0_came], losses=2, repeats=1, late="*.outbox").counterexample
    assert (len(smallest.tasks), smallest.order) == (1, "0-")


def test_no_more_is_repeated_than_it_takes():
    smallest = explore(alex, client(2), repeats=2, losses=1).counterexample
    assert len(smallest.tasks) == 1
    assert (smallest.order.count("+"), smallest.order.count("-")) == (1, 0)


# How


def test_a_failure_is_made_small_into_one_of_its_kind():
    def breaks(task):
        if task == "task 0":
            raise KeyError(task)
        if task == "task 2":
            raise ZeroDivisionError(task)
        return task, lambda feedback: feedback

    def make_chart():
        return Worker(breaks, "alex")

    exploration = explore(make_chart, client(3), late=INBOX)
    assert exploration.counterexample.failure.claim is KeyError
    assert [inputs for inputs, _ in exploration.counterexample.tasks] == ["task 0"]


def test_a_smaller_office_that_fails_in_another_way_is_no_example():
    def make_chart():
        done = []

        def breaks(task):
            done.append(task)
            if task == "task 1":
                raise KeyError(task) if "task 0" in done else ZeroDivisionError(task)
            return task, lambda feedback: feedback

        return Worker(breaks, "alex")

    smallest = explore(make_chart, client(3), late=INBOX).counterexample
    assert smallest.failure.claim is KeyError
    assert [inputs for inputs, _ in smallest.tasks] == ["task 0", "task 1"]


def test_where_several_orders_fail_it_is_one_with_the_fewest_overtakings_though_others_come_first():
    def fails_in_two(outcome):
        return list(outcome.outputs) not in ([0, 2, 3, 1], [1, 0, 2, 3])

    exploration = explore(alex, client(4), claims=[fails_in_two], late=INBOX, reduce=False)
    assert exploration.runs == 4  # it is the first of the two that was found: 0 1 2 3, 0 1 3 2, 0 2 1 3, 0 2 3 1
    assert (exploration.counterexample.order, exploration.counterexample.overtakings) == ("1", 1)


def test_choices_that_make_no_difference_are_left_out():
    case = Case(alex, client(2), (is_before("alex(task 0)", "alex(task 1)"),))
    failure = case.failure(case.replay("1.1.1.1"))
    assert overtakings(failure.outcome) == 1
    assert shrinking.smallest(case, failure).order == "1"


def test_no_more_orders_are_run_than_that(monkeypatch):
    asked = []
    orders = Case.orders
    monkeypatch.setattr(shrinking, "RUNS", 5)
    monkeypatch.setattr(Case, "orders", lambda case: asked.append(case) or orders(case))
    case = Case(
        alex, client(5), (lambda outcome: list(outcome.outputs) != [1, 0, 2, 3, 4],), SearchSettings(late=INBOX)
    )
    failure = case.failure(case.replay("1"))
    assert shrinking.smallest(case, failure).order == "1"
    assert 0 < len(asked) <= 10


def test_where_the_search_takes_too_long_what_was_found_so_far_stands(monkeypatch):
    monkeypatch.setattr(shrinking, "RUNS", 3)
    smallest = explore(with_manager(words, RoutesByArrival), WORDS).counterexample
    assert len(smallest.tasks) == 3
    assert smallest.case.failure(smallest.case.replay(smallest.order)).claim is smallest.failure.claim


@pytest.mark.parametrize("manager", CONVICTED, ids=lambda manager: manager.__name__)
def test_the_order_fails_again_when_it_is_replayed(manager):
    make_chart, people, _ = CONVICTED[manager]
    smallest = explore(with_manager(make_chart, manager), people).counterexample
    outcome = replay(smallest.case.chart, smallest.case.client, smallest.order)
    assert smallest.case.failure(outcome).reason == smallest.failure.reason
    assert outcome.order == smallest.order


def test_without_reduction_smaller_offices_are_looked_through_without_it_too():
    """Who hears first of which task is another order of the same only for a claim that does not ask."""
    claim = is_before("alex(task 0)", "alex(task 1)")
    late = ("alex.outbox", "alex.feedback_from_above")
    assert explore(alex, client(3), claims=[claim], late=late).holds
    smallest = explore(alex, client(3), claims=[claim], late=late, reduce=False).counterexample
    assert len(smallest.tasks) == 2


def test_a_chart_of_which_nothing_can_be_left_out_is_left_as_it_is():
    def make_chart():
        return Team([Worker(lambda task: (task, None), "alex")], manager=partial(ManagerDesk))

    assert not [*members_of(alex())]
    with pytest.raises(BadChart):
        without(make_chart(), "team/alex")
    smallest = explore(make_chart, client(1)).counterexample
    assert smallest.case.left_out == ()
    assert "has None for its callback" in smallest.failure.reason
