import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from office.study import Density, density

values = st.lists(st.integers(-50, 50), max_size=40)


@given(values)
def test_the_shares_are_how_often_each_value_came_up(values):
    found = density(np.array(values, dtype=np.int64), lost=3)
    assert dict(found.items()) == {value: values.count(value) / len(values) for value in values}
    assert (found.total, found.lost, found[51]) == (len(values), 3, 0)


@given(values, st.integers(1, 9))
def test_a_group_has_all_from_its_least_value_up_to_the_next_and_one_begins_at_0(values, width):
    found = density(np.array(values, dtype=np.int64), lost=2).grouped(width)
    assert (found.total, found.lost) == (len(values), 2)
    for least, count in zip(found.values, found.counts, strict=True):
        assert least % width == 0
        assert count == sum(least <= value < least + width for value in values)


def test_groups_of_one_are_the_density_itself():
    one = Density(np.array([-1, 0, 5]), np.array([2, 3, 1]))
    assert list(one.grouped(1).items()) == list(one.items())
