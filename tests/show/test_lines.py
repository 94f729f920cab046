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
    axes = drawn(rows([0.01, 0.1, 1.0], lambda rate, seed: nan if rate == 0.1 else rate), "rate", "loss")
    assert axes.get_xscale() == "log"
    assert [str(y) for y in axes.containers[0][0].get_ydata()] == ["0.01", "nan", "1.0"]


def marks(axes):
    """Where there is a mark at an edge, by what it says."""
    return {
        line.get_label(): list(zip(line.get_xdata(), line.get_ydata(), strict=True))
        for line in axes.get_lines()
        if not line.get_clip_on()
    }


def test_what_diverged_is_marked_and_means_of_the_others_are_drawn(drawn):
    axes = drawn(rows([1.0, 2.0, 3.0], lambda rate, seed: nan if seed < rate - 1 else rate), "rate", "loss")
    assert [str(y) for y in axes.containers[0][0].get_ydata()] == ["1.0", "2.0", "nan"]
    assert marks(axes) == {"leaves out runs that diverged": [(2.0, 1), (3.0, 1)] * 2}
    assert "leaves out runs that diverged" in [label.get_text() for label in axes.get_legend().get_texts()]


def test_means_that_would_hide_the_others_are_cut_off_and_marked(drawn):
    large = {4.0: 1e9, 5.0: 1e300, 6.0: -1e12}
    axes = drawn(rows([1.0, 2.0, 3.0, *large], lambda rate, seed: large.get(rate, rate + seed)), "rate", "loss")
    low, high = axes.get_ylim()
    assert -10 < low < 1.5 < 3.5 < high < 20
    assert marks(axes) == {"is above the axis": [(4.0, 1), (5.0, 1)] * 2, "is below the axis": [(6.0, 0)] * 2}


def test_an_error_bar_that_would_hide_the_means_is_cut_off(drawn):
    axes = drawn(
        rows([1.0, 2.0, 3.0], lambda rate, seed: 1e9 * (2 * seed - 1) if rate == 2.0 else rate), "rate", "loss"
    )
    low, high = axes.get_ylim()
    assert -10 < low < 0 < 3 < high < 10
    assert marks(axes) == {}


@pytest.mark.parametrize("losses", [[0.1, 0.2, 3.0], [0.0, 0.0, 1e9], [1e9, 1.1e9, 1e10], [0.5], [-5.0, 5.0, 70.0]])
def test_means_that_stand_together_are_all_shown(drawn, losses):
    rates = list(range(1, len(losses) + 1))
    axes = drawn(rows(rates, lambda rate, seed: losses[rate - 1]), "rate", "loss")
    low, high = axes.get_ylim()
    assert low <= min(losses)
    assert max(losses) <= high
    assert marks(axes) == {}


def test_where_everything_diverged_there_is_nothing_to_draw(tmp_path):
    cells = [Cell({"rate": 1.0}, 0, {}, "OverflowError: too large")]
    with pytest.raises(BadGrid, match="all cells diverged: there is nothing to draw"):
        draw_lines(summaries(cells), "rate", "loss", tmp_path / "plot.png")


def test_strings_stand_side_by_side_in_their_order(drawn):
    axes = drawn(rows([1.0, 0.5]), "mail", "loss")
    assert [label.get_text() for label in axes.get_xticklabels()] == ["", "\\$x_1\\$\n"]
    assert [label.get_text() for label in axes.get_legend().get_texts()] == ["rate=1.0", "rate=0.5"]


@pytest.mark.parametrize(("x", "y", "complaint"), [("loss", "loss", "no key 'loss'"), ("rate", "rate", "no 'rate'")])
def test_what_is_not_there_cannot_be_drawn(tmp_path, x, y, complaint):
    with pytest.raises(BadGrid, match=complaint):
        draw_lines(rows([1.0]), x, y, tmp_path / "plot.png")
