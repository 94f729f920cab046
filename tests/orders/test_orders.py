from math import factorial

import pytest

from office import Worker
from office.orders import Orders
from tests.orders.small_offices import words

TO_THE_WORKER = ("*.inbox", "*.feedback_from_above")


def echo(task):
    return task, lambda feedback: feedback


@pytest.mark.unwatched
@pytest.mark.parametrize(
    ("tasks", "count"), [(1, 1), (2, 6), (3, 90), (4, 2520), pytest.param(5, 113_400, marks=pytest.mark.thorough)]
)
def test_one_worker_has_as_many_orders_as_tasks_and_their_feedback_can_be_mixed(tasks, count):
    orders = Orders(lambda: Worker(echo, "alex"), words(tasks), late=TO_THE_WORKER, reduce=False)
    assert count == factorial(2 * tasks) // 2**tasks
    assert sum(1 for _ in orders) == count
    assert (orders.runs, orders.broken_off, orders.complete) == (count, 0, True)


def test_no_two_orders_are_the_same():
    orders = Orders(lambda: Worker(echo, "alex"), words(4), late=TO_THE_WORKER, reduce=False)
    seen = [tuple(entry[1:3] for entry in outcome.trail) for outcome in orders]
    assert len(set(seen)) == len(seen) == 2520


def test_every_task_comes_before_its_feedback():
    for outcome in Orders(lambda: Worker(echo, "alex"), words(3), late=TO_THE_WORKER, reduce=False):
        heard = [(link, task) for _, link, _, _, task, *_ in outcome.trail]
        inbox, above = 0, 2
        assert all(heard.index((inbox, task)) < heard.index((above, task)) for task in range(3))
