from collections import defaultdict

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from office.study.pairing import NO_TIME, Moments, counts, first, last, nth_time, occurrence, together, unmatched

PAIRS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 9)), max_size=12)


def moments(pairs):
    return Moments(*(np.array(column, dtype=np.int64) for column in (zip(*pairs, strict=True) if pairs else ([], []))))


def by_key(pairs):
    found = defaultdict(list)
    for key, time in sorted(pairs):
        found[key].append(time)
    return found


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
    found = unmatched(moments(before), moments(after)).tolist()
    numbers, times = occurrence(moments(after)).tolist(), by_key(before)
    assert found == [
        len(times[key]) <= number or times[key][number] > time
        for number, (key, time) in zip(numbers, after, strict=True)
    ]


@given(PAIRS, PAIRS)
def test_several_together_are_all_of_them(one, other):
    both = together(moments(one), moments(other))
    assert list(zip(*map(np.ndarray.tolist, both), strict=True)) == one + other
