from math import inf, isnan, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from office import NO_FEEDBACK
from office.work import root_mean_square
from office.work.arrays import ONE_THREAD

DTYPES = st.sampled_from(["f8", "f4", "f2", "i4", "u1"])
tables = DTYPES.flatmap(
    lambda dtype: arrays.arrays(dtype, arrays.array_shapes(max_dims=3), elements=st.integers(0, 99))
)


@given(tables)
def test_it_is_the_root_of_the_mean_of_the_squares_whatever_the_dtype(numbers):
    assert root_mean_square(numbers) == pytest.approx(float(np.sqrt(np.mean(numbers.astype(float) ** 2))))
    assert root_mean_square(numbers[::-1]) == pytest.approx(root_mean_square(numbers))


@given(st.lists(tables, min_size=1, max_size=4), st.sampled_from([list, tuple]))
def test_of_several_it_is_that_of_all_their_numbers(parts, kind):
    together = np.concatenate([part.astype(float).ravel() for part in parts])
    assert root_mean_square(kind(parts)) == pytest.approx(root_mean_square(together))


@pytest.mark.parametrize(
    ("body", "expected"),
    [(-3, 3), (2.5, 2.5), (np.float32(-2), 2), ([3, [4.0]], sqrt(12.5)), (10**400, inf), (-inf, inf)],
)
def test_a_number_alone_is_as_large_as_it_is(body, expected):
    assert root_mean_square(body) == expected


@pytest.mark.parametrize(
    "body", ["well done", NO_FEEDBACK, None, True, [], ["a", None], np.zeros((0, 3)), np.array(["a"]), np.array([1j])]
)
def test_what_has_no_numbers_has_no_size(body):
    assert root_mean_square(body) is None


def test_a_nan_is_passed_on_and_numbers_that_32_bits_could_not_square_are_no_trouble():
    assert isnan(root_mean_square(np.array([1.0, np.nan])))
    assert root_mean_square(np.full(3, 1e30, dtype=np.float32)) == pytest.approx(1e30)
    assert root_mean_square(np.full(3, 1e-30, dtype=np.float32)) == pytest.approx(1e-30)


def test_of_a_large_table_it_is_the_same():
    numbers = np.random.default_rng(0).normal(size=(5, ONE_THREAD // 2 + 1))
    assert root_mean_square(numbers) == pytest.approx(np.sqrt(np.mean(numbers**2)))
