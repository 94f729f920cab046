import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from office.study import Density, buffer_occupancy, density, displacements, reorder_buffer_density, reorder_density
from tests.study.streams import copies, orders, shuffled, streams

values = st.lists(st.integers(-50, 50), max_size=40)


@given(values)
def test_the_shares_are_how_often_each_value_came_up(values):
    shares = density(np.array(values, dtype=np.int64), lost=3)
    assert dict(shares.items()) == {value: values.count(value) / len(values) for value in values}
    assert (shares.total, shares.lost, shares[51]) == (len(values), 3, 0)


@given(values, st.integers(1, 9))
def test_a_group_has_all_from_its_least_value_up_to_the_next_and_one_begins_at_0(values, width):
    shares = density(np.array(values, dtype=np.int64), lost=2).grouped(width)
    assert (shares.total, shares.lost) == (len(values), 2)
    for least, count in zip(shares.values, shares.counts, strict=True):
        assert least % width == 0
        assert count == sum(least <= value < least + width for value in values)


def test_groups_of_one_are_the_density_itself():
    whole = Density(np.array([-1, 0, 5]), np.array([2, 3, 1]))
    assert list(whole.grouped(1).items()) == list(whole.items())


def by_the_algorithm(stream, threshold):
    """RFC 5236, 7.1, step by step: the displacements of what is not lost. Numbers begin at 1."""
    arriving, buffer, window, shares = iter(stream), set(), [], []
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
                shares.append(d)
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
    return shares


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
    shares = by_the_algorithm(sequence, threshold)
    rd = reorder_density(sequence, threshold)
    assert dict(zip(rd.values.tolist(), rd.counts.tolist(), strict=True)) == {d: shares.count(d) for d in shares}
    assert rd.lost == len(copies(sequence)) - len(shares)


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


def rbd_by_the_algorithm(stream, threshold):
    """RFC 5236, 7.2: the occupancy after each arrival. Its open case: what is ahead still is stored."""
    e, held, shares = min(stream, default=1), set(), []
    for s in stream:
        if s in held or s < e:
            continue
        if s == e:
            e += 1
        elif len(held) < threshold:
            held.add(s)
        else:
            e += 1
            while not (e in held or e == s):
                e += 1
            held.add(s)
        while e in held:
            held.remove(e)
            e += 1
        shares.append(len(held))
    return shares


def without_threshold(numbers):
    """What is kept: all that came, less those of which nothing before is missing that does come."""
    shares = []
    for k in range(1, len(numbers) + 1):
        came = set(numbers[:k])
        passed_on = 0
        while passed_on < k and sorted(numbers)[passed_on] in came:
            passed_on += 1
        shares.append(k - passed_on)
    return shares


def test_early_arrivals_are_kept_until_all_before_them_are_in():
    sequence = [1, 4, 2, 5, 3, 6, 7, 8]  # RFC 5236, 8 a: tables 3 and 4
    for threshold in (4, None):
        assert buffer_occupancy(sequence, threshold).tolist() == [0, 1, 1, 2, 0, 0, 0, 0]
        assert dict(reorder_buffer_density(sequence, threshold).items()) == {0: 0.625, 1: 0.25, 2: 0.125}


def test_a_lost_number_is_waited_for_until_the_buffer_is_full():
    rbd = reorder_buffer_density([1, 2, 4, 5, 6, 7], 3)  # RFC 5236, 8 b: table 6
    assert buffer_occupancy([1, 2, 4, 5, 6, 7], 3).tolist() == [0, 0, 1, 2, 3, 0]
    assert dict(rbd.items()) == {0: 0.5, 1: 1 / 6, 2: 1 / 6, 3: 1 / 6}


@pytest.mark.parametrize("threshold", [1, 2, None])
def test_repeats_take_no_room(threshold):
    assert buffer_occupancy([1, 3, 2, 3, 4, 5], threshold).tolist() == [0, 1, 0, 0, 0]  # RFC 5236, 8 c: table 8
    assert dict(reorder_buffer_density([1, 3, 2, 3, 4, 5], threshold).items()) == {0: 0.8, 1: 0.2}


def test_what_completes_the_order_empties_the_buffer():
    assert buffer_occupancy([1, 2, 4, 5, 3]).tolist() == [0, 0, 1, 2, 0]  # RFC 5236, 3.8


def test_without_a_threshold_nobody_waits_for_what_never_comes():
    assert buffer_occupancy([1, 2, 4, 5, 6, 7]).tolist() == [0, 0, 0, 0, 0, 0]


def test_an_arrival_that_finds_the_buffer_full_and_is_ahead_still_is_kept():
    # 9 comes when 3 is kept and 2 is missing: 2 is given up, 3 passed on, and 9 takes its room.
    assert buffer_occupancy([1, 3, 9, 2, 4], 1).tolist() == [0, 1, 1, 1]


def test_what_comes_after_it_was_given_up_is_ignored_and_counted_as_lost():
    rbd = reorder_buffer_density([1, 3, 4, 2, 5], 1)
    assert (rbd.lost, rbd.total, rbd[0], rbd[1]) == (1, 4, 0.75, 0.25)


@given(streams, st.integers(0, 8))
@example([1, 3, 3, 9, 2, 3, 4], 1)
def test_occupancies_are_those_of_the_algorithm(sequence, threshold):
    shares = rbd_by_the_algorithm(sequence, threshold)
    assert buffer_occupancy(sequence, threshold).tolist() == shares
    assert reorder_buffer_density(sequence, threshold).lost == len(copies(sequence)) - len(shares)


@given(streams)
def test_without_a_threshold_kept_is_what_came_before_its_turn(sequence):
    assert buffer_occupancy(sequence).tolist() == without_threshold(copies(sequence))


@given(orders)
def test_where_nothing_is_lost_a_large_buffer_is_as_good_as_any(order):
    assert buffer_occupancy(order, 12).tolist() == buffer_occupancy(order).tolist()


@given(streams, st.integers(0, 5))
def test_the_buffer_never_holds_more_than_the_threshold(sequence, threshold):
    assert max(buffer_occupancy(sequence, threshold).tolist(), default=0) <= threshold


def test_numbers_far_apart_take_no_longer_in_the_buffer():
    assert buffer_occupancy([1, 10**15, 10**18], 0).tolist() == [0, 0, 0]


def test_nothing_leaves_the_buffer_empty():
    assert buffer_occupancy([]).tolist() == buffer_occupancy([], 3).tolist() == []
    with pytest.raises(ValueError, match="threshold"):
        buffer_occupancy([1, 2], -1)
