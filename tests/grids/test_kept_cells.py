import sqlite3
from contextlib import closing

import pytest

from office.errors import BadGrid
from office.grids.kept_cells import kept_cells

HOSTILE = ["", "a'); DROP TABLE cells; --", 'quo"te', "new\nline", "naïve ✓", "nul\0"]


def test_what_is_kept_is_there_again_whatever_it_is_called(tmp_path):
    path = tmp_path / "kept.sqlite"
    for number, cell in enumerate(HOSTILE):
        with kept_cells(path, "source") as kept:
            kept.put(cell, str(number))
    with kept_cells(path, "source") as kept:
        assert [kept.get(cell) for cell in HOSTILE] == list("012345")
        assert kept.get("another") is None


def test_a_cell_is_on_disk_as_soon_as_it_is_kept(tmp_path):
    path = tmp_path / "kept.sqlite"
    with kept_cells(path, "source") as kept:
        kept.put("cell", "found")
        with closing(sqlite3.connect(f"file:{path}?immutable=1", uri=True)) as reader:
            assert reader.execute("SELECT * FROM cells").fetchall() == [("cell", "found")]


def test_without_a_file_cells_are_kept_in_memory(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with kept_cells(None, "source") as kept:
        kept.put("cell", "found")
        assert kept.get("cell") == "found"
    assert list(tmp_path.iterdir()) == []


def test_cells_of_a_file_that_has_changed_are_refused_and_left_as_they_are(tmp_path):
    path = tmp_path / "kept.sqlite"
    with kept_cells(path, "source") as kept:
        kept.put("cell", "found")
    before = path.read_bytes()
    with pytest.raises(BadGrid, match="keep cells in another file, or undo the change"), kept_cells(path, "other"):
        pass
    assert path.read_bytes() == before


def test_a_file_in_use_is_refused_even_between_two_cells(tmp_path):
    path = tmp_path / "kept.sqlite"
    with kept_cells(path, "source") as kept:
        with pytest.raises(BadGrid, match="is in use"), kept_cells(path, "source"):
            pass
        kept.put("cell", "found")
    with kept_cells(path, "source") as kept:
        assert kept.get("cell") == "found"


def no_database(path):
    path.write_text("something that somebody has written, longer than the head of a database" * 10, encoding="utf-8")


def another_database(path):
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE head (name TEXT, value TEXT)")


def later_format(path):
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE cells (cell TEXT, found TEXT)")
        database.execute("CREATE TABLE head (name TEXT, value TEXT)")
        database.execute("INSERT INTO head VALUES ('format', 'office grid 2')")
        database.commit()


def folder(path):
    path.mkdir()


@pytest.mark.parametrize("make", [no_database, another_database, later_format, folder])
def test_a_file_that_is_something_else_is_refused_by_name_and_left_as_it_is(tmp_path, make):
    path = tmp_path / "other"
    make(path)
    before = path.read_bytes() if path.is_file() else None
    with (
        pytest.raises(BadGrid, match=r"other (has no cells of a grid|cannot have the cells)"),
        kept_cells(path, "source"),
    ):
        pass
    assert (path.read_bytes() if path.is_file() else None) == before
