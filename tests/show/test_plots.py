import subprocess
import sys
from math import nan

import numpy as np
import pytest

from office import Chain, Client, Team, every, simulate
from office.errors import NothingToDraw
from office.journal import Divergence
from office.show import PLOTS, draw_plots
from office.study import (
    density,
    desks,
    in_table,
    latency_by_link,
    learners,
    occupancy,
    reordering,
    reordering_by_link,
    staleness,
)
from tests.study.journals import a_million_messages, clerk, learner, made_up, run

pytest.importorskip("matplotlib", reason="the extra plot is not installed")

ROUGH = "delay 5ms 5ms distribution exponential"


def learnt(tasks=60, loss=lambda task: 1 / (1 + task), mail=ROUGH):
    """The journal of a run with desks that have weights, and losses that are as said, one after another.

    No run has a NaN among them, but a journal may be of another program.
    """
    chart = Chain([Team([learner("alex"), learner("bo")], "team"), learner("casey")])
    client = Client([(0.0, None)] * tasks, lambda _output, _target: (0.0, 1.0), arrivals=every("3ms"), keep=False)
    journal = simulate(chart, client, mail=mail).journal
    journal.losses[:] = [row._replace(loss=loss(place)) for place, row in enumerate(journal.losses)]
    return journal


@pytest.fixture
def draw(figures, tmp_path):
    """Draws plots of a journal: their axes by title, and what was said of it all."""

    def draw(journal, *names, pattern="*"):
        drawn = draw_plots(journal, tmp_path / "plot.svg", names or PLOTS, pattern)
        return {axes.get_title(loc="left"): axes for axes in figures[-1].axes}, drawn

    return draw


def lines(axes):
    return [(list(line.get_xdata()), list(line.get_ydata())) for line in axes.lines]


def rows(axes):
    return [label.get_text() for label in axes.get_yticklabels()]


def test_each_panel_says_what_it_shows_and_what_is_along_its_axes(draw):
    panels, drawn = draw(learnt())
    assert list(drawn.shown) == list(PLOTS)
    assert drawn.left_out == {}
    assert list(panels) == [
        "Learning, over tasks",
        "Learning, over virtual time",
        "Size of feedback",
        "Pending tables",
        "Staleness",
        "Latency",
        "Reorder density, RD (RFC 5236)",
        "Reorder buffer-occupancy density, RBD (RFC 5236)",
    ]
    assert [text.get_text() for axes in panels.values() for text in axes.texts] == [
        text for each in drawn.shown.values() for text in each
    ]
    assert [axes.get_xlabel() for axes in panels.values()] == [
        "tasks spoken of",
        "virtual time (ms)",
        "virtual time (ms)",
        "virtual time (ms)",
        "staleness (updates)",
        "from sending to arrival (ms)",
        "displacement (places late)",
        "occupancy (messages kept)",
    ]


def test_few_losses_are_drawn_one_by_one_over_tasks_and_over_time(draw):
    journal = learnt()
    over_tasks, over_time = draw(journal, "learning")[0].values()
    losses = [loss for _, _, loss in journal.losses]
    assert lines(over_tasks) == [(list(range(1, 61)), losses)]
    assert lines(over_time) == [([time / 1e6 for time, _, _ in journal.losses], losses)]
    assert {over_tasks.get_yscale(), over_time.get_yscale()} == {"log"}


def test_many_losses_are_drawn_as_medians_of_bins_and_the_extremes_are_there_too(draw):
    panels, drawn = draw(learnt(1000, loss=lambda task: task % 20), "learning")
    over_tasks, _ = panels.values()
    assert drawn.shown["learning"][0].startswith("1,000 tasks; in bins of 20: median, 10% to 90%")
    assert lines(over_tasks) == [([20 * place + 11 for place in range(50)], [9.0] * 50)]
    least_to_most, middle = (
        np.concatenate([path.vertices for path in band.get_paths()]) for band in over_tasks.collections
    )
    assert (least_to_most[:, 1].min(), least_to_most[:, 1].max()) == (0, 19)
    assert (middle[:, 1].min(), middle[:, 1].max()) == (1, 17)
    assert over_tasks.get_yscale() == "linear"


def test_losses_that_are_no_numbers_are_left_out_and_counted(draw):
    panels, drawn = draw(learnt(loss=lambda task: nan if task % 3 else 2.0), "learning")
    assert drawn.shown["learning"][0] == "20 of 60 tasks: the other losses are no finite numbers"
    assert lines(panels["Learning, over tasks"]) == [(list(range(1, 21)), [2.0] * 20)]


def test_losses_up_to_the_end_of_the_floats_are_drawn_and_it_is_told_when_the_run_diverged(draw):
    journal = learnt(loss=lambda task: 1.7 * 10.0 ** min(5 * task, 307))
    journal.diverged = Divergence(7_000_000, "alex", 2, "OverflowError: math range error")
    panels, drawn = draw(journal, "learning")
    assert drawn.shown["learning"][0] == "60 tasks; what is beyond 1e+200 is drawn there; it diverged at 7 ms"
    (_, losses), *_ = lines(panels["Learning, over tasks"])
    assert (losses[0], losses[-1]) == (1.7, 1e200)


def test_the_size_of_feedback_has_a_row_for_each_desk_with_what_came_and_what_went_down(draw):
    journal = learnt()
    sizes = {"alex": (1.0, 8.0), "bo": (2.0, 4.0)}
    for name, (from_above, to_below) in sizes.items():
        rows_of = journal.learnt[f"team/{name}"]
        rows_of[:] = [row._replace(from_above=from_above, to_below=to_below) for row in rows_of]
    panels, drawn = draw(journal, "feedback")
    axes = panels["Size of feedback"]
    assert drawn.shown["feedback"] == ["3 desks: from above (line), to below (dashes); rows: 0 to 8"]
    assert rows(axes) == ["team/alex", "team/bo", "casey"]
    drawn_lines = lines(axes)[:6]
    for row, (desk, expected) in enumerate({"team/alex": (1, 8), "team/bo": (2, 4), "casey": (1, 1)}.items()):
        for (times, heights), size in zip(drawn_lines[2 * row : 2 * row + 2], expected, strict=True):
            assert times == [row.time / 1e6 for row in journal.learnt[desk]]
            assert heights == pytest.approx([row + 0.85 / 2 - 0.85 * size / 8] * len(times))


def test_sizes_far_apart_are_drawn_on_a_logarithmic_scale_and_those_that_are_no_numbers_are_not_drawn(draw):
    journal = learnt()
    rows_of = journal.learnt["casey"]
    rows_of[:] = [row._replace(from_above=[None, nan, 1.0, 1e-6][k % 4]) for k, row in enumerate(rows_of)]
    axes = draw(journal, "feedback", pattern="casey")[0]["Size of feedback"]
    assert (axes.get_yscale(), axes.get_ylabel()) == ("log", "root mean square")
    assert set(lines(axes)[0][1]) == {1.0, 1e-6}
    axes = draw(journal, "feedback")[0]["Size of feedback"]
    from_above = lines(axes)[4][1]
    assert sorted(set(from_above)) == pytest.approx([2 - 0.85 / 2, 2 + 0.85 / 2])
    for desk in journal.learnt:
        journal.learnt[desk][:] = [row._replace(from_above=None, to_below=nan) for row in journal.learnt[desk]]
    with pytest.raises(NothingToDraw, match="nothing that was learnt from is a number"):
        draw(journal, "feedback")


def test_of_many_sizes_the_medians_are_drawn(draw):
    axes, drawn = draw(learnt(1000), "feedback", pattern="casey")
    assert drawn.shown["feedback"] == ["casey: from above (line), to below (dashes); medians of 6.7"]
    assert [len(times) for times, _ in lines(axes["Size of feedback"])] == [150, 150]


def test_pending_tables_have_a_row_each_with_every_change_and_the_peak(draw):
    journal = learnt()
    axes = draw(journal, "pending")[0]["Pending tables"]
    tables = {desk: occupancy(in_table(journal, desk)) for desk in desks(journal)}
    assert rows(axes) == [f"{desk}\nat most {table.peak}" for desk, table in tables.items()]
    peak = max(table.peak for table in tables.values())
    for (times, heights), (_, (zero, _)), table in zip(
        lines(axes)[::2], lines(axes)[1::2], tables.values(), strict=True
    ):
        assert times[:-1] == (table.times / 1e6).tolist()
        assert [peak * (zero - height) / 0.85 for height in heights[:-1]] == pytest.approx(table.counts.tolist())


def test_a_table_alone_is_drawn_to_scale(draw):
    journal = learnt()
    axes = draw(journal, "pending", pattern="casey")[0]["Pending tables"]
    table = occupancy(in_table(journal, "casey"))
    assert lines(axes)[0][1][:-1] == table.counts.tolist()
    assert (axes.get_ylabel(), axes.texts[0].get_text()) == ("tasks pending", "casey")


DENSITIES = {
    "staleness": ("Staleness", lambda journal: {desk: density(staleness(journal, desk)) for desk in learners(journal)}),
    "rd": (
        "Reorder density, RD (RFC 5236)",
        lambda journal: {name: measures.rd for name, measures in reordering_by_link(journal).items()},
    ),
    "rbd": (
        "Reorder buffer-occupancy density, RBD (RFC 5236)",
        lambda journal: {name: measures.rbd for name, measures in reordering_by_link(journal).items()},
    ),
}


@pytest.mark.parametrize("name", DENSITIES)
def test_a_density_has_a_row_for_each_desk_or_link_and_in_it_a_bar_for_each_share(draw, name):
    journal = learnt()
    title, measured = DENSITIES[name]
    axes = draw(journal, name)[0][title]
    densities = measured(journal)
    assert len(rows(axes)) > 2
    for label, bars in zip(rows(axes), axes.containers, strict=True):
        measures = densities[label]
        assert [bar.get_x() + 0.5 for bar in bars] == pytest.approx(measures.values.tolist())
        tall = [-bar.get_height() for bar in bars]
        assert np.array(tall) / sum(tall) == pytest.approx(measures.shares)


def test_rows_of_a_density_are_drawn_to_one_scale_which_is_told(draw):
    journal = learnt()
    panels, drawn = draw(journal, "rd")
    axes = panels["Reorder density, RD (RFC 5236)"]
    tallest = max(max(reordering(journal, name).rd.shares) for name in rows(axes))
    assert f"the tallest bar: {100 * tallest:.3g}% of arrivals" in drawn.shown["rd"][0]
    for label, bars in zip(rows(axes), axes.containers, strict=True):
        expected = 0.85 * max(reordering(journal, label).rd.shares) / tallest
        assert max(-bar.get_height() for bar in bars) == pytest.approx(expected)


def test_a_density_alone_is_in_percent(draw):
    journal = learnt()
    link = "team.inbox"
    axes = draw(journal, "rbd", pattern=link)[0]["Reorder buffer-occupancy density, RBD (RFC 5236)"]
    (bars,) = axes.containers
    assert [bar.get_height() for bar in bars] == pytest.approx(100 * reordering(journal, link).rbd.shares)
    assert axes.get_ylabel() == "% of arrivals"


def test_values_far_apart_are_drawn_in_groups(draw):
    numbers = [*range(1, 1000), 0]
    journal = made_up([(sent, 10_000 + place, 0, sent) for place, sent in enumerate(numbers)])
    panels, drawn = draw(journal, "rd")
    (axes,) = panels.values()
    assert drawn.shown["rd"] == ["alex.inbox; in groups of 11"]
    (bars,) = axes.containers
    assert [(bar.get_x(), bar.get_width()) for bar in bars] == [(-11, 11), (990, 11)]
    assert [bar.get_height() for bar in bars] == pytest.approx([99.9, 0.1])


def test_latency_has_a_row_for_each_link_with_its_percentiles(draw):
    journal = learnt()
    axes = draw(journal, "latency")[0]["Latency"]
    by_link = latency_by_link(journal, percents=(0, 10, 50, 90, 100))
    assert rows(axes) == list(by_link) == journal.link_names
    thin, thick = ([[float(x) for x in segment[:, 0]] for segment in part.get_segments()] for part in axes.collections)
    percentiles = [[time / 1e6 for time in latency.percentiles.values()] for latency in by_link.values()]
    assert thin == [[shortest, longest] for shortest, _, _, _, longest in percentiles]
    assert thick == [[low, high] for _, low, _, high, _ in percentiles]
    assert lines(axes) == [([median for _, _, median, _, _ in percentiles], list(range(len(by_link))))]


def test_what_a_run_has_nothing_of_is_left_out_and_said(draw):
    panels, drawn = draw(run(mail="delay 10ms").journal)
    assert list(panels) == ["Pending tables", "Latency"]
    assert drawn.left_out == {
        "learning": "every loss is 0",
        "feedback": "no desk has weights",
        "staleness": "no desk has weights",
        "rd": "everything came in order",
        "rbd": "everything came in order",
    }
    silent = run().journal
    silent.losses.clear()
    assert draw(silent)[1].left_out["learning"] == "nothing was said of any task"


def test_whoever_is_asked_for_by_name_has_a_staleness_though_he_has_no_weights(draw):
    journal = run().journal
    (axes,) = draw(journal, "staleness", pattern="team/alex")[0].values()
    assert [bar.get_height() for bar in axes.containers[0]] == pytest.approx(
        100 * density(staleness(journal, "team/alex")).shares
    )


def test_only_desks_and_links_whose_name_fits_are_drawn(draw):
    panels, drawn = draw(learnt(), pattern="*.feedback_from_above")
    names = ["casey", "team/alex", "team/bo"]
    assert sorted(rows(panels["Latency"])) == [f"{name}.feedback_from_above" for name in names]
    assert drawn.left_out["pending"] == 'no desk fits "*.feedback_from_above"'


def test_of_a_large_office_some_rows_are_drawn_and_how_many_there_are_is_told(draw):
    chart = Team([clerk(f"clerk-{number}") for number in range(30)], "team")
    journal = run(chart, mail=ROUGH).journal
    panels, drawn = draw(journal)
    assert drawn.shown["pending"][0].startswith("12 of 31 desks")
    assert drawn.shown["latency"][0].startswith("20 of 124 links")
    assert drawn.shown["rd"][0].startswith("12 of 124 links, most out of place")
    in_place = {name: measures.rd[0] for name, measures in reordering_by_link(journal).items()}
    named = rows(panels["Reorder density, RD (RFC 5236)"])
    assert max(in_place[name] for name in named) <= min(
        in_place[name] for name in journal.link_names if name not in named
    )


def test_a_run_with_nothing_to_draw_is_refused_and_every_reason_is_given(tmp_path):
    with pytest.raises(
        NothingToDraw,
        match="learning: nothing was said of any task; feedback: no desk has weights; pending: there is no desk",
    ):
        draw_plots(made_up([], links=[], desks=()), tmp_path / "plot.png")
    with pytest.raises(NothingToDraw, match=r"^learning: every loss is 0$"):
        draw_plots(run().journal, tmp_path / "plot.png", ["learning"])
    with pytest.raises(NothingToDraw, match=r"^learning: no loss is a number$"):
        draw_plots(learnt(loss=lambda _: nan), tmp_path / "plot.png", ["learning"])
    assert not list(tmp_path.iterdir())


@pytest.mark.thorough
def test_a_million_messages_are_no_million_points(draw, tmp_path):
    journal = a_million_messages()
    rng = np.random.default_rng(0)
    journal.losses[:] = [(100 * task, task, loss) for task, loss in enumerate(rng.lognormal(size=250_000).tolist())]
    try:
        _, drawn = draw(journal)
    finally:
        journal.losses.clear()
    assert drawn.shown["learning"][0].startswith("250,000 tasks; in bins of 1667")
    assert list(drawn.left_out) == ["feedback", "staleness"]
    assert (tmp_path / "plot.svg").stat().st_size < 500_000


PROGRAM = """
import sys
from office import Journal
from office.show import draw_plots
draw_plots(Journal.load(sys.argv[1]), sys.argv[2])
"""


@pytest.mark.thorough
@pytest.mark.parametrize("kind", ["svg", "png"])
def test_the_same_journal_gives_the_same_bytes_in_any_process(kind, tmp_path):
    journal = learnt()
    journal.save(tmp_path / "journal")
    here, elsewhere = tmp_path / f"here.{kind}", tmp_path / f"elsewhere.{kind}"
    subprocess.run([sys.executable, "-c", PROGRAM, tmp_path / "journal", elsewhere], check=True)
    draw_plots(journal, here)
    assert here.read_bytes() == elsewhere.read_bytes()
