import sys
from pathlib import Path

import pytest

from office.show.picture import as_it_stands, picture, spread_out

matplotlib = pytest.importorskip("matplotlib", reason="the extra plot is not installed")


def drawn(path):
    with picture(path, 3, 2) as figure:
        axes = figure.add_subplot()
        axes.fill_between([1, 2, 3], [1, 4, 9], label="a")
        axes.plot([1, 2, 3], [1, 4, 9], label="b")
        axes.legend()
    return Path(path).read_bytes()


@pytest.mark.parametrize("kind", ["png", "svg", "pdf"])
def test_a_picture_drawn_again_has_the_same_bytes_whatever_the_settings_are(tmp_path, kind):
    first = drawn(tmp_path / f"first.{kind}")
    with matplotlib.rc_context({"lines.linewidth": 9, "axes.facecolor": "red", "font.size": 20, "svg.hashsalt": "x"}):
        assert drawn(tmp_path / f"second.{kind}") == first
    assert len(first) > 1000


def test_drawing_changes_no_settings(tmp_path):
    before = matplotlib.rcParams.copy()
    drawn(tmp_path / "picture.png")
    assert matplotlib.rcParams.copy() == before


def test_a_kind_of_file_that_is_none_is_refused(tmp_path):
    with pytest.raises(ValueError, match="xyz"):
        drawn(tmp_path / "picture.xyz")


def test_what_goes_wrong_while_drawing_leaves_no_file(tmp_path):
    with pytest.raises(ZeroDivisionError), picture(tmp_path / "picture.png", 3, 2):
        _ = 1 / 0
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("smallest", "largest", "apart"), [(1, 20, False), (1, 21, True), (0, 21, False), (-1, 21, False), (0.01, 1, True)]
)
def test_positive_numbers_far_apart_are_spread_out(smallest, largest, apart):
    assert spread_out(smallest, largest) is apart


def test_text_is_no_mathematics():
    assert as_it_stands("$x_1$") == r"\$x_1\$"


def test_without_its_extra_a_picture_says_which_it_is(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ModuleNotFoundError, match=r"a plot needs matplotlib: pip install 'backprop-office\[plot\]'"):
        drawn(tmp_path / "picture.png")
