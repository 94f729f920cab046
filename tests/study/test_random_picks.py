from itertools import product
from math import sqrt

import numpy as np
import pytest

from office.study import order_limit, random_pick_limit, stability_limit
from office.study.random_picks import _second_moments


@pytest.mark.parametrize(
    ("staleness", "limit"), [(0, 2.0), (1, (1 + sqrt(17)) / 4), (2, 1.0), (8, 0.53022), (32, 0.26180)]
)
def test_the_mean_square_bears_so_much(staleness, limit):
    assert random_pick_limit(staleness + 1) == pytest.approx(limit, abs=5e-6)


def test_random_order_bears_more_than_order_and_the_more_so_the_later():
    ratios = [random_pick_limit(late + 1) / stability_limit(late) for late in (1, 2, 8, 32)]
    assert ratios == sorted(ratios)
    assert ratios[-1] == pytest.approx(5.4, abs=0.05)
    assert random_pick_limit(9) > order_limit(range(0, 18, 2))


@pytest.mark.parametrize(("size", "step"), [(2, 0.7), (3, 1.1), (5, 0.2)])
def test_the_recurrence_is_the_mean_over_every_way_of_picking(size, step):
    squares = np.zeros(5)
    for picks in product(range(size), repeat=4):
        today, table = 1.0, [1.0] * size
        for update, pick in enumerate(picks, start=1):
            today -= step * table.pop(pick)
            table.append(today)
            squares[update] += today**2 / size**4
    moments = np.array([1.0, size - 1, (size - 1) ** 2, size - 1])
    for update in range(1, 5):
        moments = _second_moments(size, step) @ moments
        assert moments[0] == pytest.approx(squares[update], rel=1e-12)


@pytest.mark.parametrize("size", [0, -1, 2.5, "3"])
def test_a_table_that_holds_no_count_of_results_is_refused(size):
    with pytest.raises(ValueError, match="a table holds a whole number of results from 1"):
        random_pick_limit(size)
