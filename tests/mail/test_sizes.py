import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from office.mail.rough_link import size_of
from office.work import NO_FEEDBACK

leaves = st.none() | st.integers() | st.floats() | st.text() | st.binary()
bodies = st.recursive(leaves, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8)


@given(bodies)
def test_a_body_has_the_bytes_of_what_is_in_it(body):
    assert size_of([body, body]) == size_of((body, body)) == 2 * size_of(body)
    assert size_of({"x": body, "y": 1.0}) == size_of(body) + 8
    assert size_of(body) >= 0


@given(st.lists(st.integers(0, 5), max_size=3), st.sampled_from([np.float64, np.float32, np.int8, np.bool_]))
def test_an_array_has_the_bytes_of_its_numbers(shape, dtype):
    assert size_of(np.zeros(shape, dtype)) == int(np.prod(shape)) * np.dtype(dtype).itemsize


def test_a_view_has_the_bytes_of_what_it_shows():
    assert size_of(np.zeros((10, 10))[::2, 0]) == 40


@pytest.mark.parametrize(
    ("body", "size"),
    [
        (3, 8),
        (2.5, 8),
        (10**100, 8),
        (np.float32(2.5), 4),
        (np.float64(2.5), 8),
        ("año", 4),
        (b"abc", 3),
        (bytearray(4), 4),
        ([], 0),
        ({}, 0),
        ((1.0, np.zeros(3), ["ab"]), 34),
    ],
)
def test_each_kind_of_body_has_its_size(body, size):
    assert size_of(body) == size
    assert type(size_of(body)) is int


@pytest.mark.parametrize("body", [None, object(), NO_FEEDBACK, size_of])
def test_word_that_there_is_no_feedback_and_whatever_is_unknown_has_none(body):
    assert size_of(body) == 0


def test_a_body_may_be_nested_to_any_depth_and_hold_itself():
    deep: list = [np.zeros(3)]
    for _ in range(5000):
        deep = [deep, {"more": "a"}]
    assert size_of(deep) == 24 + 5000
    ring = [1.0, "\udc80"]
    ring.append((ring, 2.0))
    assert size_of(ring) == 8 + 3 + 8
