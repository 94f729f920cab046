"""Cells on file: an SQLite database with a row a cell, written as each finishes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from os import PathLike, fsdecode

from office.errors import BadGrid

__all__ = ["KeptCells", "kept_cells"]

FORMAT = "office grid 1"


class KeptCells:
    """What came of each cell, both as text. They are on disk at once, and outlive this process."""

    def __init__(self, name: str, database: sqlite3.Connection) -> None:
        self.name, self._database = name, database

    def get(self, cell: str) -> str | None:
        """What came of a cell; None if it has not been run."""
        with _as_bad_grid(self.name):
            row = self._database.execute("SELECT found FROM cells WHERE cell = ?", (cell,)).fetchone()
        return None if row is None else str(row[0])

    def put(self, cell: str, text: str) -> None:
        """Write down what came of a cell."""
        with _as_bad_grid(self.name):
            self._database.execute("INSERT INTO cells VALUES (?, ?)", (cell, text))


@contextmanager
def kept_cells(path: str | bytes | PathLike[str] | None, source: str) -> Iterator[KeptCells]:
    """The cells in a file, which is made where there is none; those of a grid file with the digest `source` alone.

    For None they are kept in memory. Raises `BadGrid` where the file is something else, has cells of another grid file
    or of an earlier version of it, or is in use.
    """
    name = ":memory:" if path is None else fsdecode(path)
    if not name:
        raise BadGrid("cells are kept in a file, and its name is empty: None keeps them nowhere")
    with _as_bad_grid(name):
        database = sqlite3.connect(name, timeout=0.0, isolation_level=None)
    with closing(database):
        with _as_bad_grid(name):
            database.execute("PRAGMA locking_mode = EXCLUSIVE")  # from here until it is closed
            database.execute("BEGIN EXCLUSIVE")
            _check_head(name, database, source)
            database.execute("COMMIT")
        yield KeptCells(name, database)


def _check_head(name: str, database: sqlite3.Connection, source: str) -> None:
    """See that these are cells of that source; an empty database is made one of them."""
    tables = {table for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not tables:
        database.execute("CREATE TABLE head (name TEXT PRIMARY KEY, value TEXT NOT NULL)")
        database.execute("CREATE TABLE cells (cell TEXT PRIMARY KEY, found TEXT NOT NULL)")
        database.executemany("INSERT INTO head VALUES (?, ?)", [("format", FORMAT), ("source", source)])
        return
    head = dict(database.execute("SELECT name, value FROM head")) if tables == {"head", "cells"} else {}
    if head.get("format") != FORMAT:
        raise BadGrid(f"{name} has no cells of a grid in it, but something else: keep cells in another file")
    if head.get("source") != source:
        raise BadGrid(
            f"{name} has cells of another grid file, or of this one before it was changed:"
            " keep cells in another file, or undo the change"
        )


@contextmanager
def _as_bad_grid(name: str) -> Iterator[None]:
    """Raise `BadGrid`, with the name of the file, for an error of SQLite's."""
    try:
        yield
    except sqlite3.Error as error:
        if "locked" in str(error):
            raise BadGrid(f"{name} is in use: another grid keeps its cells there") from error
        raise BadGrid(f"{name} cannot have the cells of a grid: {error}") from error
