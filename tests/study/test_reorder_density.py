import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from office.study import displacements, reorder_density
from tests.study.streams import copies, orders, shuffled, streams


def by_the_algorithm(stream, threshold):
    """RFC 5236, 7.1, step by step: the displacements of what is not lost. Numbers begin at 1."""
    arriving, buffer, window, found = iter(stream), set(), [], []
    while len(window) < threshold + 1:  # the first so many unique arrivals
        arrival = next(arriving, None)
        if arrival is None:
            break
        if arrival not in window:
            window.append(arrival)
    ri = 1
    while window:
        if ri in window or ri in buffer:
            s = window.pop(0)
            d = ri - s
            if abs(d) <= threshold:
                found.append(d)
                buffer.discard(ri)
                if d < 0:
                    buffer.add(s)
                ri += 1
            new = next((n for n in arriving if not (n < ri or n in buffer or n in window)), None)
            if new is not None:
                window.append(new)
        else:
            least = min([*window, *buffer])
            ri = least if ri < least else ri + 1
    return found


def test_the_displacement_is_how_many_places_late_an_arrival_is():
    sequence = [1, 4, 2, 5, 3, 6, 7, 8]  # RFC 5236, 8 a: tables 1 and 2
    assert displacements(sequence).tolist() == [0, -2, 1, -1, 2, 0, 0, 0]
    rd = reorder_density(sequence, 4)
    assert dict(rd.items()) == {-2: 0.125, -1: 0.125, 0: 0.5, 1: 0.125, 2: 0.125}
    assert (rd[-2], rd[0], rd[3]) == (0.125, 0.5, 0.0)


def test_a_lost_number_displaces_nothing():
    assert dict(reorder_density([1, 2, 4, 5, 6, 7], 3).items()) == {0: 1.0}  # RFC 5236, 8 b: table 5


def test_lost_and_repeated_numbers_have_no_receive_index():
    assert displacements([1, 4, 3, 5, 3, 8, 7, 6]).tolist() == [0, -1, 1, 0, -2, 0, 2]  # RFC 5236, 3.3: example 3


def test_repeats_are_ignored():
    rd = reorder_density([1, 3, 2, 3, 4, 5], 2)  # RFC 5236, 8 c: table 7
    assert dict(rd.items()) == {-1: 0.2, 0: 0.6, 1: 0.2}
    assert dict(reorder_density([1, 2, 2, 1, 3], 3).items()) == {0: 1.0}
    assert reorder_density([1, 2, 2, 1, 3], 3).lost == 0


def test_an_arrival_beyond_the_threshold_counts_as_lost():
    rd = reorder_density([1, 2, 9, 3, 4, 5, 6, 7, 8], 3)
    assert (dict(rd.items()), rd.lost, rd.total) == ({0: 1.0}, 1, 8)
    late = reorder_density([2, 3, 4, 5, 1, 6], 1)
    assert (dict(late.items()), late.lost) == ({0: 1.0}, 1)


def test_a_repeat_of_what_was_lost_for_being_early_is_taken_for_it():
    assert reorder_density([1, 7, 2, 3, 4, 5, 6, 7], 2).total == 7


@given(shuffled(), st.integers(0, 12))
@example([1, 5, 2, 3, 4, 5, 5, 6], 1)
@example([3, 1, 8, 2, 9], 2)
def test_the_density_is_that_of_the_algorithm(sequence, threshold):
    found = by_the_algorithm(sequence, threshold)
    rd = reorder_density(sequence, threshold)
    assert dict(zip(rd.values.tolist(), rd.counts.tolist(), strict=True)) == {d: found.count(d) for d in found}
    assert rd.lost == len(copies(sequence)) - len(found)


@given(st.lists(st.integers(1, 60), max_size=40), st.integers(0, 6))
def test_it_is_so_too_where_nothing_is_in_order(sequence, threshold):
    assert sorted(np.repeat(*density_of(sequence, threshold)).tolist()) == sorted(by_the_algorithm(sequence, threshold))


def density_of(sequence, threshold):
    rd = reorder_density(sequence, threshold)
    return rd.values, rd.counts


@given(streams)
def test_displacements_add_up_to_nothing(sequence):
    assert displacements(sequence).sum() == 0


@given(orders, st.integers(-100, 100), st.integers(0, 12))
def test_numbers_may_begin_anywhere(order, start, threshold):
    moved = reorder_density([start + number for number in order], threshold)
    assert list(moved.items()) == list(reorder_density(order, threshold).items())


def test_numbers_far_apart_take_no_longer():
    assert reorder_density([1, 10**15, 2, 10**18], 3).total == 3
    assert reorder_density([10**15, 1]).total == 2


@pytest.mark.parametrize("threshold", [None, 0, 3])
def test_nothing_has_an_empty_density(threshold):
    assert list(reorder_density([], threshold).items()) == []


def test_a_threshold_below_0_is_refused():
    with pytest.raises(ValueError, match="threshold"):
        reorder_density([1, 2], -1)
