"""A follower chooses as its order says, as far as that goes, and says where it cannot."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from office.engines import OLDEST
from office.orders.follower import Follower, first_difference

places = st.lists(st.integers(0, 4), max_size=8)
counts = st.lists(st.integers(1, 5), max_size=8)


def follow(places, counts, **afterwards):
    follower = Follower([(place, "") for place in places], **afterwards)
    taken = [follower(range(count))[0] for count in counts]
    return follower, taken


@given(places, counts)
def test_each_choice_is_that_of_the_order_or_the_nearest_and_after_that_the_oldest(places, counts):
    follower, taken = follow(places, counts)
    places += [0] * len(counts)
    assert taken == [min(place, count - 1) for place, count in zip(places, counts, strict=False)]
    assert follower.counts == counts
    assert [place for place, _ in follower.choices] == taken


@given(places, counts)
def test_it_fits_if_the_choices_taken_are_those_of_the_order(places, counts):
    follower, taken = follow(places, counts)
    is_same = taken + [0] * len(places) == places + [0] * len(taken)
    assert (follower.misfit == "") == is_same


@given(counts, counts)
def test_there_is_a_difference_unless_the_numbers_are_the_same(counts, earlier):
    assert (first_difference(counts, earlier) == "") == (counts == earlier)


def test_a_difference_comes_with_its_step():
    at_two = "at step 2 there were 2 messages under way, and in another run 3"
    assert first_difference([1, 3], earlier=[1, 2]) == at_two
    assert first_difference([1], earlier=[1, 2]) == "2 messages arrived, and in another run 1"
    assert first_difference([2], earlier=[1]) == "at step 1 there was 1 message under way, and in another run 2"


def test_after_its_order_another_function_chooses():
    follower, taken = follow([1], [2, 2, 2], afterwards=lambda pending: (len(pending) - 1, "-"))
    assert taken == [1, 1, 1]
    assert follower.choices == [(1, ""), (1, "-"), (1, "-")]


@pytest.mark.parametrize("pending", [[1], [1, 2]])
def test_by_itself_it_takes_the_oldest(pending):
    assert Follower(())(pending) == OLDEST
