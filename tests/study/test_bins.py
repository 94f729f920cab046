from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from office.study import Latency, Stays, binned, binned_over_time, medians, occupancy

END = 30
numbers = st.lists(st.integers(-(10**6), 10**6), min_size=1, max_size=60)
counts = st.integers(1, 12)


@st.composite
def tables(draw):
    moments = st.integers(0, END)
    pairs = draw(st.lists(st.tuples(moments, moments).map(sorted), max_size=12))
    begin, end = (np.array([pair[k] for pair in pairs], dtype=np.int64) for k in (0, 1))
    return occupancy(Stays(begin, end, END))


@given(numbers, counts)
def test_every_number_is_in_one_bin_and_bins_are_of_one_size_within_one(values, bins):
    edges = binned(np.array(values, dtype=float), bins).edges
    sizes = np.diff(edges)
    assert (edges[0], edges[-1], len(sizes)) == (0, len(values), min(bins, len(values)))
    assert sizes.max() - sizes.min() <= 1


@given(numbers, counts)
def test_the_percentiles_of_a_bin_are_those_of_its_numbers_by_nearest_rank(values, bins):
    binning = binned(np.array(values, dtype=float), bins)
    for place, (begin, end) in enumerate(zip(binning.edges[:-1], binning.edges[1:], strict=True)):
        of_these = Latency.of(np.array(values[begin:end]), tuple(binning.percentiles)).percentiles
        assert {percent: column[place] for percent, column in binning.percentiles.items()} == of_these
        assert begin <= binning.middles[place] < end


def test_no_numbers_have_no_bins():
    binning = binned(np.zeros(0), 10)
    assert (binning.edges.tolist(), binning.percentiles[50].tolist()) == ([0], [])


@given(tables(), counts)
def test_each_part_of_a_run_has_what_is_seen_nanosecond_by_nanosecond(table, bins):
    at = [int(table.counts[np.searchsorted(table.times, time, side="right") - 1]) for time in range(END)]
    binning = binned_over_time(table, bins)
    assert (binning.edges[0], binning.edges[-1], len(binning.mean)) == (0, END, bins)
    for place, (begin, end) in enumerate(zip(binning.edges[:-1], binning.edges[1:], strict=True)):
        seen = at[begin:end]
        assert (binning.least[place], binning.largest[place]) == (min(seen), max(seen))
        assert binning.mean[place] == np.mean(seen)
        assert binning.middles[place] == (begin + end) / 2


@given(tables())
def test_the_parts_come_to_the_whole(table):
    binning = binned_over_time(table, 7)
    assert (binning.mean @ np.diff(binning.edges)) == table.area
    assert binning.largest.max() == table.peak


def test_a_run_has_no_more_parts_than_nanoseconds():
    table = occupancy(Stays(np.array([0, 1]), np.array([2, 3]), 3))
    assert binned_over_time(table, 100).mean.tolist() == [1, 2, 1]
    assert binned_over_time(replace(table, run_end=0), 100).mean.tolist() == []


@given(numbers, counts)
def test_of_many_values_neighbours_have_their_median_at_the_time_of_the_middle_one(values, limit):
    times, values = np.arange(len(values)) * 10, np.array(values, dtype=float)
    at, middle = medians(times, values, limit)
    bins = binned(values, limit)
    if len(values) <= limit:
        assert (at.tolist(), middle.tolist()) == (times.tolist(), values.tolist())
    else:
        assert (at.tolist(), middle.tolist()) == ((10 * bins.middles).tolist(), bins.percentiles[50].tolist())


def test_values_that_are_not_finite_have_no_part_in_a_median():
    at, middle = medians(np.arange(5), np.array([np.nan, 3, np.inf, 1, 2]), 1)
    assert (at.tolist(), middle.tolist()) == ([3], [2])
