import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from office.study import extents, late_times, reordered, reordered_ratio
from tests.engines.building import within_standard_errors
from tests.study.streams import once_each, orders, streams


def by_the_rule(sequence):
    """RFC 4737, 3.3, word for word, on first copies."""
    expected, found = -math.inf, [False] * len(sequence)
    for place in once_each(sequence):
        found[place] = sequence[place] < expected
        expected = max(expected, sequence[place] + 1)
    return found


def by_trying_all(sequence):
    """RFC 4737, 4.2.3: the least j before i with a greater number, places counted among first copies."""
    found = [0] * len(sequence)
    first = once_each(sequence)
    for i, place in enumerate(first):
        greater = [j for j in range(i) if sequence[first[j]] > sequence[place]]
        found[place] = i - greater[0] if greater else 0
    return found


def test_a_packet_four_places_late_has_extent_four():
    sequence = [1, 2, 3, 5, 6, 7, 8, 4, 9, 10]  # RFC 4737, 7.1
    assert extents(sequence).tolist() == [0, 0, 0, 0, 0, 0, 0, 4, 0, 0]
    assert reordered_ratio(sequence) == 0.1


def test_a_packet_comes_as_late_as_the_time_since_the_first_that_overtook_it():
    times = [68, 88, 108, 148, 168, 188, 208, 210, 228, 248]  # RFC 4737, 7.1
    assert late_times([1, 2, 3, 5, 6, 7, 8, 4, 9, 10], times).tolist() == [0, 0, 0, 0, 0, 0, 0, 62, 0, 0]
    times = [68, 88, 108, 128, 188, 189, 190, 208, 228, 248]  # RFC 4737, 7.2
    assert late_times([1, 2, 3, 4, 7, 5, 6, 8, 9, 10], times).tolist() == [0, 0, 0, 0, 0, 1, 2, 0, 0, 0]


def test_two_packets_overtaken_by_the_same_one_are_one_and_two_places_late():
    sequence = [1, 2, 3, 4, 7, 5, 6, 8, 9, 10]  # RFC 4737, 7.2
    assert extents(sequence).tolist() == [0, 0, 0, 0, 0, 1, 2, 0, 0, 0]
    assert reordered_ratio(sequence) == 0.2


def test_three_packets_overtaken_by_four_are_four_five_and_six_places_late():
    sequence = [1, 2, 3, 7, 8, 9, 10, 4, 5, 6, 11]  # RFC 4737, 7.3
    assert extents(sequence).tolist() == [0] * 7 + [4, 5, 6, 0]
    times = [68, 88, 108, 188, 208, 228, 248, 250, 252, 256, 268]
    assert late_times(sequence, times).tolist() == [0] * 7 + [62, 64, 68, 0]
    assert extents([1, 2, 3, 6, 7, 4, 5, 8, 9, 10, 12, 13, 11]).tolist() == [0] * 5 + [2, 3] + [0] * 5 + [2]  # 7.4


def test_a_block_that_was_overtaken_is_reordered_throughout():
    sequence = [1, 2, 3, 7, 8, 9, 4, 5, 6]  # RFC 4737, 5.3
    assert reordered(sequence).tolist() == [False] * 6 + [True] * 3
    assert extents(sequence).tolist() == [0] * 6 + [3, 4, 5]


@given(streams)
def test_the_arrivals_that_are_reordered_are_those_below_the_next_expected(sequence):
    assert reordered(sequence).tolist() == by_the_rule(sequence)


@given(streams)
def test_the_extent_is_the_distance_from_the_earliest_greater_number(sequence):
    assert extents(sequence).tolist() == by_trying_all(sequence)


@given(st.lists(st.tuples(st.integers(-5, 15), st.integers(0, 9)), max_size=30))
def test_the_late_time_is_the_time_since_the_earliest_greater_number(arrivals):
    sequence, times = [number for number, _ in arrivals], np.cumsum([gap for _, gap in arrivals], dtype=int)
    first, expected = once_each(sequence), [0] * len(sequence)
    for i, place in enumerate(first):
        greater = [other for other in first[:i] if sequence[other] > sequence[place]]
        expected[place] = times[place] - times[greater[0]] if greater else 0
    assert late_times(sequence, times).tolist() == expected


@pytest.mark.parametrize(
    ("times", "complaint"),
    [([1, 2], "3 arrivals, but 2 times"), ([1, 3, 2], "go back in time"), ([1.0, 2, 3], "whole")],
)
def test_times_that_cannot_be_those_of_the_arrivals_are_refused(times, complaint):
    with pytest.raises(ValueError, match=complaint):
        late_times([1, 2, 3], times)


@given(streams)
def test_later_copies_are_never_reordered_and_change_nothing_for_the_others(sequence):
    first = once_each(sequence)
    assert extents(sequence)[first].tolist() == extents([sequence[place] for place in first]).tolist()
    assert not np.delete(reordered(sequence), first).any()


@given(orders)
def test_the_ratio_is_the_share_of_reordered_arrivals(order):
    assert reordered_ratio(order) == sum(by_the_rule(order)) / len(order)


@given(streams, st.integers(-100, 100), st.integers(1, 9))
def test_only_the_order_of_the_numbers_matters(sequence, start, step):
    assert extents([start + step * number for number in sequence]).tolist() == extents(sequence).tolist()


def test_later_copies_do_not_count_in_the_ratio():
    assert reordered_ratio([1, 1, 3, 2, 1, 2]) == 1 / 3


def test_losses_are_not_reordering():
    assert reordered_ratio([1, 2, 4, 5, 9]) == 0.0


def test_of_nothing_there_is_no_ratio():
    assert math.isnan(reordered_ratio([]))
    assert extents([]).tolist() == []


@pytest.mark.parametrize("sequence", [[2**62, 1], [-(2**62), 1], [2**64 - 1], [2**80, 1]])
def test_numbers_whose_differences_might_overflow_are_refused(sequence):
    with pytest.raises(ValueError, match="whole numbers"):
        extents(sequence)
    assert extents([2**62 - 1, 1 - 2**62]).tolist() == [0, 1]


@pytest.mark.parametrize("sequence", [[0.5, 1.0], ["a", "b"], [[1, 2]], [True], 3])
def test_only_a_row_of_whole_numbers_is_a_sequence(sequence):
    with pytest.raises(ValueError, match="whole numbers"):
        extents(sequence)


def test_poisson_sends_with_exponential_delays_are_reordered_as_often_as_the_closed_form_says():
    generator = np.random.default_rng(1)
    messages = 200_000
    sent = np.cumsum(generator.standard_exponential(messages))  # one a mean delay: 3 - e of them are reordered
    order = np.argsort(sent + generator.standard_exponential(messages))
    assert within_standard_errors(reordered(order), 3 - math.e)
