from math import inf, nan

import numpy as np

from office import Journal
from office.journal import Learnt
from office.study import feedback_sizes, learning_curve
from tests.study.journals import clerk, made_up, run


def test_losses_stand_in_the_order_in_which_they_were_said():
    journal = made_up([])
    journal.losses = [(3, "tea", 0.5), (3, 0, nan), (9, 7, inf), (11, 2, 2), (12, 1, -(10**400))]
    curve = learning_curve(journal)
    assert (curve.times.tolist(), [str(loss) for loss in curve.losses]) == (
        [3, 3, 9, 11, 12],
        ["0.5", "nan", "inf", "2.0", "-inf"],
    )
    assert (curve.finite.times.tolist(), curve.finite.losses.tolist()) == ([3, 11], [0.5, 2])


def test_a_run_in_which_nothing_was_said_has_an_empty_curve():
    curve = learning_curve(made_up([]))
    assert (len(curve.times), len(curve.losses), len(curve.finite.losses)) == (0, 0, 0)


def test_every_task_of_a_run_that_was_spoken_of_is_there():
    done = run(tasks=20)
    assert learning_curve(done.journal).losses.tolist() == done.losses.tolist()


def test_it_has_what_the_desk_wrote_down_in_order_and_nan_where_there_was_no_number():
    journal = Journal()
    journal.learnt["alex"] = [
        Learnt(5, "a", 0, 0, 0.5, None),
        Learnt(7, 2, 1, 1, 10**400, 3),
        Learnt(7, 3, 1, 2, nan, 1),
    ]
    sizes = feedback_sizes(journal, "alex")
    assert sizes.times.tolist() == [5, 7, 7]
    np.testing.assert_array_equal(sizes.from_above, [0.5, inf, nan])
    np.testing.assert_array_equal(sizes.to_below, [nan, 3, 1])


def test_a_desk_without_weights_has_none():
    sizes = feedback_sizes(run(clerk("alex")).journal, "alex")
    assert [len(column) for column in (sizes.times, sizes.from_above, sizes.to_below)] == [0, 0, 0]
