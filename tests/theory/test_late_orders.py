from itertools import product
from math import pi, sin, sqrt

import numpy as np
import pytest

from office.theory import order_limit, random_pick_limit, stability_limit, worst_order
from office.theory.late_orders import _second_moments


@pytest.mark.parametrize("staleness", [0, 1, 2, 5, 32])
def test_always_as_late_is_in_order(staleness):
    assert order_limit([staleness]) == pytest.approx(stability_limit(staleness), rel=1e-9)
    assert order_limit([staleness] * 3) == pytest.approx(stability_limit(staleness), rel=1e-9)


@pytest.mark.parametrize("size", [1, 2, 3, 5, 8])
def test_a_batch_applied_one_by_one_bears_two_by_its_size(size):
    assert order_limit(range(size)) == pytest.approx(2 / size, rel=1e-9)


def test_newest_first_in_blocks_of_five_bears_more_than_in_order_at_the_same_mean():
    assert order_limit([0, 2, 4, 6, 8]) == pytest.approx(0.61803, abs=5e-6)
    assert order_limit([4]) == pytest.approx(0.34730, abs=5e-6)


@pytest.mark.parametrize("size", [1, 2, 3, 8, 11])
def test_newest_first_in_blocks_bears_as_much_as_in_order_at_half_the_lateness(size):
    assert order_limit(range(0, 2 * size, 2)) == pytest.approx(2 * sin(pi / (2 * size)), rel=1e-9)
    if size % 2:
        assert order_limit(range(0, 2 * size, 2)) == pytest.approx(stability_limit(size // 2), rel=1e-9)


def test_where_a_period_begins_makes_no_difference():
    assert order_limit([0, 1, 2, 2]) == pytest.approx(order_limit([2, 0, 1, 2]), rel=1e-9)


@pytest.mark.parametrize(
    ("latest", "period", "limit", "order"),
    [
        (0, 3, 2.0, (0,)),
        (1, 6, 1.0, (1,)),
        (2, 6, 2 - sqrt(2), (0, 1, 2, 2)),
        (3, 6, 1 - 1 / sqrt(3), (0, 1, 2, 3, 3, 3)),
    ],
)
def test_the_worst_order_of_delays_is_worse_than_always_the_longest(latest, period, limit, order):
    bears, worst = worst_order(latest, period)
    assert bears == pytest.approx(limit, rel=1e-9)
    assert worst == order
    assert order_limit(worst) == pytest.approx(bears, rel=1e-9)
    if latest > 1:
        assert bears < 0.96 * stability_limit(latest)


@pytest.mark.parametrize("order", [[], [0, -1], [0.5], ["1"]])
def test_an_order_that_is_no_list_of_counts_is_refused(order):
    with pytest.raises(ValueError, match="an order is a list of whole numbers of updates from 0"):
        order_limit(order)


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
