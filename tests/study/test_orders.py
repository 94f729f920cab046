from math import pi, sin, sqrt

import pytest

from office.study import order_limit, stability_limit, worst_order


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
    ("most", "period", "limit", "order"),
    [
        (0, 3, 2.0, (0,)),
        (1, 6, 1.0, (1,)),
        (2, 6, 2 - sqrt(2), (0, 1, 2, 2)),
        (3, 6, 1 - 1 / sqrt(3), (0, 1, 2, 3, 3, 3)),
    ],
)
def test_the_worst_order_of_delays_is_worse_than_always_the_longest(most, period, limit, order):
    found, worst = worst_order(most, period)
    assert found == pytest.approx(limit, rel=1e-9)
    assert worst == order
    assert order_limit(worst) == pytest.approx(found, rel=1e-9)
    if most > 1:
        assert found < 0.96 * stability_limit(most)


@pytest.mark.parametrize("order", [[], [0, -1], [0.5], ["1"]])
def test_an_order_that_is_no_list_of_counts_is_refused(order):
    with pytest.raises(ValueError, match="an order is a list of whole numbers of updates from 0"):
        order_limit(order)
