"""Every final state of the brute force the reduced search reaches, too, whatever desks remember, share and count."""

import os
import random
from collections import Counter
from functools import partial
from itertools import count, islice
from tempfile import TemporaryFile
from typing import ClassVar

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from office import Chain, Client, Team, Worker, everyone, in_turn, least_busy
from office.errors import BadChart
from office.orders import Orders, explore
from office.orders.dependence import Dependence
from office.orders.untimed_office import UntimedOffice
from tests.orders import state
from tests.orders.small_offices import LATE, Diary, say, side_by_side, words
from tests.tiers import is_thorough

MOST = 1500 if is_thorough() else 200
"""So many orders are run by brute force."""
COMMON = []
"""What desks of one kind write into, and each chart anew."""


def passes_on(task):
    return task, lambda feedback: feedback


class Counting:
    """Answers of a team, numbered in the order in which they are combined."""

    def __init__(self):
        self.number = 0

    def __call__(self, outputs):
        self.number += 1
        words, share = side_by_side(outputs)
        return f"{self.number}:{words}", share


class Ledger(Diary):
    """Refuses a task that comes after a later one."""

    def __init__(self):
        super().__init__()
        self.last = ""

    def __call__(self, task):
        if str(task) < self.last:
            raise ValueError(task)
        self.last = str(task)
        return super().__call__(task)


def into(book, task):
    """Write a task into a book, and say how many are in it."""
    book.append(task)
    return f"{task}#{len(book)}", lambda feedback: book.append(feedback) or f"{feedback}#{len(book)}"


def into_the_common_book(task):
    return into(COMMON, task)


class Shared:
    """One thing that several desks have in hand, each in another way."""

    def __init__(self):
        self.book = []
        COMMON.clear()

    def write(self, task):
        return into(self.book, task)

    def estimator(self, way):
        book = self.book
        return {
            "closure": lambda: lambda task: into(book, task),
            "bound method": lambda: self.write,
            "partial": lambda: partial(into, book),
            "default": lambda: lambda task, book=book: into(book, task),
            "global": lambda: into_the_common_book,
            "dict": lambda: Keeper({"book": book}),
        }[way]()


class Keeper:
    """Holds a book in a dict."""

    def __init__(self, held):
        self.held = held

    def __call__(self, task):
        return into(self.held["book"], task)


SHARING = "closure", "bound method", "partial", "default", "global", "dict"
OWN = {"passes on": lambda: passes_on, "diary": Diary, "ledger": Ledger}

workers = st.sampled_from([*OWN, *SHARING])
charts = st.recursive(
    workers,
    lambda parts: st.tuples(
        st.sampled_from(["in turn", "everyone", "least busy", "everyone counting", "in turn counting", "chain"]),
        st.lists(parts, min_size=1, max_size=3),
    ),
    max_leaves=3,
)


def chart_of(data, shared, numbers):
    """A chart from plain data, with one shared thing for all desks that share."""
    name = f"desk{next(numbers)}"
    if isinstance(data, str):
        return Worker(OWN[data]() if data in OWN else shared.estimator(data), name)
    kind, parts = data
    members = [chart_of(part, shared, numbers) for part in parts]
    if kind == "chain":
        return Chain(members)
    allocate = {"everyone": everyone, "in turn": in_turn, "least busy": least_busy}[kind.removesuffix(" counting")]
    return Team(members, name, allocate=allocate, combine=Counting() if kind.endswith("counting") else side_by_side)


def make(data):
    return chart_of(data, Shared(), iter(range(99)))


def numbered(task, number):
    return f"{task}#{number}", passes_on_nothing


def passes_on_nothing(_feedback):
    return None


def assigns_a_global(task):
    global NUMBER  # noqa: PLW0603
    NUMBER += 1
    return numbered(task, NUMBER)


def changes_a_module(task):
    state.NUMBER += 1
    return numbered(task, state.NUMBER)


def writes_into_a_module(task):
    state.BOOK.append(task)
    return numbered(task, len(state.BOOK))


def imports_what_it_writes_into(task):
    from tests.orders.state import BOOK

    BOOK.append(task)
    return numbered(task, len(BOOK))


def has_an_attribute(task):
    has_an_attribute.number += 1
    return numbered(task, has_an_attribute.number)


def draws_with_numpy(task):
    return numbered(task, np.random.randint(10**6))  # noqa: NPY002


def draws_with_python(task):
    return numbered(task, random.randrange(10**6))  # noqa: S311


def changes_the_environment(task):
    os.environ["OFFICE_TEST"] = str(int(os.environ["OFFICE_TEST"]) + 1)
    return numbered(task, os.environ["OFFICE_TEST"])


class Numbered:
    """Counts in its class."""

    number = 0

    def __call__(self, task):
        type(self).number += 1
        return numbered(task, self.number)


def two_that_assign_a_cell():
    number = 0

    def first(task):
        nonlocal number
        number += 1
        return numbered(task, number)

    def second(task):
        nonlocal number
        number += 1
        return numbered(task, number)

    return first, second


def one_that_assigns_a_cell_and_one_that_reads_it():
    number = 0

    def first(task):
        nonlocal number
        number += 1
        return numbered(task, number)

    return first, lambda task: numbered(task, number)


def two_views_of_an_array():
    array = np.zeros(3)

    def writes(view):
        def write(task):
            view[0] += 1
            return numbered(task, view[0])

        return write

    return writes(array[:2]), writes(array[:1])


NUMBER = 0
BY_CODE = [
    assigns_a_global, changes_a_module, writes_into_a_module, imports_what_it_writes_into, has_an_attribute,
    draws_with_numpy, draws_with_python, changes_the_environment,
]  # fmt: skip
PAIRS = {function.__name__: lambda function=function: (function, function) for function in BY_CODE}
PAIRS["class"] = lambda: (Numbered(), Numbered())
PAIRS |= {
    pair.__name__: pair
    for pair in (two_that_assign_a_cell, one_that_assigns_a_cell_and_one_that_reads_it, two_views_of_an_array)
}


def from_the_beginning(pair):
    """A team of two, when all that they share is as at first."""
    global NUMBER  # noqa: PLW0603
    NUMBER = state.NUMBER = has_an_attribute.number = Numbered.number = 0
    state.BOOK.clear()
    random.seed(1)
    np.random.seed(1)  # noqa: NPY002
    os.environ["OFFICE_TEST"] = "0"
    first, second = pair()
    return Team([Worker(first, "first"), Worker(second, "second")], allocate=everyone, combine=side_by_side)


@pytest.mark.parametrize("pair", PAIRS.values(), ids=PAIRS)
def test_no_final_state_is_missed_however_two_desks_share(pair):
    def final(*, reduce):
        client = Client([("a", None)], lambda output, _: (0.0, [output] * 2))
        orders = Orders(partial(from_the_beginning, pair), client, reduce=reduce)
        return {outcome.state() for outcome in orders}

    assert len(final(reduce=False)) == 2
    assert final(reduce=True) == final(reduce=False)


class StatefulPeople:
    """The people above, who count what they say."""

    def __init__(self):
        self.heard = 0

    def __call__(self, output, target):
        self.heard += 1
        return float(self.heard), f"re {output} #{self.heard}"


def states(data, client, late, **options):
    """Every final state there is, if there are not too many orders."""
    orders = Orders(partial(make, data), client, late=late, **options)
    outcomes = list(islice(orders, MOST + 1))
    assume(len(outcomes) <= MOST)
    return {outcome.state() for outcome in outcomes}


limits = st.fixed_dictionaries(
    {}, optional={"losses": st.integers(0, 1), "repeats": st.integers(0, 1), "overtakings": st.integers(0, 2)}
)
lates = st.sampled_from(LATE)


@pytest.mark.unwatched
@settings(max_examples=1500 if is_thorough() else 50)
@given(charts, st.integers(1, 3), st.sampled_from([None, None, 1, 2]), lates, limits)
@example(("chain", [("in turn", ["passes on", "passes on"]), "ledger"]), 2, None, LATE[1], {"overtakings": 0})
@example(("chain", [("everyone counting", ["passes on"]), "passes on"]), 2, None, LATE[4], {})
@example(("in turn", ["closure", "bound method"]), 2, None, LATE[1], {})
@example(("in turn", ["dict", "default"]), 2, None, LATE[3], {})
@example(("in turn", ["global", "global"]), 2, None, LATE[1], {})
def test_no_final_state_is_missed(data, tasks, in_flight, late, limits):
    client = words(tasks, in_flight=in_flight)
    brute = states(data, client, late, reduce=False, **limits)
    assert states(data, client, late, **limits) == brute


@pytest.mark.unwatched
@settings(max_examples=500 if is_thorough() else 25)
@given(charts, st.integers(1, 3), lates, limits)
def test_as_many_orders_are_the_same_as_those_that_are_run_as_there_are(data, tasks, late, limits):
    make_chart, client = partial(make, data), words(tasks)
    brute = list(islice(Orders(make_chart, client, late=late, reduce=False, **limits), MOST + 1))
    assume(len(brute) <= MOST)
    orders = Orders(make_chart, client, late=late, **limits)
    assert sum(orders.same_as_this() for _ in orders) == len(brute)


@pytest.mark.parametrize(
    ("limits", "number"), [({}, 6), ({"losses": 1}, 24), ({"repeats": 1}, 42), ({"losses": 1, "repeats": 1}, 168)]
)
def test_orders_of_three_feedbacks_are_counted_right(limits, number):
    chart, late = partial(make, "passes on"), "*.feedback_from_above"
    for reduce in (True, False):
        assert explore(chart, words(3), claims=[], late=late, reduce=reduce, **limits).orders == number


def parts(estimators, feedback=say):
    """For each of these workers side by side, and the client first, the part of the office that its mail touches."""
    chart = lambda: Team([Worker(each, f"w{place}") for place, each in enumerate(estimators)])  # noqa: E731
    return Dependence(UntimedOffice(chart, Client([("a", None)], feedback))).whole


def two(way):
    shared = Shared()
    return [shared.estimator(way), shared.estimator(way)]


@pytest.mark.parametrize("way", SHARING)
def test_desks_that_share_are_one_however_they_share(way):
    _, manager, first, second = parts(two(way))
    assert manager == 0
    assert first == second


class Marked:
    """Has a book in its class, which all of its kind share."""

    book: ClassVar = Counter()

    def __call__(self, task):
        self.book[task] += 1
        return passes_on(task)


def test_what_is_in_a_class_is_shared_by_all_its_objects():
    _, _, first, second = parts([Marked(), Marked()])
    assert first == second


@pytest.mark.parametrize("estimators", [[passes_on, passes_on], [Diary(), Diary()], [Diary(), Ledger()]])
def test_desks_that_share_nothing_that_may_change_are_apart(estimators):
    _, _, first, second = parts(estimators)
    assert not first & second


def test_people_above_who_share_with_a_worker_are_one_with_it():
    shared = Shared()
    client, _, first, second = parts([shared.write, passes_on], lambda output, _: (len(shared.book), output))
    assert client == first
    assert not client & second


def test_people_above_who_count_what_they_say_are_one_part():
    assert parts([passes_on], StatefulPeople())[0]
    assert not parts([passes_on])[0]


def two_in_turn():
    return Team([Worker(Diary(), "alex"), Worker(Diary(), "bo")], allocate=in_turn)


def outlives():
    return Worker(partial(into, COMMON), "alex")


def by_chance():
    return Worker(lambda task: (np.random.random(), lambda feedback: feedback), "alex")  # noqa: NPY002


@pytest.mark.parametrize("options", [{}, {"reduce": False}, {"losses": 1}])
@pytest.mark.parametrize(
    ("make_chart", "feedback", "what"),
    [
        (outlives, say, r"task 0 on alex.outbox was 'task 0#\d+', and then 'task 0#\d+'"),
        (by_chance, lambda output, _: (0.0, output), r"task 0 on alex.outbox was 0.\d+, and then 0.\d+"),
        (two_in_turn, StatefulPeople(), r"task 0 on team.feedback_from_above was 're .* #\d+', and then 're .* #\d+'"),
    ],
)
def test_what_is_otherwise_in_the_same_order_is_told(make_chart, feedback, what, options):
    with pytest.raises(BadChart, match=f"the same order comes to something else when it is run again: {what}"):
        list(Orders(make_chart, Client([("task 0", None)], feedback), **options))


class Filing:
    """Keeps its book where nobody can look."""

    def __init__(self, file):
        self.file = file

    def __call__(self, task):
        self.file.write(task)
        return passes_on(task)


def test_a_proof_says_where_desks_may_share_what_cannot_be_seen():
    with TemporaryFile("w") as file:
        filing = explore(lambda: Worker(Filing(file), "alex"), words(2))
    assert filing.holds
    assert (
        ", if desks share nothing by the BufferedWriter of alex, the FileIO of alex, the TextIOWrapper of alex"
        in str(filing)
    )
    assert "if desks share" not in str(explore(two_in_turn, words(2)))


def test_what_is_otherwise_later_is_told_when_it_shows():
    charts = count()

    def grows():
        team = Team([Worker(passes_on, "alex"), Worker(passes_on, "bo")], allocate=in_turn)
        return team if next(charts) < 12 else Worker(passes_on, "alex")

    with pytest.raises(BadChart, match="the same order comes to something else when it is run again"):
        list(Orders(grows, words(3)))
