"""Each wrong manager is convicted; and the test that is printed fails on it, and passes on the right one."""

import inspect
import time

import pytest
import trio

from office import Worker, explore, simulate
from office.desks import OUTBOX, ManagerDesk, WorkerDesk
from office.testing import practice
from office.testing.practice import AddsAsTheyCome, DropsDismissals, ForgetsToPop, RoutesByArrival, SwapsFeedback
from tests.testing.practising import ROWS, TOTALS, WORDS, rows, three, totals, with_manager, words

CONVICTED = {
    RoutesByArrival: (words, WORDS),
    ForgetsToPop: (words, WORDS),
    SwapsFeedback: (rows, ROWS),
    DropsDismissals: (totals, TOTALS),
}


def run_pasted(text, make_chart, client):
    """Run a test that was printed, with these in the places of what it takes from its user."""
    names = {"make_chart": make_chart, "feedback": client.feedback, "rows": make_chart, "words": make_chart}
    exec(compile(text, "pasted.py", "exec"), names)  # noqa: S102  that is what it is for
    (test,) = [thing for name, thing in names.items() if name.startswith("test_")]
    if inspect.iscoroutinefunction(test):
        trio.run(test)
    else:
        test()


@pytest.mark.parametrize("manager", CONVICTED, ids=lambda manager: manager.__name__)
def test_a_wrong_manager_is_convicted_and_the_printed_test_fails_on_it_alone(manager):
    make_chart, client = CONVICTED[manager]
    wrong, right = with_manager(make_chart, manager), with_manager(make_chart, ManagerDesk)
    found = explore(wrong, client)
    smallest = found.counterexample
    assert found.failing
    assert len(smallest.tasks) <= 3
    run_pasted(smallest.test(), right, client)
    with pytest.raises(Exception) as caught:
        run_pasted(smallest.test(), wrong, client)
    assert not isinstance(caught.value, (SyntaxError, NameError))


@pytest.mark.parametrize("manager", CONVICTED, ids=lambda manager: manager.__name__)
def test_the_right_manager_is_not_convicted_in_the_same_office(manager):
    make_chart, client = CONVICTED[manager]
    smaller = explore(make_chart, client, most=300, count=False)
    assert not smaller.failing


def test_it_takes_two_tasks_and_one_overtaking_to_convict_who_routes_by_arrival():
    smallest = explore(with_manager(words, RoutesByArrival), WORDS).counterexample
    assert (len(smallest.tasks), smallest.overtakings) == (2, 1)
    assert "overtakes" in smallest.diagram()
    assert smallest.diagram() in str(smallest)


def test_conviction_takes_no_longer_than_a_moment():
    begin = time.process_time()
    for manager, (make_chart, client) in CONVICTED.items():
        explore(with_manager(make_chart, manager), client)
    assert time.process_time() - begin < 20  # in all: it is less than 1, and no machine is so slow


def test_sums_in_another_order_are_no_mistake_and_are_counted():
    found = explore(with_manager(three, AddsAsTheyCome), TOTALS, most=400, count=False)
    assert not found.failing
    assert found.reassociated > 0
    assert 0 < found.farthest < 8
    assert explore(three, TOTALS, most=400, count=False).reassociated == 0


def test_a_worker_who_differentiates_with_todays_weights_is_convicted_and_one_who_keeps_his_is_not():
    def live():
        return rows(policy="live")

    assert "by composition" in explore(live, ROWS).counterexample.failure.what
    assert not explore(rows, ROWS, most=300, count=False).failing


class SendsFirst(WorkerDesk):
    """Would send its answer before it files the callback."""

    def do_task(self, task_id, inputs):
        output, handle_feedback = self.estimator(inputs)
        yield OUTBOX, task_id, output
        self.table.file(task_id, handle_feedback)


@pytest.mark.parametrize("order", ["0", "1", "0.0.1", "1.1.1.1"])
def test_nobody_can_send_before_he_files_since_all_that_a_desk_does_is_done_before_its_mail_moves(order, monkeypatch):
    monkeypatch.setattr("office.engines.floor_plan.worker_desk", SendsFirst)
    run = simulate(Worker(lambda task: (task, lambda feedback: feedback), "alex"), WORDS, order=order)
    assert len(run.feedback_below) == 3


def test_every_wrong_manager_is_tried_here():
    assert {getattr(practice, name) for name in practice.__all__} == {*CONVICTED, AddsAsTheyCome}
