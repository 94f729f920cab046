from math import inf, nan

import numpy as np

from office import Journal
from office.journal import Learnt
from office.study import feedback_sizes
from tests.study.journals import clerk, run


def test_it_has_what_the_desk_wrote_down_in_order_and_nan_where_there_was_no_number():
    journal = Journal()
    journal.learnt["alex"] = [
        Learnt(5, "a", 0, 0, 0.5, None),
        Learnt(7, 2, 1, 1, 10**400, 3),
        Learnt(7, 3, 1, 2, nan, 1),
    ]
    found = feedback_sizes(journal, "alex")
    assert found.times.tolist() == [5, 7, 7]
    np.testing.assert_array_equal(found.from_above, [0.5, inf, nan])
    np.testing.assert_array_equal(found.to_below, [nan, 3, 1])


def test_a_desk_without_weights_has_none():
    found = feedback_sizes(run(clerk("alex")).journal, "alex")
    assert [len(column) for column in (found.times, found.from_above, found.to_below)] == [0, 0, 0]
