import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from office.study import buffer_occupancy, reorder_buffer_density
from tests.study.streams import copies, orders, streams


def by_the_algorithm(stream, threshold):
    """RFC 5236, 7.2: the occupancy after each arrival. Its open case: what is ahead still is stored."""
    e, held, found = min(stream, default=1), set(), []
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
        found.append(len(held))
    return found


def without_threshold(numbers):
    """What is kept: all that came, less those of which nothing before is missing that does come."""
    found = []
    for k in range(1, len(numbers) + 1):
        came = set(numbers[:k])
        passed_on = 0
        while passed_on < k and sorted(numbers)[passed_on] in came:
            passed_on += 1
        found.append(k - passed_on)
    return found


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
    found = by_the_algorithm(sequence, threshold)
    assert buffer_occupancy(sequence, threshold).tolist() == found
    assert reorder_buffer_density(sequence, threshold).lost == len(copies(sequence)) - len(found)


@given(streams)
def test_without_a_threshold_kept_is_what_came_before_its_turn(sequence):
    assert buffer_occupancy(sequence).tolist() == without_threshold(copies(sequence))


@given(orders)
def test_where_nothing_is_lost_a_large_buffer_is_as_good_as_any(order):
    assert buffer_occupancy(order, 12).tolist() == buffer_occupancy(order).tolist()


@given(streams, st.integers(0, 5))
def test_the_buffer_never_holds_more_than_the_threshold(sequence, threshold):
    assert max(buffer_occupancy(sequence, threshold).tolist(), default=0) <= threshold


def test_numbers_far_apart_take_no_longer():
    assert buffer_occupancy([1, 10**15, 10**18], 0).tolist() == [0, 0, 0]


def test_nothing_leaves_the_buffer_empty():
    assert buffer_occupancy([]).tolist() == buffer_occupancy([], 3).tolist() == []
    with pytest.raises(ValueError, match="threshold"):
        buffer_occupancy([1, 2], -1)
