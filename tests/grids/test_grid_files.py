import sys

import pytest

from office.errors import BadGrid
from office.grids import read_grid
from office.grids.grid_files import cell_at, home_of

GRID = """
import a_helper_of_the_grid

POINTS = [{"rate": 0.1}]


def cell(*, seed, rate):
    return {"found": a_helper_of_the_grid.twice(rate)}
"""


@pytest.fixture
def grid_file(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "path", sys.path.copy())
    monkeypatch.setattr(sys, "modules", sys.modules.copy())
    (tmp_path / "a_helper_of_the_grid.py").write_text("def twice(number):\n    return 2 * number\n", encoding="utf-8")
    path = tmp_path / "random.py"  # there is another module of that name
    path.write_text(GRID, encoding="utf-8")
    return path


def test_a_grid_file_imports_what_is_in_its_folder_and_shadows_no_other_module(grid_file):
    import random

    cell, points = read_grid(grid_file)
    assert (points, cell(seed=0, rate=0.1)) == ([{"rate": 0.1}], {"found": 0.2})
    assert sys.modules["random"] is random


def test_a_cell_is_found_where_it_is_defined_and_its_file_is_loaded_once(grid_file):
    cell, _ = read_grid(grid_file)
    home = home_of(cell)
    assert cell_at(home) is cell
    del sys.modules[home.module]
    cell_at.cache_clear()
    loaded_again = cell_at(home)
    assert loaded_again is not cell
    assert loaded_again(seed=0, rate=0.1) == cell(seed=0, rate=0.1)
    assert cell_at(home) is loaded_again


def test_a_cell_of_a_script_is_taken_from_the_script_that_has_been_loaded(grid_file, monkeypatch):
    cell, _ = read_grid(grid_file)
    monkeypatch.setitem(sys.modules, "__main__", sys.modules.pop(cell.__module__))
    monkeypatch.setattr(cell, "__module__", "__main__")
    assert cell_at(home_of(cell)) is cell


def test_a_file_that_changes_meanwhile_is_refused(grid_file):
    home = home_of(read_grid(grid_file)[0])
    grid_file.write_text(GRID + "\n", encoding="utf-8")
    with pytest.raises(BadGrid, match="has changed while its cells were run"):
        cell_at(home)


@pytest.mark.parametrize(
    ("text", "complaint"), [("POINTS = []", "has no cell, a function"), ("def cell(): ...", "has no POINTS, a list")]
)
def test_a_file_that_is_no_grid_file_is_told_what_it_lacks(tmp_path, text, complaint):
    path = tmp_path / "empty.py"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadGrid, match=complaint):
        read_grid(path)


def test_a_function_that_no_other_process_could_find_is_no_cell():
    def inside(*, seed):
        return {"seed": seed}

    for cell in (inside, lambda *, seed: {}, len, "cell"):
        with pytest.raises(BadGrid, match="a function at the top of a file"):
            home_of(cell)
