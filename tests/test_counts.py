"""Whole numbers as arguments."""

import numpy as np
import pytest

from office.counts import is_count


@pytest.mark.parametrize(("number", "least"), [(1, 1), (2, 1), (10**30, 1), (0, 0), (3, 3)])
def test_whole_numbers_from_the_least_are_counts(number, least):
    assert is_count(number, least)


@pytest.mark.parametrize("number", [0, -1, True, False, 1.0, 2.5, "1", None, np.int64(1), [1]])
def test_anything_else_is_no_count(number):
    assert not is_count(number)


def test_false_is_no_zero():
    assert not is_count(False, 0)  # noqa: FBT003  it is what is tried
