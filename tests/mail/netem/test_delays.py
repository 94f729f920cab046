import math
from itertools import islice, pairwise
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from office.mail.netem import Delay, stream
from office.mail.netem.delays import SHAPES
from office.mail.netem.words import Words

FURTHEST = 32767 / 8192
"""netem's tables hold 16-bit numbers with 8192 to the standard deviation."""
MANY = 100_000

shapes = st.sampled_from(list(SHAPES))
times = st.integers(0, 10**12)
delays = st.builds(Delay, times, st.integers(1, 10**12), shapes) | st.builds(Delay, times)
percents = st.floats(0, 100)
remembering = st.builds(Delay, times, st.integers(1, 10**12), shapes, percents)


def phi(x):
    return math.exp(-x * x / 2) / math.sqrt(2 * math.pi)


def beyond(x):
    """The share of a normal distribution that is further out than x, on one side."""
    return math.erfc(x / math.sqrt(2)) / 2


NORMAL_VARIANCE = (1 - 2 * beyond(FURTHEST)) - 2 * FURTHEST * phi(FURTHEST) + 2 * FURTHEST**2 * beyond(FURTHEST)
CUT = 1.5 + FURTHEST * 3 / 4
PARETO_MEAN = (1.5 - 0.5 / CUT**2 - 1.5) * 4 / 3
PARETO_VARIANCE = (3 - 2 / CUT - (1.5 - 0.5 / CUT**2) ** 2) * 16 / 9


def paretonormal(share):
    """The quantile, as in iproute2's table of it: a quarter of the normal's, three quarters of the Pareto's."""
    pareto = min((4 / 3) * ((1 - share) ** (-1 / 3) - 1.5), FURTHEST)
    return (NormalDist().inv_cdf(share) + 3 * pareto) / 4


QUANTILES = np.array([paretonormal((place + 0.5) / MANY) for place in range(MANY)])


def draws(delay, count=MANY, seed=0):
    return np.array(delay.draw(stream(seed, str(delay)), count), dtype=float)


def agrees(samples, mean, deviation=None):
    """Within five standard errors, for the mean and the standard deviation."""
    n, centred = len(samples), samples - samples.mean()
    variance = (centred**2).mean()
    assert abs(samples.mean() - mean) < 5 * math.sqrt(variance / n)
    if deviation is not None:
        error = math.sqrt(((centred**4).mean() - variance**2) / (4 * variance * n))
        assert abs(math.sqrt(variance) - deviation) < 5 * error


@given(delays, st.integers(0, 2**32))
def test_no_draw_is_below_the_least_and_all_are_whole(delay, seed):
    drawn = delay.draw(stream(seed, "delay"), 500)
    assert min(drawn) >= delay.least >= 0
    assert {type(time) for time in drawn} == {int}


@given(delays, st.lists(st.integers(0, 40), min_size=1, max_size=6))
def test_blocks_of_any_size_give_the_same_numbers(delay, sizes):
    rng = stream(1, "delay")
    in_blocks = [time for size in sizes for time in delay.draw(rng, size)]
    assert in_blocks == delay.draw(stream(1, "delay"), sum(sizes))


@pytest.mark.parametrize(
    ("shape", "reach"),
    [
        ("uniform", 1),
        ("normal", FURTHEST),
        ("pareto", 2 / 3),
        ("paretonormal", FURTHEST / 4 + 3 / 4 * 2 / 3),
        ("exponential", 1),
    ],
)
def test_the_least_is_as_far_below_the_time_as_the_distribution_reaches(shape, reach):
    for time, jitter in ((10**9, 10**8), (10**6, 3), (10**8, 10**9)):
        assert Delay(time, jitter, shape).least == max(0, math.floor(time - reach * jitter))
    assert Delay(5).least == 5


def test_without_jitter_every_message_takes_the_same():
    assert set(draws(Delay(123), 100)) == {123}


def test_uniform_has_its_jitter_for_half_width():
    time, half = 10**9, 10**8
    samples = draws(Delay(time, half))
    agrees(samples, time, half / math.sqrt(3))
    assert time - half <= samples.min() < time - 0.999 * half
    assert time + half >= samples.max() > time + 0.999 * half


def test_normal_has_its_jitter_for_standard_deviation_but_for_what_netem_cuts_off():
    time, jitter = 10**9, 10**8
    samples = draws(Delay(time, jitter, "normal"))
    agrees(samples, time, jitter * math.sqrt(NORMAL_VARIANCE))
    assert np.abs(samples - time).max() <= FURTHEST * jitter + 1
    agrees((np.abs(samples - time) < jitter).astype(float), math.erf(1 / math.sqrt(2)))


def test_pareto_is_netems_whose_standard_deviation_is_not_quite_its_jitter():
    """(Y - 3/2) / (3/4) for a Pareto Y of alpha 3, cut off where the table ends."""
    time, jitter = 10**9, 10**8
    samples = draws(Delay(time, jitter, "pareto"))
    agrees(samples, time + jitter * PARETO_MEAN, jitter * math.sqrt(PARETO_VARIANCE))
    assert samples.max() == round(time + FURTHEST * jitter)
    agrees((samples > time).astype(float), 1.5**-3)


def test_exponential_has_its_jitter_for_standard_deviation_and_its_time_for_mean():
    time, jitter = 10**9, 10**8
    samples = draws(Delay(time, jitter, "exponential"))
    agrees(samples, time, jitter)
    agrees((samples > time).astype(float), math.exp(-1))
    assert time - jitter <= samples.min() < time - 0.999 * jitter


@pytest.mark.parametrize(
    ("shape", "mean"),
    [
        ("uniform", 1 / 4),
        ("normal", phi(0) - phi(FURTHEST) + FURTHEST * beyond(FURTHEST)),
        ("exponential", math.exp(-1)),
    ],
)
def test_a_delay_that_would_be_negative_is_none_at_all(shape, mean):
    samples = draws(Delay(0, 10**9, shape))
    assert samples.min() == 0
    agrees(samples / 10**9, mean)


@pytest.mark.parametrize("shape", SHAPES)
def test_one_delay_says_nothing_of_the_next(shape):
    samples = draws(Delay(10**9, 10**8, shape), 20_000)
    earlier, later = np.array(list(pairwise(samples))).T
    assert abs(np.corrcoef(earlier, later)[0, 1]) < 5 / math.sqrt(len(earlier))


def test_paretonormal_is_a_quarter_normal_and_three_quarters_pareto_quantile_by_quantile():
    time, jitter = 10**10, 10**9
    samples = draws(Delay(time, jitter, "paretonormal"))
    agrees(samples, time + jitter * QUANTILES.mean(), jitter * QUANTILES.std())
    for share in (0.01, 0.1, 0.5, 0.9, 0.99):
        below = (samples < time + jitter * paretonormal(share)).mean()
        assert abs(below - share) < 5 * math.sqrt(share * (1 - share) / MANY)
    assert samples.max() <= time + FURTHEST * jitter + 1


# Memory


def remembered(delay, count=MANY):
    return list(islice(delay.times(stream(0, str(delay))), count))


@given(delays, st.integers(0, 300))
def test_without_correlation_times_are_the_draws_one_after_another(delay, count):
    assert remembered(delay, count) == delay.draw(stream(0, str(delay)), count)


@given(remembering | delays, st.integers(1, 300))
def test_no_time_is_below_the_least_and_all_are_whole(delay, count):
    drawn = remembered(delay, count)
    assert min(drawn) >= delay.least >= 0
    assert {type(time) for time in drawn} == {int}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("correlation", [25, 60])
def test_times_remember_as_much_of_each_other_as_they_are_correlated(shape, correlation):
    """The mean stays; the variance is (1 - rho)/(1 + rho) of what it was; k apart they correlate as rho to the k."""
    count, time, jitter, rho = 50_000, 10**12, 10**11, correlation / 100
    drawn = np.array(remembered(Delay(time, jitter, shape, correlation), count), dtype=float)
    mean, variance = {
        "uniform": (0, 1 / 3),
        "normal": (0, NORMAL_VARIANCE),
        "pareto": (PARETO_MEAN, PARETO_VARIANCE),
        "paretonormal": (QUANTILES.mean(), QUANTILES.var()),
        "exponential": (0, 1),
    }[shape]
    assert abs(drawn.mean() - time - jitter * mean) < 5 * jitter * math.sqrt(variance / count)
    remembered_variance = variance * (1 - rho) / (1 + rho)
    centred = (drawn - drawn.mean()) / jitter
    kurtosis = (centred**4).mean() / centred.var() ** 2
    error = math.sqrt((1 + rho**2) / (1 - rho**2) / count)
    assert abs(centred.var() / remembered_variance - 1) < 5 * math.sqrt(kurtosis - 1) * error
    for k in range(1, 5):
        assert abs(np.corrcoef(drawn[:-k], drawn[k:])[0, 1] - rho**k) < 5 * error


def test_with_a_correlation_of_1_the_first_time_stays():
    assert len(set(remembered(Delay(10**9, 10**8, "normal", 100), 1000))) == 1


@given(times, percents, st.integers(1, 50))
def test_what_does_not_vary_has_nothing_to_remember(time, correlation, count):
    assert remembered(Delay(time, 0, correlation=correlation), count) == [time] * count


# Writing


@given(delays | remembering | st.builds(Delay, times, correlation=percents))
def test_a_delay_written_down_reads_back(delay):
    assert Delay.read(Words(str(delay))) == delay


@pytest.mark.parametrize(
    "text",
    ["0s", "20ms", "20ms 5ms", "20ms 5ms 25%", "20ms 5ms distribution normal", "1s 5us 0.5% distribution pareto"],
)
def test_a_delay_is_written_as_it_is_read(text):
    assert str(Delay.read(Words(text))) == text
