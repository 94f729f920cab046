import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from office.errors import BadConditions, BadTime
from office.mail import Conditions, Delay, conditions, delay, stream

SHAPES = ["uniform", "normal", "pareto", "exponential"]
FURTHEST = 32767 / 8192
"""netem's tables hold 16-bit numbers with 8192 to the standard deviation."""
MANY = 200_000

shapes = st.sampled_from(SHAPES)
times = st.integers(0, 10**12)
delays = st.builds(Delay, times, st.integers(1, 10**12), shapes) | st.builds(Delay, times)


def phi(x):
    return math.exp(-x * x / 2) / math.sqrt(2 * math.pi)


def beyond(x):
    """The share of a normal distribution that is further out than x, on one side."""
    return math.erfc(x / math.sqrt(2)) / 2


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


# Reading and writing


@given(delays)
def test_conditions_written_down_read_back(delay):
    there = Conditions(delay)
    assert conditions(str(there)) == there
    assert conditions(there) is there


@given(st.integers(0, 500), st.integers(1, 500), shapes, st.sampled_from(["s", "ms", "us", "ns"]))
def test_each_word_of_a_delay_is_read(time, jitter, shape, unit):
    scale = {"s": 10**9, "ms": 10**6, "us": 10**3, "ns": 1}[unit]
    text = f"delay {time}{unit}  {jitter}{unit} distribution {shape}"
    assert conditions(text).delay == Delay(time * scale, jitter * scale, shape)


def test_what_is_left_out_is_nothing_and_a_jitter_alone_is_uniform():
    assert conditions("") == conditions("  ") == Conditions(Delay(0, 0))
    assert conditions("delay 20ms").delay == Delay(20_000_000)
    assert conditions("delay 20ms 5ms").delay == Delay(20_000_000, 5_000_000, "uniform")
    assert conditions("delay 0").delay == Delay(0)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("dalay 20ms", 'unknown word "dalay" (known: delay)'),
        ("delay 20ms 5ms 25%", 'unknown word "25%" (known: delay)'),
        ("delay 20xs", 'unknown unit "xs" in "20xs" (s, ms, us, ns)'),
        ("delay 20ms 5xs", 'unknown unit "xs" in "5xs" (s, ms, us, ns)'),
        ("delay ms", '"ms" is no time'),
        ("delay 20ms -5ms", '"-5ms" is no time'),
        ("delay", "a time is missing at the end"),
        (
            "delay 20ms 5ms distribution gauss",
            'unknown distribution "gauss" (known: uniform, normal, pareto, exponential)',
        ),
        ("delay 20ms 5ms distribution", 'unknown distribution ""'),
        ("delay 20ms distribution normal", "a distribution needs a jitter before it"),
        ("delay 20ms 0ms distribution normal", "a distribution needs a jitter before it"),
        ("delay 20ms delay 30ms", '"delay" stands there twice'),
    ],
)
def test_the_word_that_cannot_be_read_is_quoted_and_so_is_the_whole(text, complaint):
    with pytest.raises(BadConditions) as caught:
        conditions(text)
    assert str(caught.value).startswith(f'"{text}": ')
    assert complaint in str(caught.value)


@given(st.text())
def test_any_text_is_conditions_or_bad_conditions(text):
    try:
        assert isinstance(conditions(text), Conditions)
    except BadConditions as error:
        assert f'"{text}"' in str(error)  # noqa: PT017


GRAMMAR = ["delay", "distribution", "normal", "20ms", "5ms", "0", "1.5ns", "-1s", ".", "25%", "loss", "delays", "20"]


@given(st.lists(st.sampled_from(GRAMMAR), max_size=6))
def test_words_in_any_order_are_conditions_or_bad_conditions(words):
    try:
        there = conditions(" ".join(words))
    except BadConditions as error:
        quoted = str(error).removeprefix(f'"{" ".join(words)}": ')
        assert any(f'"{word}"' in quoted for word in words) or "missing" in quoted or "needs" in quoted
    else:
        assert conditions(str(there)) == there


@given(st.one_of(st.integers(), st.floats(), st.none(), st.binary()))
def test_conditions_are_a_string(text):
    with pytest.raises(BadConditions, match="mail conditions are a string, not"):
        conditions(text)


@given(delays)
def test_a_delay_alone_is_read_as_after_the_word_delay(there):
    assert delay(str(there)) == there


def test_a_delay_may_be_an_int_of_nanoseconds_and_a_bad_one_says_why():
    assert delay(7) == Delay(7)
    assert delay("7ms") == Delay(7_000_000)
    with pytest.raises(BadTime, match="unknown unit"):
        delay("7xs")
    with pytest.raises(BadTime):
        delay(0.5)
    with pytest.raises(BadConditions, match='unknown word "loss"'):
        delay("7ms 1ms loss 5%")


# Draws


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
    ("shape", "reach"), [("uniform", 1), ("normal", FURTHEST), ("pareto", 2 / 3), ("exponential", 1)]
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
    time, jitter, c = 10**9, 10**8, FURTHEST
    variance = (1 - 2 * beyond(c)) - 2 * c * phi(c) + 2 * c * c * beyond(c)
    samples = draws(Delay(time, jitter, "normal"))
    agrees(samples, time, jitter * math.sqrt(variance))
    assert np.abs(samples - time).max() <= c * jitter + 1
    agrees((np.abs(samples - time) < jitter).astype(float), math.erf(1 / math.sqrt(2)))


def test_pareto_is_netems_whose_standard_deviation_is_not_quite_its_jitter():
    """(Y - 3/2) / (3/4) for a Pareto Y of alpha 3, cut off where the table ends."""
    time, jitter = 10**9, 10**8
    cut = 1.5 + FURTHEST * 3 / 4
    mean, square = 1.5 - 0.5 / cut**2, 3 - 2 / cut
    samples = draws(Delay(time, jitter, "pareto"))
    agrees(samples, time + jitter * (mean - 1.5) * 4 / 3, jitter * math.sqrt(square - mean**2) * 4 / 3)
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
    one, next_one = np.array(list(pairwise(samples))).T
    assert abs(np.corrcoef(one, next_one)[0, 1]) < 5 / math.sqrt(len(one))
