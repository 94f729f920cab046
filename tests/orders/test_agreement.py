import math
from fractions import Fraction
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from office import NO_FEEDBACK
from office.orders.agreement import REASSOCIATED, distance

FLOATS = st.floats(-1e100, 1e100, allow_subnormal=False)
BODIES = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.text(), st.binary(), st.floats(), st.just(NO_FEEDBACK),
        npst.arrays(st.sampled_from(["f8", "f4", "i4", "u1", "?", "U3"]), npst.array_shapes(min_dims=0, min_side=0)),
    ),
    lambda parts: st.one_of(
        st.lists(parts, max_size=3), st.tuples(parts, parts), st.dictionaries(st.text(max_size=2), parts, max_size=2)
    ),
)  # fmt: skip


def copied(body):
    """The same once more, which shares nothing with it."""
    if isinstance(body, dict):
        return {key: copied(part) for key, part in body.items()}
    if isinstance(body, (list, tuple)):
        return type(body)(map(copied, body))
    return np.array(body) if isinstance(body, np.ndarray) else body


@given(BODIES)
def test_a_body_is_no_way_from_its_copy(body):
    assert distance(copied(body), body) == 0.0


@given(BODIES, BODIES)
def test_whatever_the_bodies_it_is_a_number_from_zero_and_the_same_both_ways(first, second):
    apart = distance(first, second)
    assert apart >= 0.0
    assert distance(second, first) == apart


@given(npst.arrays("f8", npst.array_shapes(), elements=st.floats(1.0, 2.0, exclude_max=True)), st.data())
def test_a_number_is_as_far_from_another_as_there_are_steps_between_them(array, data):
    place = data.draw(st.integers(0, array.size - 1))
    steps = data.draw(st.integers(0, 100))
    other = array.copy()
    other.flat[0] = 1.999  # the largest of them has the same last place whatever is moved
    moved = other.copy()
    moved.flat[place] -= steps * 2.0**-52
    if place or steps < 2:
        assert distance(moved, other) == steps
        assert distance([moved], [other]) == distance({"": moved}, {"": other}) == steps


@given(st.lists(FLOATS.map(abs), min_size=1, max_size=5))
def test_sums_of_the_same_addends_are_near_however_they_are_added_up(addends):
    exact = float(sum(map(Fraction, addends)))
    for order in permutations(addends):
        total = 0.0
        for addend in order:
            total += addend
        assert distance(total, exact) <= len(addends)
    assert len(addends) < REASSOCIATED


@given(st.lists(st.floats(1.0, 2.0), min_size=2, max_size=5))
def test_a_sum_that_lacks_an_addend_is_far_away(addends):
    assert distance(sum(addends[1:]), sum(addends)) > REASSOCIATED


def test_addends_that_cancel_out_leave_sums_that_count_as_others():
    assert distance((1e16 + 1.0) - 1e16, (1e16 - 1e16) + 1.0) > REASSOCIATED


@pytest.mark.parametrize(
    ("came", "expected"),
    [
        (1, 1.0),
        (1.0, 1),
        (1, True),
        (1.0, "1.0"),
        ("a", "b"),
        ("a", b"a"),
        (None, NO_FEEDBACK),
        (NO_FEEDBACK, 0.0),
        (NO_FEEDBACK, np.zeros(1)),
        (np.zeros(1), NO_FEEDBACK),
        (0.0, np.zeros(1)),
        ([0.0], np.zeros(1)),
        (np.zeros(1), [0.0]),
        ([[1.0], [1.0, 2.0]], np.zeros(2)),
        (np.zeros(2), np.zeros(3)),
        (np.zeros((1, 2)), np.zeros(2)),
        (np.zeros(2, "f4"), np.zeros(2)),
        (np.float32(0.0), 0.0),
        (np.array([1, 2]), np.array([1, 3])),
        (np.array([0], "u1"), np.array([1], "u1")),
        (np.array([True]), np.array([False])),
        (np.array(["a"]), np.array(["b"])),
        (np.array([None]), np.array([1], object)),
        (math.nan, 1.0),
        (math.inf, -math.inf),
        (math.inf, 1e308),
        (np.array([math.nan, 1.0]), np.array([math.nan, 2.0])),
        ((1.0,), [1.0]),
        ([1.0], [1.0, 1.0]),
        ({"a": 1.0}, {"b": 1.0}),
        ({"a": 1.0}, {"a": 1.0, "b": 1.0}),
        ({"a": "x"}, {"a": "y"}),
    ],
)
def test_what_is_another_thing_is_infinitely_far_away(came, expected):
    assert distance(came, expected) == math.inf


@pytest.mark.parametrize(
    ("came", "expected"),
    [
        (0.0, -0.0),
        (np.float64(2.0), 2.0),
        (math.nan, math.nan),
        ([], []),
        ({}, {}),
        (np.zeros((0, 3)), np.zeros((0, 3))),
    ],
)
def test_what_is_the_same_is_no_way_off(came, expected):
    assert distance(came, expected) == 0.0


def test_numbers_that_are_too_large_to_subtract_are_far_apart_and_no_warning():
    assert distance(1.7e308, -1.7e308) > REASSOCIATED


def test_of_several_parts_the_farthest_counts():
    assert distance([1.0, (1.0, 1.0 + 3 * 2**-52)], [1.0, (1.0, 1.0)]) == 3.0
    assert distance({"near": 1.0, "far": "x"}, {"near": 1.0, "far": "y"}) == math.inf
