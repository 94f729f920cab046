import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from office.study import discontinuities, gap_times, gaps
from tests.study.streams import copies, spread_out, streams


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
