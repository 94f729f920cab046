"""Whoever follows an order does as told as far as that goes, and says where it does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from office.engines import OLDEST
from office.orders.follower import Follower, difference

places = st.lists(st.integers(0, 4), max_size=8)
counts = st.lists(st.integers(1, 5), max_size=8)


def follow(told, counts, **then):
    follower = Follower([(place, "") for place in told], **then)
    taken = [follower(range(count))[0] for count in counts]
    return follower, taken


@given(places, counts)
def test_each_choice_is_as_told_or_the_nearest_and_after_that_the_oldest(told, counts):
    follower, taken = follow(told, counts)
    told += [0] * len(counts)
    assert taken == [min(place, count - 1) for place, count in zip(told, counts, strict=False)]
    assert follower.counts == counts
    assert [place for place, _ in follower.choices] == taken


@given(places, counts)
def test_it_fits_if_what_was_taken_is_what_was_told(told, counts):
    follower, taken = follow(told, counts)
    is_same = taken + [0] * len(told) == told + [0] * len(taken)
    assert (follower.misfit == "") == is_same


@given(counts, counts)
def test_there_is_a_difference_unless_the_numbers_are_the_same(one, other):
    assert (difference(one, other) == "") == (one == other)


def test_a_difference_is_told_with_its_step():
    assert difference([1, 2], [1, 3]) == "at step 2 there were 2 messages under way, and in another run 3"
    assert difference([1, 2], [1]) == "2 messages arrived, and in another run 1"
    assert difference([1], [2]) == "at step 1 there was 1 message under way, and in another run 2"


def test_after_what_it_was_told_it_does_as_somebody_else_does():
    follower, taken = follow([1], [2, 2, 2], then=lambda pending: (len(pending) - 1, "-"))
    assert taken == [1, 1, 1]
    assert follower.choices == [(1, ""), (1, "-"), (1, "-")]


@pytest.mark.parametrize("pending", [[1], [1, 2]])
def test_by_itself_it_takes_the_oldest(pending):
    assert Follower(())(pending) == OLDEST
