import csv
import io
from math import inf, isfinite, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from office.grids import Cell, grid_csv, grid_table, summaries

text = st.text() | st.sampled_from(["\r", '"', ",", "\r\n", " ", "=1+1", "'"])


def read(written):
    """Rows of cells, without the apostrophe that stands before what a spreadsheet would take for a formula."""
    rows = csv.reader(io.StringIO(written, newline=""))
    return [[cell.removeprefix("'") for cell in row] for row in rows]


@given(text, text, st.lists(st.floats(), min_size=1, max_size=3))
def test_comma_separated_values_lose_nothing(key, value, losses):
    cells = [
        Cell({key: value, "rate": 1 / 3}, seed, {"loss": loss, "test": (3, 7)}) for seed, loss in enumerate(losses)
    ]
    head, *rows = read(grid_csv(cells))
    assert head == [*cells[0].point, "seed", "loss", "test", "test of", "diverged"]
    point = list(map(str, cells[0].point.values()))
    assert rows == [
        [*point, str(seed), repr(loss), "3", "7", "" if isfinite(loss) else f"loss is {loss}"]
        for seed, loss in enumerate(losses)
    ]


def test_comma_separated_values_read_as_they_should():
    cells = [Cell({"mail": "delay 1ms, loss 1%"}, seed, {"loss": 0.1, "test": (9, 10)}) for seed in range(2)]
    assert grid_csv(cells) == (
        '"mail","seed","loss","test","test of","diverged"\n'
        '"delay 1ms, loss 1%",0,0.1,9,10,""\n"delay 1ms, loss 1%",1,0.1,9,10,""\n'
    )


def test_a_cell_that_raised_has_no_numbers_in_its_line_and_says_what_it_raised():
    cells = [Cell({"rate": 9}, 0, {}, "OverflowError: too large"), Cell({"rate": 1}, 0, {"test": (1, 2), "x": 0.5})]
    assert grid_csv(cells) == (
        '"rate","seed","test","test of","x","diverged"\n9,0,nan,nan,nan,"OverflowError: too large"\n1,0,1,2,0.5,""\n'
    )
    assert grid_csv(cells[:1]) == '"rate","seed","diverged"\n9,0,"OverflowError: too large"\n'


def table(*numbers, point=None):
    """The table of one point, without its head."""
    cells = [Cell(point or {"rate": 0.1}, seed, {"loss": number}) for seed, number in enumerate(numbers)]
    return str(grid_table(summaries(cells))).splitlines()[1].split(maxsplit=2)[2]


@pytest.mark.parametrize(
    ("numbers", "shown"),
    [
        ([0.5], "0.5"),
        ([2 / 3], "0.6667"),
        ([0.5, 0.5], "0.5 ± 0"),
        ([0.93, 0.94, 0.935], "0.935 ± 0.012"),
        ([90000.0, 91000.0, 92000.0], "91000 ± 2484"),
        ([1e20, 2e20], "1.5e+20 ± 6.4e+20"),
        ([1.7e308, 1.7e308, 1.7e308], "1.7e+308 ± 0"),
        ([1.7e308, -1.7e308], "0 ± inf"),
        ([1.7e308, 1.6e308], "1.65e+308 ± 6.4e+307"),
        ([1e-12, 2e-12], "1.5e-12 ± 6.4e-12"),
        ([0.5, nan, inf], "0.5 (2 left out)    2 of 3"),
        ([0.5, nan, 0.7], "0.6 ± 1.3 (1 left out)    1 of 3"),
        ([nan, inf], "none    2 of 2"),
    ],
)
def test_a_mean_has_as_many_decimals_as_its_interval_lets_it(numbers, shown):
    assert table(*numbers) == shown


def test_a_table_has_a_line_a_point_and_strings_that_would_not_be_seen_are_quoted():
    cells = [
        Cell({"mail": mail, "rate": rate}, seed, {"loss": rate + seed, "test": (9, 10)})
        for mail in ("", "delay 20ms", "two\nlines", " x") for rate in (0.5, 1) for seed in range(2)
    ]  # fmt: skip
    cells[2] = Cell(cells[2].point, 0, {"loss": nan, "test": (9, 10)})
    assert str(grid_table(summaries(cells))).splitlines() == [
        "mail          rate  seeds            loss         test  diverged",
        "''             0.5      2       1.0 ± 6.4  0.90 ± 0.19    0 of 2",
        "''               1      2  2 (1 left out)  0.90 ± 0.19    1 of 2",
        "delay 20ms     0.5      2       1.0 ± 6.4  0.90 ± 0.19    0 of 2",
        "delay 20ms       1      2       1.5 ± 6.4  0.90 ± 0.19    0 of 2",
        "'two\\nlines'   0.5      2       1.0 ± 6.4  0.90 ± 0.19    0 of 2",
        "'two\\nlines'     1      2       1.5 ± 6.4  0.90 ± 0.19    0 of 2",
        "' x'           0.5      2       1.0 ± 6.4  0.90 ± 0.19    0 of 2",
        "' x'             1      2       1.5 ± 6.4  0.90 ± 0.19    0 of 2",
    ]
