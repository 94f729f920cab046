from collections import defaultdict

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from office.study.matching import (
    NO_TIME,
    Moments,
    counts,
    first,
    in_order,
    last,
    matched,
    nth_time,
    occurrence,
    together,
    unmatched,
)

events = st.lists(st.tuples(st.integers(1, 3), st.integers(0, 9)), max_size=15)


def column(pairs, place):
    return np.array([pair[place] for pair in pairs], dtype=np.int64)


def by_going_through(begun, done):
    """Event after event; at one instant beginnings first, and ends in the order given."""
    matches = [-1] * len(begun)
    queue = [(time, 0, place, task) for place, (task, time) in enumerate(begun)]
    queue += [(time, 1, place, task) for place, (task, time) in enumerate(done)]
    going_on = {}
    for _, is_end, place, task in sorted(queue):
        known = going_on.setdefault(task, [])
        if not is_end:
            known.append(place)
        elif known:
            matches[known.pop(0)] = place
    return matches


@given(events, events)
def test_an_end_belongs_to_the_stay_of_its_task_that_has_gone_on_longest(begun, done):
    begun.sort(key=lambda pair: pair[1])
    matches = matched(column(begun, 0), column(begun, 1), column(done, 0), column(done, 1))
    assert matches.tolist() == by_going_through(begun, done)


def test_an_end_that_finds_nothing_going_on_changes_nothing():
    tasks, begin = np.array([7, 7]), np.array([2, 10])
    assert matched(tasks, begin, np.array([7, 7, 7]), np.array([1, 5, 6])).tolist() == [1, -1]


def test_of_nothing_nothing_ends():
    nothing = np.array([], dtype=np.int64)
    assert matched(nothing, nothing, np.array([7]), np.array([1])).tolist() == []
    assert matched(np.array([7]), np.array([1]), nothing, nothing).tolist() == [-1]


@given(events, events)
def test_pairs_are_numbered_by_task_and_then_by_time(pairs, others):
    matches = np.concatenate(in_order(*(column(rows, place) for rows in (pairs, others) for place in (0, 1))))
    together = [*pairs, *others]
    assert all(
        (matches[a] < matches[b]) == (together[a] < together[b])
        for a in range(len(together))
        for b in range(len(together))
    )


PAIRS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 9)), max_size=12)


def moments(pairs):
    return Moments(*(np.array(column, dtype=np.int64) for column in (zip(*pairs, strict=True) if pairs else ([], []))))


def by_key(pairs):
    matches = defaultdict(list)
    for key, time in sorted(pairs):
        matches[key].append(time)
    return matches


@given(PAIRS)
def test_each_is_numbered_within_its_key_in_order_of_time(pairs):
    numbers = occurrence(moments(pairs)).tolist()
    for key, times in by_key(pairs).items():
        mine = sorted((number, time) for number, (other, time) in zip(numbers, pairs, strict=True) if other == key)
        assert mine == list(enumerate(times))


@given(PAIRS, st.lists(st.integers(0, 4), max_size=5))
def test_what_is_asked_about_a_key_is_answered_by_its_times(pairs, keys):
    times, asked = by_key(pairs), np.array(keys, dtype=np.int64)
    assert first(moments(pairs), asked).tolist() == [min(times[key], default=NO_TIME) for key in keys]
    assert last(moments(pairs), asked).tolist() == [max(times[key], default=-NO_TIME) for key in keys]
    assert counts(moments(pairs).keys, asked).tolist() == [len(times[key]) for key in keys]
    second = nth_time(moments(pairs), asked, np.ones(len(keys), dtype=np.int64)).tolist()
    assert second == [times[key][1] if len(times[key]) > 1 else NO_TIME for key in keys]


@given(PAIRS, PAIRS)
def test_what_has_no_match_is_what_has_too_few_before_it(before, after):
    matches = unmatched(moments(before), moments(after)).tolist()
    numbers, times = occurrence(moments(after)).tolist(), by_key(before)
    assert matches == [
        len(times[key]) <= number or times[key][number] > time
        for number, (key, time) in zip(numbers, after, strict=True)
    ]


@given(PAIRS, PAIRS)
def test_several_together_are_all_of_them(stay, other):
    both = together(moments(stay), moments(other))
    assert list(zip(*map(np.ndarray.tolist, both), strict=True)) == stay + other
