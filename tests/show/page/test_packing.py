from base64 import b64decode

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from office.show.page.packing import packed


def unpacked(column):
    """What columns.js makes of it."""
    numbers = np.frombuffer(b64decode(column["data"]), f"<{column['type']}")
    return np.cumsum(numbers.astype(float)) if column["steps"] else numbers


@given(st.lists(st.integers(-(2**52), 2**52)), st.booleans())
def test_whole_numbers_come_out_as_they_went_in(numbers, steps):
    column = packed(np.array(sorted(numbers), dtype=np.int64), steps=steps)
    assert unpacked(column).tolist() == sorted(numbers)


@pytest.mark.parametrize(
    ("numbers", "kind"),
    [
        ([], "u1"), ([255], "u1"), ([256], "u2"), ([-1, 127], "i1"), ([-1, 128], "i2"), ([2**32 - 1], "u4"),
        ([-(2**31)], "i4"), ([2**32], "f8"), ([0.5], "f4"),
    ],
)  # fmt: skip
def test_a_column_takes_the_smallest_type_that_holds_it(numbers, kind):
    assert packed(numbers)["type"] == kind


def test_steps_that_are_small_take_less_than_numbers_that_are_large():
    times = 10**9 + 100 * np.arange(1000)
    assert len(packed(times, steps=True)["data"]) < len(packed(times)["data"]) * 2
    assert packed(np.arange(1000), steps=True)["type"] == "u1"


def test_a_float_beyond_those_of_32_bits_is_infinite_and_nan_stays():
    assert [str(number) for number in unpacked(packed([1e300, float("nan"), 0.25]))] == ["inf", "nan", "0.25"]
