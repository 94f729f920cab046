from decimal import Decimal
from itertools import accumulate

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from office.errors import BadConditions, BadTime, OfficeError
from office.mail import conditions
from office.times import (
    LONGEST,
    NEVER,
    exact_time,
    microseconds,
    nanoseconds,
    rounded_time,
    time_text,
    time_unit,
    write_time,
)

POWERS = {"s": 9, "ms": 6, "us": 3, "ns": 0}
times = st.integers(0, 2**60)  # 36 years, the longest there is
units = st.sampled_from(sorted(POWERS))


def written(number, power, unit):
    """So many units of 10**-power each, as plain decimals."""
    return f"{Decimal(number).scaleb(-power):f}{unit}"


@given(times)
def test_what_is_written_for_people_reads_back_exactly(time):
    assert nanoseconds(time_text(time).replace(" ", "")) == time


@given(times)
def test_an_int_is_nanoseconds(time):
    assert nanoseconds(time) == time


@given(times, units)
def test_decimals_are_exact_in_every_unit(time, unit):
    assert nanoseconds(written(time, POWERS[unit], unit)) == time


@given(st.integers(0, 10**12), st.integers(1, 9), units)
def test_a_fraction_of_a_nanosecond_is_refused(time, rest, unit):
    with pytest.raises(BadTime, match="is not a whole number of nanoseconds"):
        nanoseconds(written(10 * time + rest, POWERS[unit] + 1, unit))


@given(times)
def test_the_unit_for_people_is_the_largest_that_gives_at_least_one(time):
    number, unit = time_text(time).split(" ")
    if time == 0:
        assert (number, unit) == ("0", "s")
    else:
        larger = [other for other, power in POWERS.items() if 10**power <= time]
        assert unit == max(larger, key=POWERS.get)
        assert number == number.strip("0") or "." not in number


@pytest.mark.parametrize(
    ("text", "time"),
    [("20ms", 20_000_000), ("1.5s", 1_500_000_000), (".5us", 500), ("0.25us", 250), ("0", 0), ("007ns", 7)],
)
def test_a_time_as_it_is_written(text, time):
    assert nanoseconds(text) == time


@pytest.mark.parametrize(
    ("time", "text"),
    [(2_500_000_000, "2.5 s"), (12_000_000, "12 ms"), (1_001, "1.001 us"), (999, "999 ns"), (0, "0 s")],
)
def test_a_time_as_people_read_it(time, text):
    assert time_text(time) == text


@given(times)
def test_a_length_of_time_may_be_negative_and_none_at_all(time):
    assert exact_time(time) == (time_text(time) if time else "0 ns")
    assert exact_time(-time) == (f"-{time_text(time)}" if time else "0 ns")


@given(times)
def test_a_written_time_reads_back_exactly(time):
    assert nanoseconds(write_time(time)) == time


@given(times)
def test_microseconds_are_exact(time):
    assert Decimal(microseconds(time)) * 1000 == time


@pytest.mark.parametrize(
    ("time", "text"),
    [(2 * 10**9, "2 s"), (4e6 / 3, "1.333 ms"), (1500.0, "1.5 us"), (999.9996, "1000 ns"), (0.0, "0 ns")],
)
def test_a_mean_of_times_is_rounded_to_three_decimals(time, text):
    assert rounded_time(time) == text


@pytest.mark.parametrize(
    ("longest", "name"),
    [(0, "ns"), (1999, "ns"), (2000, "µs"), (2 * 10**9, "s"), (7199 * 10**9, "s"), (7200 * 10**9, "hours")],
)
def test_two_units_fit_on_an_axis(longest, name):
    unit = time_unit(longest)
    assert unit.name == name
    assert unit.size == 1 or longest >= 2 * unit.size


def test_no_time_that_can_be_written_is_later_than_never():
    assert LONGEST < NEVER == np.iinfo(np.int64).max


def test_two_thousand_tenths_of_a_second_are_two_hundred_seconds():
    assert 2000 * nanoseconds("0.1s") == nanoseconds("200s")
    assert list(accumulate([0.1] * 10))[-1] != 1.0  # what a clock of floats would do


@given(st.one_of(st.floats(), st.booleans(), st.none(), st.binary()))
def test_what_is_neither_int_nor_string_is_refused(time):
    with pytest.raises(BadTime, match="is no time: write an int of nanoseconds"):
        nanoseconds(time)


@pytest.mark.parametrize("time", [np.float64(1.0), np.bool_(True), [1], 1j])  # noqa: FBT003
def test_nor_is_a_number_of_another_kind_a_time(time):
    with pytest.raises(BadTime):
        nanoseconds(time)


@given(st.integers(max_value=-1))
def test_a_time_is_not_negative(time):
    with pytest.raises(BadTime, match="times are not negative"):
        nanoseconds(time)
    with pytest.raises(BadTime):
        nanoseconds(f"{time}ns")


@pytest.mark.parametrize("unit", ["xs", "S", "min", "µs", "sms"])
def test_an_unknown_unit_is_quoted_with_those_that_are_known(unit):
    with pytest.raises(BadTime) as caught:
        nanoseconds(f"20{unit}")
    assert str(caught.value) == f'unknown unit "{unit}" in "20{unit}" (s, ms, us, ns)'


@pytest.mark.parametrize(
    "text", ["", "ms", "20 ms", " 20ms", "20ms ", "1e3ns", "1.s", "1,5s", "+1s", "-0s", "nan", "0x1ns"]
)
def test_what_is_not_written_as_a_time_is_quoted(text):
    with pytest.raises(BadTime, match=r"is no time|unknown unit") as caught:
        nanoseconds(text)
    assert f'"{text}"' in str(caught.value)


@given(st.one_of(st.text(), st.from_regex(r"-?[0-9.]{0,6}[nums ]{0,3}")))
def test_any_text_is_a_time_or_a_bad_time(text):
    try:
        time = nanoseconds(text)
    except BadTime as error:
        assert isinstance(error, OfficeError)  # noqa: PT017
        assert isinstance(error, ValueError)  # noqa: PT017
    else:
        assert type(time) is int
        assert time >= 0


@pytest.mark.parametrize("read", [nanoseconds, lambda text: conditions(f"delay {text}")])
def test_a_time_with_thousands_of_digits_is_a_bad_time(read):
    with pytest.raises((BadTime, BadConditions)):
        read("9" * 5000 + "s")
