import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from office.work import cosine_schedule, linear_schedule
from office.work.schedules import as_schedule


@given(st.floats(0, 100), st.floats(0, 100), st.integers(0, 50), st.integers(0, 100))
def test_a_linear_schedule_goes_straight_from_start_to_end_and_stays(start, end, steps, count):
    schedule = linear_schedule(start, end, steps)
    assert schedule(steps) == schedule(steps + count) == end
    if steps:
        assert schedule(0) == start
        here = min(count, steps)
        assert schedule(here) == pytest.approx(start + (end - start) * here / steps)


@given(st.floats(0, 100), st.floats(0, 100), st.integers(0, 50), st.integers(0, 100))
def test_a_cosine_schedule_goes_along_half_a_cosine_from_start_to_end_and_stays(start, end, steps, count):
    schedule = cosine_schedule(start, end, steps)
    assert schedule(steps) == schedule(steps + count) == end
    if steps:
        assert schedule(0) == start
        here = min(count, steps)
        half_way = (start + end) / 2 + (start - end) / 2 * math.cos(math.pi * here / steps)
        assert schedule(here) == pytest.approx(half_way, abs=1e-9)


@pytest.mark.parametrize("make", [linear_schedule, cosine_schedule])
def test_negative_steps_are_refused(make):
    with pytest.raises(ValueError, match="a whole number of steps from 0, not -1"):
        make(1.0, 0.0, -1)


def test_a_number_is_a_schedule_that_does_not_change():
    assert [as_schedule(0.5, "the rate")(count) for count in (0, 7)] == [0.5, 0.5]
    for number in (np.float32(0.5), np.array(0.5), Fraction(1, 2)):
        assert type(as_schedule(number, "the rate")(0)) is float
        assert as_schedule(lambda _count, number=number: number, "the rate")(0) == 0.5
    assert as_schedule(math.inf, "the temperature", largest=math.inf)(0) == math.inf


@pytest.mark.parametrize("number", [-1.0, math.nan, -math.inf, math.inf, True, "0.1", None, 1j, np.ones(2), 10**400])
def test_a_number_below_zero_or_none_at_all_is_refused_as_soon_as_it_is_known(number):
    with pytest.raises(ValueError, match="the rate is"):
        as_schedule(number, "the rate")
    with pytest.raises(ValueError, match="the rate at count 3 is"):
        as_schedule(lambda _count: number, "the rate")(3)
