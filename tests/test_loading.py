import sys

import pytest

from office.loading import load_file

OWN = "mine", "mine_", "random_", "a_neighbour_of_it"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "path", sys.path.copy())
    monkeypatch.setattr(sys, "modules", {name: module for name, module in sys.modules.items() if name not in OWN})
    return tmp_path


def write(folder, name, text):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_imports_what_is_in_its_folder(folder):
    write(folder, "a_neighbour_of_it.py", "SEVEN = 7\n")
    module = load_file(write(folder, "mine.py", "from a_neighbour_of_it import SEVEN\n"))
    assert (module.SEVEN, sys.modules["mine"]) == (7, module)


def test_a_file_shadows_no_other_module_of_its_name(folder):
    import random

    module = load_file(write(folder, "random.py", "SEVEN = 7\n"))
    assert (module.__name__, sys.modules["random_"], sys.modules["random"]) == ("random_", module, random)


def test_a_file_that_is_loaded_again_replaces_its_own_module(folder, monkeypatch):
    path = write(folder, "mine.py", "SEVEN = 7\n")
    first = load_file(path)
    monkeypatch.chdir(folder)
    second = load_file(path.relative_to(folder))
    assert (second.__name__, sys.modules["mine"]) == ("mine", second)
    assert second is not first


def test_a_file_that_raises_leaves_the_modules_as_they_were(folder):
    path = write(folder, "mine.py", "1 / 0\n")
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            load_file(path)
        assert "mine" not in sys.modules
    path.write_text("SEVEN = 7\n", encoding="utf-8")
    good = load_file(path)
    path.write_text("1 / 0  # no longer\n", encoding="utf-8")
    with pytest.raises(ZeroDivisionError):
        load_file(path)
    assert sys.modules["mine"] is good


def test_a_name_of_ones_own_and_no_suffix_will_do(folder):
    assert load_file(write(folder, "script", "SEVEN = 7\n"), "mine").__name__ == "mine"


def test_an_interrupt_that_a_library_makes_an_import_error_of_is_one(folder):
    text = "try:\n    raise KeyboardInterrupt\nexcept KeyboardInterrupt as error:\n    raise ImportError from error\n"
    with pytest.raises(KeyboardInterrupt):
        load_file(write(folder, "mine.py", text))
