"""All orders are all, and orders at random are any."""

from collections import Counter
from math import factorial

from hypothesis import given
from hypothesis import strategies as st

from office.testing.delivery_orders import EverySearch, RandomSearch


def deliver(follower, queues):
    """Let messages arrive that were there from the beginning, with what each of them brings: a tree of messages."""
    pending, came = list(enumerate(queues)), []
    while pending:
        number, brings = pending.pop(follower(pending)[0])
        came.append(number)
        pending += [((number, place), more) for place, more in enumerate(brings)]
    return tuple(came)


trees = st.recursive(st.just([]), lambda inner: st.lists(inner, max_size=2), max_leaves=5)


def messages(queues):
    return sum(1 + messages(brings) for brings in queues)


def ways(queues):
    """The linear extensions of a forest: n! over the sizes of all its trees."""
    number = factorial(messages(queues))

    def divide(trees):
        nonlocal number
        for brings in trees:
            number //= 1 + messages(brings)
            divide(brings)

    divide(queues)
    return number


@given(st.lists(trees, max_size=3).filter(lambda queues: ways(queues) < 3000))
def test_all_orders_are_each_order_once(queues):
    search = EverySearch(10_000)
    seen = [deliver(follower, queues) for follower in search]
    assert len(seen) == len(set(seen)) == ways(queues)
    assert search.complete
    assert not search.differs


@given(st.integers(1, 30))
def test_all_stops_at_most(runs):
    search = EverySearch(runs)
    seen = [deliver(follower, [[]] * 4) for follower in search]
    assert len(set(seen)) == min(runs, 24)
    assert search.complete == (runs >= 24)


def test_all_stops_where_a_run_differs_from_the_one_before():
    search = EverySearch(10_000)
    seen = [deliver(follower, [[]] * (3 + number)) for number, follower in enumerate(search)]
    assert len(seen) == 2
    assert search.differs == "at step 1 there were 3 messages under way, and in another run 4"
    assert not search.complete


def test_at_random_the_first_is_the_oldest_first_and_the_others_are_each_as_likely():
    seen = [deliver(follower, [[]] * 3) for follower in RandomSearch(6001, seed=0)]
    assert seen[0] == (0, 1, 2)
    counted = Counter(seen[1:])
    assert len(counted) == 6
    assert all(abs(count - 1000) < 4 * 1000**0.5 for count in counted.values())


@given(st.integers(1, 20), st.integers())
def test_a_seed_gives_the_same_orders_every_time(orders, seed):
    first, second = ([deliver(follower, [[]] * 5) for follower in RandomSearch(orders, seed)] for _ in range(2))
    assert first == second
    assert len(first) == orders


def test_where_there_is_only_one_order_it_is_run_once():
    search = RandomSearch(50, seed=0)
    assert len([deliver(follower, [[[[]]]]) for follower in search]) == 1
    assert search.complete
