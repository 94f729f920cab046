from math import nan

import pytest

from office.errors import BadGrid
from office.grids import Cell, summaries
from office.show import draw_lines


@pytest.fixture
def drawn(figures, tmp_path):
    """Draws rows: the axes they are on."""

    def draw(rows, x, y):
        path = tmp_path / "plot.png"
        draw_lines(rows, x, y, path)
        assert path.read_bytes().startswith(b"\x89PNG")
        return figures[-1].axes[0]

    return draw


def rows(axes, loss_of=lambda rate, seed: rate + seed):
    points = [{"rate": rate, "mail": mail} for mail in ("", "$x_1$\n") for rate in axes]
    return summaries(Cell(point, seed, {"loss": loss_of(point["rate"], seed)}) for point in points for seed in range(2))


def test_there_is_a_line_with_error_bars_for_each_combination_of_the_other_keys(drawn):
    points = rows([1.0, 0.5, 2.0])
    axes = drawn(points, "rate", "loss")
    assert [label.get_text() for label in axes.get_legend().get_texts()] == ["mail=''", r"mail='\$x_1\$\n'"]
    for container in axes.containers:
        line, _, (bars,) = container
        assert list(line.get_xdata()) == [0.5, 1.0, 2.0]  # whatever the order of the points
        assert list(line.get_ydata()) == [1.0, 1.5, 2.5]
        half = points[0].means["loss"].half_width
        assert [segment[1, 1] - segment[0, 1] for segment in bars.get_segments()] == pytest.approx([2 * half] * 3)
    assert (axes.get_xlabel(), axes.get_ylabel(), axes.get_xscale()) == ("rate", "loss", "linear")


def test_lines_are_told_apart_also_where_there_are_more_than_colours(drawn):
    points = [{"rate": rate, "mail": str(mail)} for mail in range(20) for rate in (1.0, 2.0)]
    axes = drawn(summaries(Cell(point, seed, {"loss": seed}) for point in points for seed in range(2)), "rate", "loss")
    looks = {(container[0].get_color(), container[0].get_linestyle()) for container in axes.containers}
    assert len(looks) == 20


def test_numbers_far_apart_stand_on_a_logarithmic_axis_and_a_nan_leaves_a_gap(drawn):
    axes = drawn(rows([0.01, 0.1, 1.0], lambda rate, seed: nan if rate == 0.1 and seed else rate), "rate", "loss")
    assert axes.get_xscale() == "log"
    assert [str(y) for y in axes.containers[0][0].get_ydata()] == ["0.01", "nan", "1.0"]


def test_strings_stand_side_by_side_in_their_order(drawn):
    axes = drawn(rows([1.0, 0.5]), "mail", "loss")
    assert [label.get_text() for label in axes.get_xticklabels()] == ["", "\\$x_1\\$\n"]
    assert [label.get_text() for label in axes.get_legend().get_texts()] == ["rate=1.0", "rate=0.5"]


@pytest.mark.parametrize(("x", "y", "complaint"), [("loss", "loss", "no key 'loss'"), ("rate", "rate", "no 'rate'")])
def test_what_is_not_there_cannot_be_drawn(tmp_path, x, y, complaint):
    with pytest.raises(BadGrid, match=complaint):
        draw_lines(rows([1.0]), x, y, tmp_path / "plot.png")
