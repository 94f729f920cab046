import math
from itertools import islice

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from office.errors import BadConditions
from office.mail.netem import stream
from office.mail.netem.chance import Chance
from office.mail.netem.streams import numbers
from office.mail.netem.words import Words

MANY = 60_000
percents = st.floats(0, 100)


def rng(name="chance"):
    return stream(0, name)


def drawn(correlation, count=MANY):
    return np.array(list(islice(numbers(rng(f"rho {correlation}"), correlation), count)))


def happened(chance, count=MANY):
    return np.array(list(islice(chance.events(rng(str(chance))), count)), dtype=float)


@pytest.mark.parametrize("percent", [0.1, 1, 12.5, 50, 99])
def test_without_correlation_the_share_is_the_percentage(percent):
    share = percent / 100
    assert abs(happened(Chance(percent)).mean() - share) < 5 * math.sqrt(share * (1 - share) / MANY)


@pytest.mark.parametrize("correlation", [0, 25, 100])
def test_nothing_happens_at_0_percent_and_everything_at_100(correlation):
    assert not happened(Chance(0, correlation), 5000).any()
    assert happened(Chance(100, correlation), 5000).all()


@pytest.mark.parametrize("correlation", [0, 10, 25, 50, 80])
def test_numbers_remember_as_much_of_each_other_as_they_are_correlated(correlation):
    """The mean stays 1/2; the variance is (1 - rho)/(1 + rho) times 1/12; k apart they correlate as rho to the k."""
    series, rho = drawn(correlation), correlation / 100
    assert series.min() >= 0
    assert series.max() < 1
    assert abs(series.mean() - 1 / 2) < 5 * math.sqrt(1 / 12 / MANY)
    error = math.sqrt((1 + rho**2) / (1 - rho**2) / MANY)
    variance = (1 - rho) / (1 + rho) / 12
    assert abs(series.var() / variance - 1) < 5 * math.sqrt(2) * error
    for k in range(1, 6):
        assert abs(np.corrcoef(series[:-k], series[k:])[0, 1] - rho**k) < 5 * error


def test_with_a_correlation_of_1_the_first_number_stays():
    assert len(set(drawn(100, 1000))) == 1


@given(st.integers(0, 100), st.integers(1, 300))
def test_each_number_is_so_much_of_the_one_before_and_for_the_rest_a_fresh_one(correlation, count):
    rho = correlation / 100
    fresh = rng(f"rho {correlation}").random(count + 1).tolist()
    expected, last = [], fresh[0]
    for new in fresh[1:]:
        last = rho * last + (1 - rho) * new
        expected.append(last)
    assert drawn(correlation, count).tolist() == pytest.approx(expected if rho else fresh[:count], abs=1e-15)


@given(percents, percents, percents, st.integers(0, 200))
def test_what_happens_at_a_percentage_happens_at_every_higher_one(low, high, correlation, count):
    low, high = sorted((low, high))
    less, more = (list(islice(Chance(percent, correlation).events(rng()), count)) for percent in (low, high))
    assert all(b for a, b in zip(less, more, strict=True) if a)


def test_with_correlation_it_happens_less_often_than_the_percentage_says_and_in_clusters():
    events = happened(Chance(20, 60)).astype(bool)
    assert 0 < events.mean() < 0.15
    assert events[1:][events[:-1]].mean() > 2 * events.mean()


@given(st.builds(Chance, percents, percents))
def test_a_chance_written_down_reads_back(chance):
    assert Chance.read(Words(str(chance))) == chance


@pytest.mark.parametrize("text", ["25%", "0%", "0.1% 25%", "100% 99.5%"])
def test_a_chance_is_written_as_it_is_read(text):
    assert str(Chance.read(Words(text))) == text


@pytest.mark.parametrize("text", ["", "x", "5% 101%", "5% -1%"])
def test_no_chance_is_read_where_there_is_none(text):
    with pytest.raises(BadConditions):
        Chance.read(Words(text))
