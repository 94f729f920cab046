from math import inf, isnan, nan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from office.errors import BadGrid, NotANumber
from office.grids import Cell
from office.grids.cell import cell_in, cell_key, check_alike, divergence_text, values_text

numbers = st.floats(allow_nan=False) | st.integers(1, 10**30).flatmap(
    lambda of: st.integers(0, of).map(lambda right: (right, of))
)
settings = st.text() | st.integers() | st.floats(allow_nan=False) | st.booleans()
points = st.dictionaries(st.text(), settings, max_size=3)


def values_in(text):
    return cell_in(text, {}, 0).values


@given(st.dictionaries(st.text(), numbers, min_size=1))
def test_values_are_read_back_as_they_were(values):
    assert repr(values_in(values_text(values))) == repr(values)


def test_numbers_of_numpy_become_plain_python_s_and_a_nan_stays_one():
    plain = values_in(values_text({"a": np.float32(0.5), "b": np.int64(3), "c": nan, "d": -inf, "e": (np.int64(1), 2)}))
    assert isnan(plain.pop("c"))
    assert repr(plain) == "{'a': 0.5, 'b': 3.0, 'd': -inf, 'e': (1, 2)}"


@given(points, points, st.integers(0), st.integers(0))
def test_cells_have_one_key_only_if_they_are_the_same(point, other, seed, another):
    assert cell_key(point, seed) == cell_key(dict(reversed(point.items())), seed)
    same = seed == another and {key: repr(value) for key, value in point.items()} == {
        key: repr(value) for key, value in other.items()
    }
    assert (cell_key(point, seed) == cell_key(other, another)) == same


@pytest.mark.parametrize(
    ("returned", "complaint"),
    [
        (0.5, "returns a dict of numbers by name, not 0.5"),
        ({}, "returns a dict of numbers by name"),
        ({3: 0.5}, "returns a dict of numbers by name"),
        ({"loss": "0.5"}, "for 'loss', not '0.5'"),
        ({"loss": np.ones(2)}, "for 'loss'"),
        ({"right": (3, 2)}, r"for 'right', not \(3, 2\)"),
        ({"right": (-1, 2)}, "for 'right'"),
        ({"right": (0, 0)}, "for 'right'"),
        ({"right": (0.5, 1)}, "for 'right'"),
        ({"right": (1, 2, 3)}, "for 'right'"),
    ],
)
def test_what_is_no_dict_of_numbers_and_shares_is_refused_and_shown(returned, complaint):
    with pytest.raises(BadGrid, match=complaint):
        values_text(returned)


@pytest.mark.parametrize("values", [{"loss": 0.5, "right": (1, 2)}, {"loss": (1, 2)}, {"right": 0.5}])
def test_cells_that_return_different_names_are_refused_and_both_are_named(values):
    with pytest.raises(BadGrid, match=r"the same names.*rate=0.1, seed=1 returned .*rate=0.1, seed=0 {'loss': 1.0}"):
        check_alike(Cell({"rate": 0.1}, 1, values), Cell({"rate": 0.1}, 0, {"loss": 1.0}))


@pytest.mark.parametrize("name", ["rate", "seed", "diverged"])
def test_a_number_that_has_the_name_of_a_key_is_refused(name):
    cell = Cell({"rate": 0.1}, 0, {name: 1.0})
    with pytest.raises(BadGrid, match=f"'{name}', which is a key already"):
        check_alike(cell, cell)


def test_a_cell_that_diverged_says_how_whether_it_raised_or_returned_such_a_number():
    assert Cell({}, 0, {"loss": 0.5, "right": (1, 2)}).diverged == ""
    assert Cell({}, 0, {"loss": 0.5, "norm": inf, "other": nan}).diverged == "norm is inf"
    error = NotANumber("feedback", " has a NaN in it").at("alex", 7)
    error.add_note("at 3 ms of virtual time\nand more")
    cell = cell_in(divergence_text(error), {"rate": 0.1}, 3)
    text = "NotANumber: alex: feedback for task 7 has a NaN in it, at 3 ms of virtual time"
    assert (cell, cell.diverged) == (Cell({"rate": 0.1}, 3, {}, text), text)
