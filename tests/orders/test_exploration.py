import pytest

from office import Client, Worker, explore
from office.desks import ManagerDesk
from office.errors import BadOrder, OrderFailed
from office.orders import checks_hold, everything_came, replay
from office.testing.practice import RoutesByArrival
from tests.orders.practising import WORDS, with_manager, words

TO_THE_WORKER = ("*.inbox", "*.feedback_from_above")


def alex():
    return Worker(lambda task: (task, lambda feedback: feedback), "alex")


def client(tasks):
    return Client([("task", None)] * tasks, lambda output, _: (0.0, f"re {output}"))


def test_it_says_how_many_orders_there_are_how_many_were_run_and_what_holds():
    exploration = explore(words, client(2), claims=[everything_came, checks_hold])
    assert exploration.holds
    assert str(exploration) == (
        "orders: 12,870; 2 run, and each of the others is the same as one of these\n"
        "in every order: no error, everything_came, checks_hold"
    )
    assert exploration.expect() is exploration


def test_without_reduction_all_are_run():
    exploration = explore(alex, client(3), late=TO_THE_WORKER, reduce=False)
    assert (exploration.orders, exploration.runs, exploration.complete) == (90, 90, True)


def test_it_stops_after_most_runs_and_says_that_it_is_not_complete():
    exploration = explore(alex, client(3), late=TO_THE_WORKER, max_runs=7)
    assert (exploration.runs, exploration.complete, exploration.holds) == (7, False, False)
    assert "stopped after 7 runs" in str(exploration)
    with pytest.raises(OrderFailed, match="stopped after 7 runs"):
        exploration.expect()


def test_runs_that_were_broken_off_are_among_the_most():
    exploration = explore(words, client(4), claims=[everything_came], overtakings=0, max_runs=50)
    assert exploration.broken_off > 0
    assert exploration.runs + exploration.broken_off == 50
    assert not exploration.complete


def test_what_is_wrong_with_letters_is_a_failure_that_is_shown_smallest():
    class ReturnsNothing(ManagerDesk):
        def hear_feedback(self, task_id, feedback):
            super().hear_feedback(task_id, feedback)

    exploration = explore(with_manager(words, ReturnsNothing), client(2))
    assert "TypeError: 'NoneType' object is not iterable (team: what it returned" in str(exploration.counterexample)


@pytest.mark.parametrize("runs", [0, -1, "many"])
def test_it_runs_at_least_one(runs):
    with pytest.raises(BadOrder):
        explore(alex, client(1), max_runs=runs)


def in_turn_of_tasks(outcome):
    return list(outcome.feedback_below) == sorted(outcome.feedback_below)


def test_a_claim_of_ones_own_that_returns_false_fails_and_is_made_small():
    exploration = explore(alex, client(4), claims=[in_turn_of_tasks], reduce=False, late=TO_THE_WORKER)
    smallest = exploration.counterexample
    assert len(smallest.tasks) == 2
    assert smallest.failure.reason.startswith("in_turn_of_tasks")
    outcome = replay(alex, smallest.case.client, smallest.order, late=TO_THE_WORKER)
    assert not in_turn_of_tasks(outcome)


def test_it_goes_on_after_a_failure_and_counts_where_that_is_asked_for():
    exploration = explore(
        alex, client(2), claims=[in_turn_of_tasks], late=TO_THE_WORKER, reduce=False, first_failure=False
    )
    assert exploration.complete
    assert (exploration.runs, exploration.failing) == (6, 3)


def test_with_a_loss_what_is_pending_is_no_failure():
    exploration = explore(alex, client(2), losses=1)
    assert exploration.holds
    assert explore(alex, client(2)).runs < exploration.runs


def test_a_repeat_that_is_refused_is_no_failure_and_one_that_is_done_again_is():
    exploration = explore(alex, client(1), repeats=1)
    assert (
        "second result" in exploration.counterexample.failure.reason
    )  # the desk has done it twice: it forgets what is done
    refused = explore(alex, client(1), repeats=1, late="*.outbox")
    assert refused.holds


def test_final_states_are_collected_where_that_is_asked_for():
    assert len(explore(words, client(2), states=True).states) == 2


@pytest.mark.unwatched
def test_progress_is_told_after_every_thousand_runs():
    numbers = []
    explore(alex, client(4), late=TO_THE_WORKER, progress=numbers.append)
    assert numbers == [1000, 2000]


def test_a_claim_that_breaks_says_in_which_order():
    def broken(outcome):
        raise KeyError("oh")

    with pytest.raises(KeyError) as caught:
        explore(alex, client(1), claims=[broken])
    assert "in order" in "".join(caught.value.__notes__) or "of order 0" in "".join(caught.value.__notes__)


def test_the_counterexample_is_minimal_by_brute_force():
    smallest = explore(with_manager(words, RoutesByArrival), WORDS).counterexample
    fewer = smallest.case.with_tasks(smallest.tasks[:1])
    assert all(fewer.failure(outcome) is None for outcome in fewer.orders())


def test_a_client_who_keeps_nothing_is_looked_at_all_the_same():
    assert explore(alex, Client([("task", None)] * 2, lambda output, _: (0.0, "more"), keep=False)).holds
