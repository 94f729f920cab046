import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from office.study import Occupancy, in_buckets, occupancy_in_buckets

TIMES = st.lists(st.integers(0, 999), unique=True, max_size=60).map(sorted)


def at(one, time):
    """How many there are at a time."""
    return one.counts[np.searchsorted(one.times, time, side="right") - 1]


@given(TIMES, st.data())
def test_each_part_has_the_mean_the_least_and_the_most_of_its_values(times, data):
    values = np.array(data.draw(st.lists(st.floats(-9, 9), min_size=len(times), max_size=len(times))))
    found = in_buckets(np.array(times, dtype=np.int64), values, 1000, 10)
    if len(times) <= 10:
        assert found.times.tolist() == times
        assert found.mean.tolist() == found.least.tolist() == found.most.tolist() == values.tolist()
        return
    parts = {part: values[[time // 100 == part for time in times]] for part in range(10)}
    parts = {part: there for part, there in parts.items() if len(there)}
    assert found.times.tolist() == [100 * part + 50 for part in parts]
    assert found.mean == pytest.approx([there.mean() for there in parts.values()])
    assert found.least.tolist() == [there.min() for there in parts.values()]
    assert found.most.tolist() == [there.max() for there in parts.values()]


def test_what_is_not_a_number_is_left_out():
    found = in_buckets(np.array([3, 1, 2]), np.array([0.5, np.nan, 0.25]), 4, 10)
    assert (found.times.tolist(), found.mean.tolist()) == ([2, 3], [0.25, 0.5])


@given(TIMES, st.data())
def test_an_occupancy_in_parts_has_the_same_area_and_what_is_seen_in_each(times, data):
    times = np.array(sorted({0, *times}), dtype=np.int64)
    counts = np.array(data.draw(st.lists(st.integers(0, 9), min_size=len(times), max_size=len(times))))
    one = Occupancy(times, counts, 1000)
    found = occupancy_in_buckets(one, 10)
    if len(times) <= 10:
        assert found.times.tolist() == times.tolist()
        assert found.mean.tolist() == found.least.tolist() == found.most.tolist() == counts.tolist()
        return
    assert float(found.mean.sum() * found.width) == pytest.approx(one.area)
    for part in range(10):
        seen = [at(one, time) for time in range(100 * part, 100 * (part + 1))]
        assert (found.least[part], found.most[part]) == (min(seen), max(seen))
        assert found.mean[part] == pytest.approx(np.mean(seen))


def test_an_occupancy_until_a_time_is_the_same_up_to_then():
    one = Occupancy(np.array([0, 3, 7]), np.array([0, 2, 1]), 10)
    found = one.until(5)
    assert (found.times.tolist(), found.counts.tolist(), found.run_end) == ([0, 3], [0, 2], 5)
    assert found.area == 4
    assert one.until(20).area == one.area
