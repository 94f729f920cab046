from hypothesis import given
from hypothesis import strategies as st

from office.show.table import Table

cells = st.text("ab ", min_size=1, max_size=6).map(str.strip)
rows = st.lists(st.tuples(cells, cells, cells), min_size=1, max_size=5)


def test_a_table_is_aligned_and_its_last_cells_run_on():
    table = Table([("alex", "1", "here"), ("bo", "a long note"), ("bo", "22", "")], ("who", "n", ""), [1], [6])
    assert str(table) == "who      n\nalex     1  here\nbo      a long note\nbo      22"


def test_a_name_and_what_is_said_of_it_need_no_head():
    assert str(Table([("one", "a"), ("three", "b")])) == "one    a\nthree  b"


@given(rows, st.sets(st.integers(0, 2)))
def test_every_cell_stands_at_its_place_on_the_line_of_its_row(rows, right):
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row, line in zip(rows, str(Table(rows, right=right)).split("\n"), strict=True):
        at = 0
        for place, (cell, width) in enumerate(zip(row, widths, strict=True)):
            inside = line.ljust(at + width)[at : at + width]
            assert inside == (cell.rjust(width) if place in right else cell.ljust(width))
            at += width + 2
        assert line == line.rstrip()
