import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from office.study.matching import in_order, matched

events = st.lists(st.tuples(st.integers(1, 3), st.integers(0, 9)), max_size=15)


def column(pairs, place):
    return np.array([pair[place] for pair in pairs], dtype=np.int64)


def by_going_through(begun, done):
    """Event after event; at one instant beginnings first, and ends in the order given."""
    found = [-1] * len(begun)
    queue = [(time, 0, place, task) for place, (task, time) in enumerate(begun)]
    queue += [(time, 1, place, task) for place, (task, time) in enumerate(done)]
    going_on = {}
    for _, is_end, place, task in sorted(queue):
        there = going_on.setdefault(task, [])
        if not is_end:
            there.append(place)
        elif there:
            found[there.pop(0)] = place
    return found


@given(events, events)
def test_an_end_belongs_to_the_stay_of_its_task_that_has_gone_on_longest(begun, done):
    begun.sort(key=lambda pair: pair[1])
    found = matched(column(begun, 0), column(begun, 1), column(done, 0), column(done, 1))
    assert found.tolist() == by_going_through(begun, done)


def test_an_end_that_finds_nothing_going_on_changes_nothing():
    tasks, begin = np.array([7, 7]), np.array([2, 10])
    assert matched(tasks, begin, np.array([7, 7, 7]), np.array([1, 5, 6])).tolist() == [1, -1]


def test_of_nothing_nothing_ends():
    nothing = np.array([], dtype=np.int64)
    assert matched(nothing, nothing, np.array([7]), np.array([1])).tolist() == []
    assert matched(np.array([7]), np.array([1]), nothing, nothing).tolist() == [-1]


@given(events, events)
def test_pairs_are_numbered_by_task_and_then_by_time(pairs, others):
    found = np.concatenate(in_order(*(column(rows, place) for rows in (pairs, others) for place in (0, 1))))
    together = [*pairs, *others]
    assert all(
        (found[a] < found[b]) == (together[a] < together[b]) for a in range(len(together)) for b in range(len(together))
    )
