import numpy as np
import pytest

from office import every_point
from office.errors import BadGrid
from office.grids.points import checked_points, checked_seeds


def test_every_point_is_the_product_and_the_last_axis_changes_fastest():
    assert every_point(rule=["sgd", "muon"], rate=[0.1, 0.03]) == [
        {"rule": "sgd", "rate": 0.1},
        {"rule": "sgd", "rate": 0.03},
        {"rule": "muon", "rate": 0.1},
        {"rule": "muon", "rate": 0.03},
    ]
    assert (every_point(), every_point(rate=[])) == ([{}], [])


@pytest.mark.parametrize("axis", ["sgd", 3])
def test_an_axis_that_is_no_list_is_refused_and_named(axis):
    with pytest.raises(BadGrid, match="axis rule is a list of values"):
        every_point(rule=axis)


def test_values_become_plain_python_s_and_keys_stand_in_one_order():
    point = {"rate": np.float32(0.5), "size": np.int64(3), "mail": np.str_("loss 1%"), "stale": True}
    first, other = checked_points([point, {**dict(reversed(point.items())), "stale": False}])
    assert list(map(repr, first.values())) == ["0.5", "3", "'loss 1%'", "True"]
    assert list(first) == list(other)


@pytest.mark.parametrize(
    ("points", "complaint"),
    [
        ([], "at least one dict"),
        ({"rate": 0.1}, "at least one dict"),
        ([("rate", 0.1)], "at least one dict"),
        ([{"rate": 0.1}, {"rule": "sgd"}], r"point 1 has the keys \['rule'\], and point 0 has \['rate'\]"),
        ([{"rate": 0.1}, {"rate": 0.2, 3: 0.2}], "point 1 has the keys"),
        ([{3: 0.1}], 'strings other than "seed" and "diverged", not 3'),
        ([{"diverged": 1}], 'strings other than "seed" and "diverged"'),
        ([{"seed": 1}], 'strings other than "seed"'),
        ([{"rate": [0.1]}], r"point 0, rate: a value is a string or a number, not \[0.1\]"),
        ([{"rate": 0.1}, {"rate": float("nan")}], "point 1, rate: .* not nan"),
        ([{"rate": 1}, {"rate": 2}, {"rate": 1.0}], "point 2 is point 0 again: {'rate': 1.0}"),
    ],
)
def test_points_of_which_no_grid_can_be_made_are_refused_with_what_is_wrong(points, complaint):
    with pytest.raises(BadGrid, match=complaint):
        checked_points(points)


@pytest.mark.parametrize("seeds", [[], [-1], [0.0], [True], [1, 2, 1]])
def test_seeds_are_different_whole_numbers(seeds):
    with pytest.raises(BadGrid, match="seeds are different whole numbers from 0"):
        checked_seeds(seeds)
