from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from office.orders.linear_extensions import linear_extensions


@st.composite
def pasts(draw):
    """For each of a few steps some of those before it, and all that come before those."""
    found = []
    for step in range(draw(st.integers(0, 6))):
        past = 0
        for earlier in range(step):
            if draw(st.booleans()):
                past |= 1 << earlier | found[earlier]
        found.append(past)
    return found


@given(pasts())
def test_it_is_the_number_of_permutations_that_keep_what_comes_before(pasts):
    def keeps(order):
        return all(not past >> later & 1 for place, step in enumerate(order) for later in order[place + 1 :]
                   for past in [pasts[step]])  # fmt: skip

    assert linear_extensions(pasts) == sum(map(keeps, permutations(range(len(pasts)))))


def test_two_chains_of_four_can_be_mixed_in_seventy_ways():
    assert linear_extensions([0, 1, 3, 7, 0, 16, 48, 112]) == 70


def test_where_sets_of_steps_are_too_many_nothing_is_counted():
    assert linear_extensions([0] * 10) == 3_628_800
    assert linear_extensions([0] * 10, most=251) is None  # 252 sets of five
    assert linear_extensions([0] * 10, most=252) == 3_628_800
