import pytest
from hypothesis import given
from hypothesis import strategies as st

from office import Client, late_by, simulate
from office.errors import BadClient
from office.study import staleness
from tests.study.journals import clerk, learner


@given(st.lists(st.integers(0, 6), min_size=1, max_size=8), st.integers(1, 40), st.sampled_from([clerk, learner]))
def test_every_feedback_is_as_late_as_the_list_says_over_and_over(order, tasks, kind):
    client = Client([(1.0, None)] * tasks, lambda *_: (0.0, 1.0), **late_by(order, tasks))
    journal = simulate(kind("alex"), client).journal
    wanted = [min(order[update % len(order)], update) for update in range(tasks)]
    assert staleness(journal, "alex").tolist() == wanted


@pytest.mark.parametrize("order", [[], [1, -1], [0.5], "ab"])
def test_a_list_that_is_no_order_is_refused(order):
    with pytest.raises(BadClient, match="whole numbers of updates from 0"):
        late_by(order, 3)
