from itertools import product
from math import inf, nan
from statistics import fmean
from unittest.mock import ANY

import pytest
from hypothesis import given
from hypothesis import strategies as st

from office.errors import BadGrid
from office.grids import Cell, chosen, differences, half_width, summaries

RATES, RULES, SEEDS = [0.1, 0.03, 0.01], ["sgd", "muon"], range(3)


def cells_of(validation):
    """A cell a number, in canonical order."""
    places = product(RATES, RULES, SEEDS)
    return [
        Cell({"rate": rate, "rule": rule}, seed, {"validation": number, "test": (seed, 10)})
        for (rate, rule, seed), number in zip(places, validation, strict=True)
    ]


def test_each_point_has_its_means_and_their_intervals():
    cells = cells_of(range(18))
    rows = summaries(cells)
    assert [row.point for row in rows] == [{"rate": rate, "rule": rule} for rate, rule in product(RATES, RULES)]
    assert [row.seeds for row in rows] == [3] * 6
    for place, row in enumerate(rows):
        numbers = [3.0 * place, 3.0 * place + 1, 3.0 * place + 2]
        assert row.means["validation"] == (fmean(numbers), half_width(numbers), 0)
        assert row.means["test"] == (pytest.approx(0.1), half_width([0.0, 0.1, 0.2], 10), 0)


def test_seeds_that_diverged_are_counted_and_each_mean_says_how_many_it_leaves_out():
    first, *others = summaries(cells_of([0.5, nan, inf, *range(15)]))
    assert (first.seeds, first.diverged, [row.diverged for row in others]) == (3, 2, [0] * 5)
    assert first.as_dict()["means"]["validation"] == {"mean": 0.5, "half_width": None, "left_out": 2}
    assert first.as_dict()["means"]["test"] == {"mean": pytest.approx(0.1), "half_width": ANY, "left_out": 0}


def test_a_cell_that_raised_is_left_out_of_every_mean():
    error = "OverflowError: too large"
    cells = cells_of(range(18))
    cells[:3] = [Cell(cells[0].point, 0, {}, error), *cells[1:3]]
    cells[3:6] = [Cell(cells[3].point, seed, {}, error) for seed in SEEDS]
    first, second, *_ = summaries(cells)
    assert (first.diverged, second.diverged) == (1, 3)
    assert first.means["validation"] == (1.5, half_width([1.0, 2.0]), 1)
    assert second.as_dict()["means"]["test"] == {"mean": None, "half_width": None, "left_out": 3}
    assert summaries(cells[3:6])[0].means == {}


def test_a_point_of_which_a_seed_diverged_is_chosen_only_where_there_is_no_other():
    error = "OverflowError: too large"
    cells = [Cell({"rate": rate}, 0, {"validation": rate}) for rate in (0.1, 0.2)]
    cells += [Cell({"rate": 9.0}, 0, {}, error), Cell({"rate": 9.0}, 1, {"validation": 9.0})]
    assert chosen(cells, over="rate") == [cells[1]]
    assert chosen(cells[2:], over="rate") == cells[2:]
    assert chosen(cells[2:3], over="rate", by="whatever") == cells[2:3]


def test_the_smallest_test_set_counts_where_they_differ():
    cells = [Cell({}, seed, {"test": (of // 2, of)}) for seed, of in enumerate([100, 10])]
    assert summaries(cells)[0].means["test"] == (0.5, half_width([0.5, 0.5], 10), 0)


numbers = st.sampled_from([0.0, 1.0, 2.0, -inf, inf, nan])


@given(st.lists(numbers, min_size=18, max_size=18))
def test_the_chosen_point_is_the_first_whose_mean_none_exceeds(validation):
    def rank(row):
        mean, _, left_out = row.means["validation"]
        return -inf if left_out else mean

    cells = cells_of(validation)
    rows = summaries(cells)
    best = {rule: max((row for row in rows if row.point["rule"] == rule), key=rank).point for rule in RULES}
    assert chosen(cells, over="rate") == [
        cell for rule in RULES for cell in cells if cell.point == best[rule]
    ]  # fmt: skip


def test_points_are_compared_seed_by_seed_and_a_pair_of_which_one_diverged_is_left_out():
    luck = [0.0, 7.0, -3.0, 100.0]
    cells = [
        Cell({"rule": rule, "mail": mail}, seed, {"loss": luck[seed] + gain * (1 + seed / 8), "test": (seed, 4)})
        for mail in ("", "delay 5ms") for rule, gain in (("sgd", 0.0), ("muon", -1.0)) for seed in range(4)
    ]  # fmt: skip
    first, second = differences(cells, "rule", "sgd")
    gains = [-1.0, -1.125, -1.25, -1.375]
    assert (first.point, first.diverged) == ({"rule": "muon", "mail": ""}, 0)
    assert first.means["loss"] == (fmean(gains), half_width(gains), 0)
    assert second.means["test"] == (0.0, 0.0, 0)
    cells[1] = Cell(cells[1].point, 1, {}, "OverflowError: too large")
    cells[6] = Cell(cells[6].point, 2, {"loss": inf, "test": (2, 4)})
    first, second = differences(cells, "rule", "sgd")
    assert (first.diverged, second.diverged) == (2, 0)
    assert first.means["loss"] == (fmean(gains[::3]), half_width(gains[::3]), 2)
    assert first.means["test"].left_out == 1
    with pytest.raises(BadGrid, match="with rule='adam' to compare it with"):
        differences(cells, "rule", "adam")
    with pytest.raises(BadGrid, match=r"with rate=0\.1 to compare it with"):
        differences(cells, "rate", 0.1)


class Sealed(dict):
    """What was found, of which only one number may be looked at."""

    def __getitem__(self, name):
        assert name == "validation"
        return super().__getitem__(name)

    def values(self):
        raise AssertionError

    items = values


def test_choosing_looks_at_nothing_but_what_it_chooses_by():
    cells = [Cell(cell.point, cell.seed, Sealed(cell.values)) for cell in cells_of(range(18))]
    assert {cell.point["rate"] for cell in chosen(cells, over="rate", by="validation")} == {0.01}


def test_what_is_not_there_cannot_be_chosen_and_what_is_there_is_named():
    cells = cells_of(range(18))
    with pytest.raises(BadGrid, match=r"no key 'mail' to choose \(keys: rate, rule\)"):
        chosen(cells, over="mail")
    with pytest.raises(BadGrid, match=r"no 'loss' to choose by \(they return validation, test\)"):
        chosen(cells, over="rate", by="loss")
