import math
from collections import Counter
from itertools import combinations, cycle, islice

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from office.desks import INBOX, Books, at_random, by, everyone, in_turn, least_busy
from office.errors import BadAllocation
from tests.desks.small_office import NAMES, manager_of, state

teams = st.integers(1, 5)


def books_of(members, allocate=everyone, seed=0):
    return Books(NAMES[:members], allocate, lambda: np.random.default_rng(seed))


def choices(books, count):
    return [books.assign(task_id, "table") for task_id in range(count)]


@given(teams, st.integers(0, 12))
def test_everyone_is_the_whole_team_in_its_order(members, tasks):
    books = books_of(members)
    assert choices(books, tasks) == [tuple(range(members))] * tasks
    assert (books.tasks, books.in_hand) == (tasks, [tasks] * members)


@given(teams, st.lists(st.booleans(), max_size=40))
def test_in_turn_is_one_after_another_whoever_is_done_or_not(members, done):
    books = books_of(members, in_turn)
    turns = []
    for task_id, at_once in enumerate(done):
        turns.append(books.assign(f"task {-task_id}", None))
        if at_once:
            books.done(turns[-1])
    assert turns == [(member,) for member in islice(cycle(range(members)), len(done))]


@given(teams, st.integers(0, 2**32))
def test_at_random_is_the_same_again_from_the_same_stream_and_comes_to_all(members, seed):
    once, again = (choices(books_of(members, at_random, seed), 200) for _ in range(2))
    assert once == again
    assert set(once) == {(member,) for member in range(members)}


def test_at_random_gives_each_member_about_as_much():
    tasks = 4000
    count = Counter(choices(books_of(4, at_random, seed=3), tasks))
    for member in range(4):
        assert abs(count[member,] - tasks / 4) < 4 * math.sqrt(tasks * 3 / 16)


def test_another_stream_is_another_order():
    assert choices(books_of(4, at_random, seed=1), 50) != choices(books_of(4, at_random, seed=2), 50)


@given(st.sampled_from([everyone, in_turn, least_busy, by(lambda task_id, inputs: 0)]), teams)
def test_only_chance_takes_from_the_stream(allocate, members):
    books = books_of(members, allocate)
    before = state(books.random)
    choices(books, 7)
    assert state(books.random) == before


@given(teams, st.lists(st.integers(0, 9)))
def test_least_busy_never_gives_to_someone_busier_than_another_and_of_several_to_the_first(members, events):
    books, out = books_of(members, least_busy), []
    for task_id, event in enumerate(events):
        if event > 5 and out:
            books.done(out.pop(event % len(out)))
            continue
        before = list(books.in_hand)
        (chosen,) = books.assign(task_id, "table")
        assert before[chosen] == min(before)
        assert chosen == before.index(min(before))
        out.append((chosen,))
    assert books.in_hand == [out.count((member,)) for member in range(members)]


@given(teams, st.data())
def test_the_books_are_the_tasks_handed_out_and_for_each_member_those_not_done(members, data):
    places = st.sets(st.integers(0, members - 1), min_size=1).map(sorted)
    books = books_of(members, by(lambda task_id, inputs: inputs))
    handed_out, out = 0, []
    for several in data.draw(st.lists(st.one_of(places, st.none()), max_size=15)):
        if several is not None:
            out.append(books.assign(handed_out, several))
            handed_out += 1
        elif out:
            books.done(out.pop(data.draw(st.integers(0, len(out) - 1))))
        assert books.tasks == handed_out
        assert books.in_hand == [sum(member in chosen for chosen in out) for member in range(members)]


@given(teams, st.data())
def test_a_function_may_choose_by_place_or_by_name_one_or_several_in_any_order(members, data):
    places = data.draw(st.lists(st.integers(0, members - 1), min_size=1, max_size=members, unique=True))
    kinds = [int, np.int64, np.uint8, lambda place: NAMES[place], lambda place: np.str_(NAMES[place])]
    chosen = [data.draw(st.sampled_from(kinds))(place) for place in places]
    several = [list, tuple, iter, lambda chosen: dict.fromkeys(chosen).keys()]
    forms = [form(chosen) for form in several] + ([chosen[0]] if len(chosen) == 1 else [])
    for form in forms:
        books = books_of(members, by(lambda task_id, inputs, form=form: form))
        got = books.assign(0, "table")
        assert got == tuple(sorted(places))
        assert {type(member) for member in got} == {int}
        assert books.in_hand == [int(member in places) for member in range(members)]


def test_the_chosen_of_a_large_team_come_in_its_order():
    books = Books(
        [f"w{place}" for place in range(40)], by(lambda task_id, inputs: inputs), lambda: np.random.default_rng(0)
    )
    assert books.assign(0, [33, "w8", 1, 16]) == (1, 8, 16, 33)


def test_an_array_of_places_is_several():
    assert books_of(4, by(lambda task_id, inputs: np.array([3, 1]))).assign(0, "table") == (1, 3)


def test_a_function_chooses_by_the_task_id_and_the_inputs():
    seen = []
    books = books_of(3, by(lambda task_id, inputs: seen.append((task_id, inputs)) or inputs[0]))
    assert [books.assign(f"task {name}", [name, "rows"]) for name in ("bo", "alex")] == [(1,), (0,)]
    assert seen == [("task bo", ["bo", "rows"]), ("task alex", ["alex", "rows"])]


def test_an_allocation_of_ones_own_reads_the_managers_books():
    def one_more_each_time(task_id, inputs, books):
        return range(1 + books.tasks % len(books.members))

    assert choices(books_of(3, one_more_each_time), 4) == [(0,), (0, 1), (0, 1, 2), (0,)]


def test_one_allocation_may_serve_many_teams():
    for allocate in (everyone, in_turn, at_random, least_busy):
        alone = choices(books_of(3, allocate), 9)
        books = [books_of(3, allocate), books_of(2, allocate)]
        together = [[each.assign(task_id, "table") for each in books] for task_id in range(9)]
        assert [chosen for chosen, _ in together] == alone


NOBODY = "estimates: the allocation for task 7 chose no member"
TWICE = "estimates: the allocation for task 7 chose a member twice: {}"
STRANGER = "estimates: the allocation for task 7 chose {}, which is not in the team (alex, bo, casey)"
BAD_CHOICES = [
    ([], NOBODY),
    ((), NOBODY),
    ([1, 1], TWICE.format("[1, 1]")),
    (["bo", "alex", "bo"], TWICE.format("['bo', 'alex', 'bo']")),
    ([1, "bo"], TWICE.format("[1, 'bo']")),
    (3, STRANGER.format("3")),
    (-1, STRANGER.format("-1")),
    ([0, 3], STRANGER.format("3")),
    (np.int64(-1), STRANGER.format(repr(np.int64(-1)))),
    ("dani", STRANGER.format("'dani'")),
    ("", STRANGER.format("''")),
    ("Alex", STRANGER.format("'Alex'")),
    (["alex", "dani"], STRANGER.format("'dani'")),
    (True, STRANGER.format("True")),
    ([False], STRANGER.format("False")),
    (None, STRANGER.format("None")),
    (1.0, STRANGER.format("1.0")),
    (np.True_, STRANGER.format(repr(np.True_))),
    (b"\x00", STRANGER.format(r"b'\x00'")),
    ([1.0], STRANGER.format("1.0")),
    ([None], STRANGER.format("None")),
    ([[0]], STRANGER.format("[0]")),
]


@pytest.mark.parametrize(("choice", "complaint"), BAD_CHOICES, ids=[repr(choice) for choice, _ in BAD_CHOICES])
def test_a_bad_choice_is_refused_by_name_with_nothing_written_down_and_the_task_may_come_again(choice, complaint):
    desk = manager_of(3, allocate=by(lambda task_id, inputs: inputs))
    desk.read(INBOX, 1, "casey")
    before = state(desk)
    for _ in range(2):
        with pytest.raises(BadAllocation) as caught:
            desk.read(INBOX, 7, choice)
        assert str(caught.value) == complaint
        assert state(desk) == before
    assert (desk.books.tasks, desk.books.in_hand, desk.pending) == (1, [0, 0, 1], 1)
    assert desk.read(INBOX, 7, ["casey", "alex"]) == [(INBOX.of_member(k), 7, ["casey", "alex"]) for k in (0, 2)]


def test_who_watches_the_books_hears_of_each_task_that_is_handed_out_and_of_none_that_is_refused():
    books, assigned = books_of(3, by(lambda task_id, inputs: inputs)), []
    books.assign(0, "bo")
    books.watch(lambda *assignment: assigned.append(assignment))
    books.assign(1, ["casey", 0])
    with pytest.raises(BadAllocation):
        books.assign(2, "nobody")
    books.assign("third", 1)
    assert assigned == [(1, (0, 2)), ("third", (1,))]


def test_an_allocation_that_fails_in_its_own_way_leaves_nothing_written_down():
    def choose(task_id, inputs):
        raise FileNotFoundError("the list of who is in today")

    desk = manager_of(3, allocate=by(choose))
    before = state(desk)
    with pytest.raises(FileNotFoundError, match="who is in today"):
        desk.read(INBOX, 7, "table")
    assert state(desk) == before


def test_all_of_any_choice_get_the_task_and_nobody_else():
    for members in range(1, 5):
        for count in range(1, members + 1):
            for chosen in combinations(range(members), count):
                desk = manager_of(members, allocate=by(lambda task_id, inputs, chosen=chosen: chosen))
                assert desk.read(INBOX, 7, "table") == [(INBOX.of_member(member), 7, "table") for member in chosen]
