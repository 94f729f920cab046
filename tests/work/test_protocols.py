import ast
from pathlib import Path

import pytest

import office.work

ROOM = Path(office.work.__file__).parent


@pytest.mark.parametrize("file", sorted(ROOM.glob("*.py")), ids=lambda file: file.stem)
def test_a_file_of_this_room_imports_only_numpy_errors_and_its_own_room(file):
    outside = {"numpy", "numpy.typing", "office.errors"}
    standard = {"__future__", "collections.abc", "enum", "itertools", "math", "typing"}
    for node in ast.walk(ast.parse(file.read_text())):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module] if isinstance(node, ast.ImportFrom) else []
        for name in names:
            assert name in outside | standard or name.startswith("office.work."), name


def test_the_public_names_are_sorted_and_all_there():
    assert office.work.__all__ == sorted(office.work.__all__, key=lambda name: (not name.isupper(), name))
    assert all(hasattr(office.work, name) for name in office.work.__all__)
