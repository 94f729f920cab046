from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from office.show.page.figures import MOST_BARS, MOST_LINES, PARTS, SIZES, bars, figures
from office.show.page.page import watch
from office.study import FeedbackSizes, feedback_sizes, in_table, learners, occupancy, reordering_by_link, staleness
from tests.show.page.offices import mixed, teams
from tests.show.page.test_packing import unpacked
from tests.study.checks.doctoring import Doctored


@given(st.lists(st.integers(-1000, 1000)))
def test_every_value_is_in_a_bar_and_bars_are_few(numbers):
    values, counts = np.unique(np.array(numbers, dtype=np.int64), return_counts=True)
    histogram = bars(values, counts)
    assert sum(histogram["counts"]) == histogram["total"] == len(numbers)
    assert len(histogram["counts"]) <= MOST_BARS
    first, width, last = (
        histogram["first"],
        histogram["width"],
        histogram["first"] + histogram["width"] * len(histogram["counts"]),
    )
    assert histogram["less"] == any(number < first for number in numbers)
    assert histogram["more"] == any(number >= last for number in numbers)
    for place, count in list(enumerate(histogram["counts"]))[1:-1]:
        begin = first + width * place
        assert count == sum(begin <= number < begin + width for number in numbers)


def test_few_values_have_a_bar_each():
    histogram = bars(np.array([-2, 0, 3]), np.array([1, 5, 2]))
    assert (histogram["first"], histogram["width"], histogram["counts"]) == (-2, 1, [1, 0, 5, 0, 0, 2])
    assert not any((histogram["less"], histogram["more"]))


def test_histograms_are_those_of_the_study_on_each_link_and_on_all():
    journal = mixed()
    drawn = figures(watch(journal))
    together, *links = drawn["links"]
    measured = reordering_by_link(journal)
    assert [link["name"] for link in links] == journal.link_names
    for link in links:
        measures = measured[link["name"]]
        assert (link["messages"], link["overtaken"]) == (measures.arrivals, measures.reordered)
        for key in ("rd", "rbd"):
            density = getattr(measures, key)
            assert link[key]["counts"] == [
                int(density.counts[density.values == value].sum())
                for value in range(link[key]["first"], link[key]["first"] + len(link[key]["counts"]))
            ]
    assert together["messages"] == sum(link["messages"] for link in links)
    assert together["rd"]["total"] == sum(link["rd"]["total"] for link in links)


def test_lateness_is_that_of_every_worker_and_of_all_together():
    journal = mixed()
    together, *each = figures(watch(journal))["lateness"]
    assert [desk["name"].rpartition("/")[2] for desk in each] == ["alex", "bo", "casey", "dani", "legal", "ely", "fei"]
    for desk in each:
        late = staleness(journal, desk["name"])
        assert (desk["count"], desk["mean"], desk["most"]) == (len(late), pytest.approx(late.mean()), late.max())
    assert together["count"] == sum(desk["count"] for desk in each)


def test_sizes_are_those_of_every_desk_with_weights_each_number_where_they_are_few():
    journal = mixed()
    drawn = {chart["name"]: chart for chart in figures(watch(journal))["sizes"]}
    assert list(drawn) == learners(journal)
    for desk, chart in drawn.items():
        sizes = feedback_sizes(journal, desk)
        assert [line["name"] for line in chart["lines"]] == ["from above", "to below"]
        for line, expected in zip(chart["lines"], (sizes.from_above, sizes.to_below), strict=True):
            assert unpacked(line["time"]).tolist() == sizes.times.tolist()
            assert unpacked(line["middle"]).tolist() == pytest.approx(expected.tolist())
        assert chart["together"] == 1


def test_of_many_sizes_medians_are_shown_and_a_way_without_numbers_is_not():
    watched, n = watch(mixed()), 100 * SIZES
    place = next(iter(watched.sizes))
    times = np.arange(n)
    sizes = FeedbackSizes(times, times % 100 + 1.0, np.full(n, np.nan))
    (chart,) = figures(replace(watched, sizes={place: sizes}, busy_end=n - 1))["sizes"]
    assert (chart["together"], [line["name"] for line in chart["lines"]]) == (100, ["from above"])
    assert unpacked(chart["lines"][0]["middle"]).tolist() == [50.0] * SIZES
    (busy,) = figures(replace(watched, sizes={place: sizes}, busy_end=49))["sizes"]
    assert unpacked(busy["lines"][0]["time"]).tolist() == list(range(50))
    nothing = replace(sizes, from_above=sizes.to_below)
    assert figures(replace(watched, sizes={place: nothing}))["sizes"] == []


def test_of_many_tables_the_fullest_are_drawn_and_it_says_of_how_many():
    journal = teams(4, 5)
    pending = figures(watch(journal))["pending"]
    means = {desk: occupancy(in_table(journal, desk)).mean for desk in journal.desks[1:]}
    assert len(pending["lines"]) == MOST_LINES
    assert {line["name"] for line in pending["lines"]} <= set(means)
    least = min(means[line["name"]] for line in pending["lines"])
    assert sum(mean > least for mean in means.values()) < MOST_LINES
    assert pending["of"] == sum(mean > 0 for mean in means.values())


def test_the_learning_curve_has_every_loss_where_they_are_few():
    journal = mixed()
    losses = figures(watch(journal))["losses"]
    assert losses["exact"]
    assert unpacked(losses["middle"]).tolist() == pytest.approx([loss for _, _, loss in journal.losses])


def test_of_many_losses_neighbours_are_put_together_and_those_that_are_no_numbers_are_counted():
    journal = Doctored(mixed()).journal
    losses = [(time, 1, float(time)) for time in range(4000)]
    journal.losses = [*losses, (4000, 1, float("nan")), (4001, 1, 10**400)]
    losses = figures(replace(watch(journal), busy_end=5000))["losses"]
    assert (losses["of"], losses["infinite"], losses["together"], losses["exact"]) == (4002, 2, 10, False)
    assert unpacked(losses["time"]).tolist() == [10 * place + 5 for place in range(PARTS)]
    low, middle, high = (unpacked(losses[name])[7] for name in ("low", "middle", "high"))
    assert (low, middle, high) == (70, 74, 78)
