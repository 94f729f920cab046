import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from office.theory import exponential_reordered_ratio, poisson_reordered_ratio


def test_a_message_a_mean_delay_makes_3_less_e_of_them_reordered():
    assert exponential_reordered_ratio(1.0) == pytest.approx(3 - math.e, abs=1e-15)


@pytest.mark.parametrize("load", [0.0, 1e-3, 0.1, 1.0, 2.5, 10.0, 300.0])
def test_the_series_is_the_integral(load):
    nodes, weights = np.polynomial.legendre.leggauss(120)
    v = (nodes + 1) / 2  # and x = v⁸, so that x to a small power is smooth at 0
    integral = weights / 2 @ (8 * v**7 * v ** (8 * load) * np.exp(load * (1 - v**8)))
    assert exponential_reordered_ratio(load) == pytest.approx(1 - integral, abs=1e-12)


@pytest.mark.parametrize("load", [0.1, 1.0, 4.0, 20.0])
def test_on_exponential_delays_it_comes_to_the_closed_form(load):
    """Quantiles in the middle of each of 100,000 equal shares."""
    delays = -np.log1p(-(np.arange(100_000) + 0.5) / 100_000)
    assert poisson_reordered_ratio(delays, load) == pytest.approx(exponential_reordered_ratio(load), abs=1e-4)


@pytest.mark.parametrize("load", [0.5, 4.0])
def test_where_a_share_goes_at_once_and_the_rest_takes_the_same_it_is_known_exactly(load):
    """Of those that take their time, each is overtaken by Poisson(share of the load)."""
    delays = [0.0] * 10 + [1.0] * 90
    assert poisson_reordered_ratio(delays, load) == pytest.approx(1 - (0.1 + 0.9 * np.exp(-0.1 * load)))


@given(st.floats(0, 100), st.integers(1, 50), st.floats(0, 1e6))
def test_messages_that_all_take_the_same_keep_their_order(delay, count, rate):
    assert poisson_reordered_ratio([delay] * count, rate) == 0


@given(st.lists(st.floats(0, 10), min_size=1, max_size=50), st.floats(0, 5), st.floats(0, 5))
def test_it_does_not_matter_how_long_the_shortest_delay_is(delays, rate, more):
    ratio = poisson_reordered_ratio(delays, rate)
    assert 0 <= ratio < 1
    assert poisson_reordered_ratio(np.add(delays, more), rate) == pytest.approx(ratio, abs=1e-6)


@pytest.mark.parametrize(("delays", "rate"), [([], 1.0), ([[1.0]], 1.0), ([1.0], -1.0), ([1.0], float("nan"))])
def test_without_delays_or_a_rate_there_is_no_ratio(delays, rate):
    with pytest.raises(ValueError, match="delays are a list of draws"):
        poisson_reordered_ratio(delays, rate)
