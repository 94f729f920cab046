"""Feedback as late as a list says."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from office import Client, Linear, Worker, late_by, simulate
from office.errors import BadClient
from office.study import staleness
from office.theory import worst_order


def lateness(order, tasks):
    """How late a worker's feedback was, according to the journal."""
    client = Client([(np.ones((1, 1)), None)] * tasks, lambda *_: (0.0, np.ones(1)), **late_by(order, tasks))
    return staleness(simulate(Worker(Linear(np.zeros(1), 0.0), "alex"), client).journal, "alex").tolist()


@given(st.lists(st.integers(0, 6), min_size=1, max_size=5), st.integers(0, 30))
def test_every_feedback_is_as_late_as_the_list_says_over_and_over(order, tasks):
    heard = lateness(order, tasks)
    assert heard == [min(order[update % len(order)], update) for update in range(tasks)]


def test_an_order_is_any_sequence_of_whole_numbers():
    assert lateness((0, 1, 2, 2), 8) == [0, 1, 2, 2, 0, 1, 2, 2]
    assert lateness(range(3), 6) == [0, 1, 2, 0, 1, 2]
    order = worst_order(2, 6)[1]
    assert lateness(order, 2 * len(order))[len(order) :] == list(order)


@pytest.mark.parametrize("order", [(), [], 3, None, [1, -1], [0.5], ["1"], "12", [True], [None], {0, 1}])
def test_a_list_that_is_none_is_refused(order):
    with pytest.raises(BadClient, match="an order is a list of whole numbers of updates from 0, not"):
        late_by(order, 4)
