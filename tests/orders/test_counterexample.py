"""What people read of an order that fails."""

import pytest

from office import Client, Worker, explore, replay, simulate
from office.errors import OrderFailed
from office.orders.counterexample import number_of
from office.testing.practice import ForgetsToPop, RoutesByArrival, SwapsFeedback
from tests.orders.practising import ROWS, WORDS, estimator, rows, with_manager, words


def alex():
    return Worker(estimator("alex"), "alex")


def task_0_came(outcome):
    return 0 in outcome.outputs


FOUND = {
    "routes": lambda: explore(with_manager(words, RoutesByArrival), WORDS),
    "forgets": lambda: explore(with_manager(words, ForgetsToPop), WORDS),
    "swaps": lambda: explore(with_manager(rows, SwapsFeedback), ROWS),
    "loses": lambda: explore(alex, WORDS, claims=[task_0_came], losses=1),
    "repeats": lambda: explore(alex, WORDS, repeats=1),
    "some links": lambda: explore(alex, WORDS, claims=[task_0_came], losses=1, late="*.outbox", seed=7),
}


@pytest.mark.parametrize("name", FOUND)
def test_it_shows_what_is_wrong_how_large_it_is_the_diagram_and_the_test(name):
    exploration = FOUND[name]()
    smallest = exploration.counterexample
    text = str(smallest)
    what, rest = text[: len(smallest.failure.reason)], text[len(smallest.failure.reason) :]
    assert what == smallest.failure.reason
    size, diagram, test = rest.partition("\n\n")[0], smallest.diagram(), smallest.test()
    assert rest == f"{size}\n\n{diagram}\n\n{test}"
    assert size.startswith("\n(")
    assert size.endswith(f"; order {smallest.order})")
    assert str(exploration).endswith(text)
    head = str(exploration).partition("\n\n")[0]
    assert "None" not in head + size
    assert all(line == line.rstrip() for line in text.splitlines())


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("routes", "(2 tasks, 2 desks, 1 overtaking; order 0.0.0.0.0.0.0.0.1)"),
        ("forgets", "(1 task, 2 desks, 0 overtakings; order 0)"),
        ("swaps", "(1 task, 3 desks, 0 overtakings; order 0)"),
        ("loses", "(1 task, 1 desk, 0 overtakings, 1 loss; order 0.0-)"),
        ("repeats", "(1 task, 1 desk, 0 overtakings, 1 repeat; order 0+.1.1)"),
        ("some links", "(1 task, 1 desk, 0 overtakings, 1 loss; order 0-)"),
    ],
)
def test_its_size_is_told_in_numbers_and_words(name, size):
    assert f"\n{size}\n" in str(FOUND[name]().counterexample)


@pytest.mark.parametrize(("number", "words"), [(0, "0 losses"), (1, "1 loss"), (2, "2 losses"), (1000, "1000 losses")])
def test_a_number_of_things_is_in_words_what_it_is(number, words):
    assert number_of(number, "loss", "losses") == words
    assert number_of(number, "task") == words.replace(
        "loss" if number == 1 else "losses", "task" if number == 1 else "tasks"
    )


@pytest.mark.parametrize("name", ["routes", "forgets", "loses"])
def test_the_choice_string_is_for_trio_and_for_replay_alike(name):
    smallest = FOUND[name]().counterexample
    case = smallest.case
    outcome = replay(case.chart, case.client, smallest.order)
    run = simulate(case.chart(), case.client, order=smallest.order)
    assert outcome.journal.to_bytes() == run.journal.to_bytes()
    assert case.failure(outcome).reason == smallest.failure.reason


def test_what_was_expected_and_failed_is_raised_as_it_is_read():
    exploration = FOUND["forgets"]()
    with pytest.raises(OrderFailed) as caught:
        exploration.expect()
    assert str(caught.value) == str(exploration)


# How many orders


def client(tasks):
    return Client([("task", None)] * tasks, lambda output, _: (0.0, "more"))


TO_ALEX = "*.inbox", "*.feedback_from_above"
HOLDS = "in every order: no error, everything_came, as_composed"
SAME = "and each of the others is the same as one of these"
STATED = [
    (lambda: explore(alex, client(1)), f"orders: 1, and it was run\n{HOLDS}"),
    (lambda: explore(alex, client(0)), f"orders: 1, and it was run\n{HOLDS}"),
    (
        lambda: explore(alex, client(2), late=("*.inbox", "*.feedback_from_above")),
        f"orders: 6, all of them run\n{HOLDS}",
    ),
    (lambda: explore(alex, client(2)), f"orders: 70; 6 run, {SAME}\n{HOLDS}"),
    (lambda: explore(alex, client(2), count=False), f"orders: 6 run, {SAME}\n{HOLDS}"),
    (lambda: explore(alex, client(2), claims=[]), f"orders: 70; 6 run, {SAME}\nin every order: no error"),
    (
        lambda: explore(alex, client(2), max_runs=1),
        "orders: 1 run, and it stopped after 1 run\nin each of these: no error, everything_came, as_composed",
    ),
    (
        lambda: explore(alex, client(2), max_runs=2, claims=[lambda outcome: True]),
        "orders: 2 run, and it stopped after 2 runs\nin each of these: no error, <lambda>",
    ),
    (
        lambda: explore(alex, client(4), max_runs=1500, reduce=False, claims=[]),
        "orders: 1,500 run, and it stopped after 1,500 runs\nin each of these: no error",
    ),
    (FOUND["forgets"], "orders: 1 run, and it stopped at the first that fails\nfail: 1 of those run"),
]


@pytest.mark.parametrize(("find", "text"), STATED, ids=range(len(STATED)))
def test_how_many_orders_there_are_and_what_holds_is_told(find, text):
    assert str(find()).partition("\n\n")[0] == text


def test_orders_that_were_broken_off_are_told():
    text = str(explore(alex, client(2), overtakings=0))
    assert " run, " in text
    assert " broken off, and each of the others" in text


def test_those_that_fail_are_counted_among_all():
    exploration = explore(with_manager(words, RoutesByArrival), client(2), first_failure=False)
    assert exploration.complete
    assert f"{exploration.runs} run, {SAME}\nfail: {exploration.failing} of those run\n\n" in str(exploration)
    assert 1 < exploration.failing < exploration.runs
