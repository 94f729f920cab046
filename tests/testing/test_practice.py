"""Each wrong manager is convicted; and the test that is printed fails on it, and passes on the right one."""

import importlib
import inspect
import os
import time
from pathlib import Path
from typing import ClassVar

import pytest
import trio

from office import Client, Team, Worker, explore, simulate
from office.desks import OUTBOX, ManagerDesk, WorkerDesk
from office.orders import everything_came
from office.testing import practice
from office.testing.practice import AddsAsTheyCome, DropsDismissals, ForgetsToPop, RoutesByArrival, SwapsFeedback
from tests.orders.practising import ROWS, TOTALS, WORDS, rows, three, totals, with_manager, words

pytest_plugins = "pytester"

ROOT = Path(__file__).parents[2]
CONVICTED = {
    RoutesByArrival: (words, WORDS),
    ForgetsToPop: (words, WORDS),
    SwapsFeedback: (rows, ROWS),
    DropsDismissals: (totals, TOTALS),
}

CHARTS = {f"with_{manager.__name__.lower()}": make_chart.__name__ for manager, (make_chart, _) in CONVICTED.items()}


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
    exploration = explore(wrong, client)
    smallest = exploration.counterexample
    assert exploration.failing
    assert len(smallest.tasks) <= 3
    run_pasted(smallest.test(), right, client)
    with pytest.raises(Exception) as caught:
        run_pasted(smallest.test(), wrong, client)
    assert not isinstance(caught.value, (SyntaxError, NameError))


@pytest.mark.unwatched
@pytest.mark.parametrize("manager", CONVICTED, ids=lambda manager: manager.__name__)
def test_the_right_manager_is_not_convicted_in_the_same_office(manager):
    make_chart, client = CONVICTED[manager]
    smaller = explore(make_chart, client, max_runs=300, count=False)
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


@pytest.mark.unwatched
def test_sums_in_another_order_are_no_mistake_and_are_counted():
    exploration = explore(with_manager(three, AddsAsTheyCome), TOTALS, max_runs=400, count=False)
    assert not exploration.failing
    assert exploration.reassociated > 0
    assert 0 < exploration.farthest < 8
    assert explore(three, TOTALS, max_runs=400, count=False).reassociated == 0


@pytest.mark.unwatched
def test_a_worker_who_differentiates_with_todays_weights_is_convicted_and_one_who_keeps_his_is_not():
    def live():
        return rows(policy="live")

    assert "by composition" in explore(live, ROWS).counterexample.failure.reason
    assert not explore(rows, ROWS, max_runs=300, count=False).failing


class SendsFirst(WorkerDesk):
    """Would send its answer before it files the callback."""

    def do_task(self, task_id, inputs):
        output, handle_feedback = self.estimator(inputs)
        yield OUTBOX, task_id, output
        self.table.file(task_id, handle_feedback)


@pytest.mark.parametrize("order", ["0", "1", "0.0.1", "1.1.1.1"])
def test_nobody_can_send_before_he_files_since_all_that_a_desk_does_is_done_before_its_mail_moves(order, monkeypatch):
    monkeypatch.setattr("office.engines.workplace.worker_desk", lambda *who, **_: SendsFirst(*who))
    run = simulate(Worker(lambda task: (task, lambda feedback: feedback), "alex"), WORDS, order=order)
    assert len(run.feedback_below) == 3


class ManagerSendsFirst(ManagerDesk):
    """Would pass the answer up, and tell whoever asks, before it files the callback."""

    log: ClassVar[list[str]] = []

    def take_result(self, member, task_id, output):
        self.log.append("begins")
        letters = super().take_result(member, task_id, output)
        handle_feedback = self.table.pop(task_id, None)
        yield from letters
        if handle_feedback is not None:
            self.table.file(task_id, handle_feedback)
        self.log.append("ends")


def watched(name):
    """Somebody whose every word is written into the manager's log."""

    def estimate(task):
        ManagerSendsFirst.log.append(f"{name} does {task}")
        return task, hear

    def hear(feedback):
        ManagerSendsFirst.log.append(f"{name} hears {feedback}")
        return 1.0

    return Worker(estimate, name)


def side_by_side(outputs):
    return "+".join(outputs), lambda feedback: [feedback] * len(outputs)


def both(manager=ManagerSendsFirst):
    return Team([watched("alex"), watched("bo")], combine=side_by_side, manager=manager)


def nothing_came_between(log):
    return all(log[place + 1] == "ends" for place, what in enumerate(log) if what == "begins")


def say(output, _):
    ManagerSendsFirst.log.append(f"above: {output}")
    return 0.0, f"re {output}"


@pytest.mark.parametrize("options", [{}, {"capacity": 1}, {"mail": "delay 5ms 5ms"}, {"order": "1.1.1"}], ids=str)
def test_under_trio_nobody_hears_anything_before_a_desk_has_done_all_it_does(options):
    ManagerSendsFirst.log.clear()
    run = simulate(both(), Client([("a", 0), ("b", 0)], say), **options)
    assert len(run.feedback_below) == 2
    assert ManagerSendsFirst.log.count("begins") == 4
    assert nothing_came_between(ManagerSendsFirst.log)


def test_in_no_order_does_anybody_hear_anything_before_a_desk_has_done_all_it_does():
    def all_was_done(outcome):
        log = list(ManagerSendsFirst.log)
        ManagerSendsFirst.log.clear()
        return log.count("begins") == 2 and nothing_came_between(log)

    ManagerSendsFirst.log.clear()
    exploration = explore(both, Client([("a", 0)], say), claims=[all_was_done, everything_came], reduce=False)
    assert exploration.expect().runs == exploration.orders == 36  # up, and down again: six ways each


@pytest.mark.thorough
def test_pytest_says_the_same_of_the_tests_that_are_printed(pytester, monkeypatch):
    """In files of the user's, with the manager's class replaced where the chart is made, and nothing else."""
    chart = """
from office.testing.practice import *
from office.desks import ManagerDesk
from tests.orders import practising
def say(output, target):
    return 0.0, f"re {output}"
"""
    made, clients = {}, {}
    for manager, (make_chart, client) in CONVICTED.items():
        name = f"with_{manager.__name__.lower()}"
        made[name] = f"def {name}(): return practising.{make_chart.__name__}({manager.__name__})"
        clients[name] = client if client is not WORDS else None
    pytester.syspathinsert()
    pytester.syspathinsert(ROOT)
    pytester.makepyfile(charts=chart + "\n".join(made.values()))
    charts = importlib.import_module("charts")
    for name, client in clients.items():
        smallest = explore(getattr(charts, name), client or Client(WORDS.tasks, charts.say)).counterexample
        assert "explored" not in smallest.test()
        pytester.makepyfile(**{f"test_{name}": smallest.test()})
    python_path = os.pathsep.join([str(pytester.path), str(ROOT)])
    monkeypatch.setenv("PYTHONPATH", python_path)
    of_words_in_trio, by_replay = 3, 1
    wrong = pytester.runpytest_subprocess("-p", "no:cacheprovider")
    wrong.assert_outcomes(failed=of_words_in_trio + by_replay)
    wrong.stdout.no_fnmatch_line("*NameError*")
    right = "\n".join(f"def {name}(): return practising.{CHARTS[name]}(ManagerDesk)" for name in made)
    pytester.makepyfile(charts=chart + right)
    pytester.runpytest_subprocess("-p", "no:cacheprovider").assert_outcomes(passed=of_words_in_trio + by_replay)


def test_every_wrong_manager_is_tried_here():
    assert {getattr(practice, name) for name in practice.__all__} == {*CONVICTED, AddsAsTheyCome}
