import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from office.study import (
    degree_of_n_reordering,
    discontinuities,
    extents,
    gap_times,
    gaps,
    late_times,
    n_reordering,
    reordered,
    reordered_ratio,
    reordering_free_runs,
)
from tests.engines.building import within_standard_errors
from tests.study.streams import copies, once_each, orders, spread_out, streams


def by_the_rule(sequence):
    """RFC 4737, 3.3, word for word, on first copies."""
    expected, values = -math.inf, [False] * len(sequence)
    for place in once_each(sequence):
        values[place] = sequence[place] < expected
        expected = max(expected, sequence[place] + 1)
    return values


def by_trying_all(sequence):
    """RFC 4737, 4.2.3: the least j before i with a greater number, places counted among first copies."""
    values = [0] * len(sequence)
    first = once_each(sequence)
    for i, place in enumerate(first):
        greater = [j for j in range(i) if sequence[first[j]] > sequence[place]]
        values[place] = i - greater[0] if greater else 0
    return values


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


def by_the_definition(numbers):
    """RFC 4737, 4.5.3 and 4.5.4, arrival after arrival: each discontinuity's place -> the place of the one before."""
    came_to_light, before = {}, {}
    for i, number in enumerate(numbers):
        ahead = [j for j in range(i) if numbers[j] > number]
        if ahead:
            came_to_light.setdefault(ahead[0], i)
    for j in sorted(came_to_light):
        earlier = [other for other in came_to_light if other < j]
        if earlier and came_to_light[max(earlier)] < came_to_light[j]:
            before[j] = max(earlier)
    return sorted(came_to_light), before


def test_one_discontinuity_may_have_several_reordered_arrivals():
    sequence = [1, 2, 3, 4, 7, 5, 6, 8, 9, 10]  # RFC 4737, 7.2
    assert [sequence[place] for place in discontinuities(sequence)] == [7]
    assert not gaps(sequence).any()


def test_the_gap_between_two_discontinuities_is_that_of_the_rfc():
    sequence = [1, 2, 3, 6, 7, 4, 5, 8, 9, 10, 12, 13, 11, 14, 15, 16]  # RFC 4737, 7.4; its places are from 1
    assert (discontinuities(sequence) + 1).tolist() == [4, 11]
    assert [sequence[place] for place in discontinuities(sequence)] == [6, 12]
    assert gaps(sequence).tolist() == [0] * 10 + [7] + [0] * 5
    assert [place + 1 for place in discontinuities([1, 2, 3, 7, 8, 9, 10, 4, 5, 6, 11])] == [4]  # RFC 4737, 7.3


def test_the_gap_is_the_distance_from_the_discontinuity_before():
    sequence, times = [2, 1, 3, 4, 6, 5, 8, 7], [0, 10, 30, 60, 100, 150, 210, 280]
    assert discontinuities(sequence).tolist() == [0, 4, 6]
    assert gaps(sequence).tolist() == [0, 0, 0, 0, 4, 0, 2, 0]
    assert gap_times(sequence, times).tolist() == [0, 0, 0, 0, 100, 0, 110, 0]


def test_a_discontinuity_that_came_to_light_before_the_one_before_it_has_no_gap():
    assert discontinuities([1, 3, 5, 4, 2]).tolist() == [1, 2]
    assert gaps([1, 3, 5, 4, 2]).tolist() == [0, 0, 0, 0, 0]
    assert gaps([1, 3, 5, 2, 4]).tolist() == [0, 0, 1, 0, 0]


@given(streams, st.data())
def test_gaps_are_those_of_the_definition(sequence, data):
    steps = data.draw(st.lists(st.integers(0, 9), min_size=len(sequence), max_size=len(sequence)))
    times = np.cumsum(steps, dtype=int)
    numbers = copies(sequence)
    places, before = by_the_definition(numbers)
    assert discontinuities(sequence).tolist() == places
    assert gaps(sequence).tolist() == spread_out(sequence, [j - before.get(j, j) for j in range(len(numbers))])
    came = copies_of(times, sequence)
    expected = [came[j] - came[before.get(j, j)] for j in range(len(numbers))]
    assert gap_times(sequence, times).tolist() == spread_out(sequence, expected)


def copies_of(times, sequence):
    return [time for place, time in enumerate(times) if sequence[place] not in sequence[:place]]


def by_the_pseudo_code(numbers):
    """RFC 4737, 4.6.3: what it counts while packets arrive."""
    r = x = p = a = q = 0
    next_expected = -math.inf
    for s in numbers:
        p += 1
        if s >= next_expected:
            next_expected = s + 1
            r += 1
            a += 1
        else:
            q += r * r
            r = 0
            x += 1
    return x, q, p, a


@pytest.mark.parametrize(
    ("lengths", "q", "variation"), [([11, 11, 11], 363, 1.0), ([1, 1, 31], 963, 2.65), ([31, 1, 1], 963, 2.65)]
)
def test_the_runs_of_36_packets_vary_as_the_rfc_says(lengths, q, variation):
    sequence = []  # RFC 4737, 4.6.4: 36 packets, three runs of these lengths
    for length in lengths:
        sequence += [*range(100 * len(sequence) + 2, 100 * len(sequence) + 2 + length), len(sequence) - 40]
    runs = reordering_free_runs(sequence)
    assert runs.lengths.tolist() == lengths
    assert (runs.p, runs.x, runs.a, runs.q, runs.mean) == (36, 3, 33, q, 11.0)
    assert round(runs.variation, 2) == variation


def test_the_runs_between_two_discontinuities_are_those_of_the_rfc():
    sequence = [1, 2, 3, 6, 7, 4, 5, 8, 9, 10, 12, 13, 11, 14, 15, 16]  # RFC 4737, 7.4
    assert reordering_free_runs(sequence).lengths.tolist() == [5, 0, 5]


def test_every_reordered_arrival_ends_a_run_which_may_be_empty():
    runs = reordering_free_runs([1, 2, 3, 7, 8, 9, 4, 5, 6, 10])  # RFC 4737, 5.3, and one more
    assert runs.lengths.tolist() == [6, 0, 0]
    assert (runs.x, runs.q, runs.p, runs.a) == (3, 36, 10, 7)
    assert runs.mean == 7 / 3
    assert math.isclose(runs.variation, (36 / 7) / (7 / 3))


def test_runs_of_one_length_do_not_vary():
    assert reordering_free_runs([2, 1, 4, 3, 6, 5]).variation == 1.0


def test_without_reordering_no_run_ends():
    runs = reordering_free_runs([1, 2, 3])
    assert (runs.x, runs.q, runs.p, runs.a) == (0, 0, 3, 3)
    assert math.isnan(runs.mean)
    assert math.isnan(runs.variation)


@given(streams)
def test_runs_are_what_the_pseudo_code_counts(sequence):
    runs = reordering_free_runs(sequence)
    assert (runs.x, runs.q, runs.p, runs.a) == by_the_pseudo_code(copies(sequence))
    assert runs.q == sum(length**2 for length in runs.lengths.tolist())


def n_by_the_definition(numbers):
    """RFC 4737, 5.3: the greatest n such that all j in [i - n, i) have s[j] > s[i], or 0."""
    return [
        max([n for n in range(1, i + 1) if all(numbers[j] > numbers[i] for j in range(i - n, i))], default=0)
        for i in range(len(numbers))
    ]


def test_a_packet_four_places_late_is_four_reordered():
    assert n_reordering([1, 2, 3, 5, 6, 7, 8, 4, 9, 10]).tolist() == [0, 0, 0, 0, 0, 0, 0, 4, 0, 0]  # RFC 4737, 7.1


def test_of_three_packets_overtaken_by_four_only_the_first_is_n_reordered():
    assert n_reordering([1, 2, 3, 7, 8, 9, 10, 4, 5, 6, 11]).tolist() == [0] * 7 + [4, 0, 0, 0]  # RFC 4737, 7.3


def test_a_reordered_packet_need_not_be_n_reordered():
    assert n_reordering([1, 2, 3, 4, 7, 5, 6, 8, 9, 10]).tolist() == [0, 0, 0, 0, 0, 1, 0, 0, 0, 0]  # RFC 4737, 7.2


def test_of_a_block_that_was_overtaken_only_the_first_is_n_reordered():
    assert n_reordering([1, 2, 3, 7, 8, 9, 4, 5, 6]).tolist() == [0, 0, 0, 0, 0, 0, 3, 0, 0]  # RFC 4737, 5.3


@given(streams)
def test_n_is_the_greatest_that_fits_the_definition(sequence):
    assert n_reordering(sequence).tolist() == spread_out(sequence, n_by_the_definition(copies(sequence)))


@given(streams)
def test_n_is_never_more_than_the_extent(sequence):
    assert (n_reordering(sequence) <= extents(sequence)).all()


@given(streams.filter(bool), st.integers(1, 5))
def test_the_degree_is_the_share_of_arrivals_that_are_n_reordered(sequence, n):
    values = n_by_the_definition(copies(sequence))
    assert degree_of_n_reordering(sequence, n) == sum(each >= n for each in values) / len(values)


def test_of_nothing_there_is_no_degree_and_none_for_n_of_0():
    assert math.isnan(degree_of_n_reordering([], 1))
    with pytest.raises(ValueError, match="n from 1"):
        degree_of_n_reordering([1, 2], 0)


def test_a_last_packet_that_everything_overtook_does_not_take_longer_than_sorting():
    # Where one walks back step by step, these take ten thousand million steps.
    everything = np.concatenate([np.arange(1, 100_001), -np.arange(1, 100_001)])
    assert n_reordering(everything)[100_000:].tolist() == list(range(100_000, 200_000))
