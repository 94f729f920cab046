"""Orders as text, links by pattern, and what of it is refused in which words."""

import re
from fnmatch import fnmatchcase

import pytest
import trio
from hypothesis import given
from hypothesis import strategies as st

from office import Client, Team, Worker, explore, open_office, replay, simulate
from office.engines import OLDEST, REPEAT, order_text, read_order, under_orders
from office.engines.delivery_order import Choices, late_links
from office.errors import BadOrder
from office.mail import DELIVER, LOSE

CHOICES = st.lists(st.tuples(st.integers(0, 10**9 - 1), st.sampled_from([DELIVER, LOSE, REPEAT])), max_size=9)


def alex():
    return Worker(lambda task: (task, lambda feedback: feedback), "alex")


def client(tasks=2):
    return Client([(f"task {number}", None) for number in range(tasks)], lambda output, target: (0.0, f"re {output}"))


def without_trailing_oldest(choices):
    while choices and choices[-1] == OLDEST:
        choices = choices[:-1]
    return choices or [OLDEST]


# Text


@given(CHOICES)
def test_choices_are_read_back_from_their_text_but_for_the_oldest_at_the_end(choices):
    assert read_order(order_text(choices)) == without_trailing_oldest(choices)


@given(CHOICES, CHOICES)
def test_two_orders_have_one_text_only_if_they_choose_the_same(first, second):
    same = without_trailing_oldest(first) == without_trailing_oldest(second)
    assert (order_text(first) == order_text(second)) == same


WORD = re.compile(r"[0-9]{1,9}[-+]?")


@given(st.text("0123456789.-+ x\n²٣", max_size=12))
def test_a_text_is_read_or_refused_with_the_word_that_is_no_choice(text):
    wrong = [word for word in text.split(".") if not WORD.fullmatch(word)]
    if not wrong:
        assert len(read_order(text)) == text.count(".") + 1
    else:
        with pytest.raises(BadOrder) as caught:
            read_order(text)
        what = f'"{text}": {wrong[0]!r} is no choice (such as 2, or 2- for a loss, or 2+ for a repeat)'
        assert str(caught.value) == what


@pytest.mark.parametrize("text", ["", ".", "0.", "-1", "1--", "one", "0,1", "9" * 5000])
def test_what_is_no_order_is_refused_wherever_one_is_given(text):
    for run in (
        lambda: simulate(alex(), client(), order=text),
        lambda: replay(alex, client(), text),
        lambda: read_order(text),
    ):
        with pytest.raises(BadOrder, match="is no choice"):
            run()


@given(CHOICES, st.integers(0, 5))
def test_after_the_last_choice_the_oldest_comes_first(choices, more):
    choose = Choices(order_text(choices))
    many = range(10**9)
    taken = [choose(many) for _ in range(len(choices) + more)]
    assert taken == [*choices, *[OLDEST] * more]


@pytest.mark.parametrize(
    ("tasks", "order", "what"),
    [
        (1, "1", '"1": step 1 passes over 1, and only 1 message is under way'),
        (2, "0.5", '"0.5": step 2 passes over 5, and only 2 messages are under way'),
        (3, "3-", '"3-": step 1 passes over 3, and only 3 messages are under way'),
    ],
)
def test_an_order_that_does_not_fit_says_at_which_step_with_and_without_trio(tasks, order, what):
    for run in (lambda: simulate(alex(), client(tasks), order=order), lambda: replay(alex, client(tasks), order)):
        with pytest.raises(BadOrder) as caught:
            run()
        assert str(caught.value) == what


# Links

NAMES = [f"{desk}.{channel}" for desk in ("team", "team/alex", "team/bo") for channel in ("inbox", "outbox")]
PATTERNS = st.sampled_from(["*", "team.*", "team/*", "*.inbox", "*alex*", "team/?o.outbox", *NAMES])


@given(st.lists(PATTERNS, max_size=3))
def test_late_links_are_those_that_any_of_the_patterns_names(patterns):
    expected = {place for place, name in enumerate(NAMES) if any(fnmatchcase(name, pattern) for pattern in patterns)}
    assert late_links(patterns, NAMES) == late_links(tuple(patterns), NAMES) == expected
    if patterns:
        assert late_links(patterns[0], NAMES) == late_links(patterns[:1], NAMES)


@pytest.mark.parametrize("late", ["bo.inbox", "", "Team.*", ("team.*", "nobody")])
def test_a_pattern_that_names_no_link_is_refused_and_the_links_are_told(late):
    wrong = late if isinstance(late, str) else late[-1]
    with pytest.raises(BadOrder) as caught:
        late_links(late, NAMES)
    assert str(caught.value) == f'"{wrong}" names no link (links: {", ".join(NAMES)})'


def test_wherever_links_are_named_the_same_is_refused():
    for run in (
        lambda: simulate(alex(), client(), order="0", late="bo.*"),
        lambda: replay(alex, client(), "0", late="bo.*"),
        lambda: explore(alex, client(), late="bo.*"),
    ):
        with pytest.raises(BadOrder, match=r'"bo\.\*" names no link \(links: alex\.inbox, '):
            run()


def test_where_no_link_is_late_there_is_one_order():
    exploration = explore(alex, client(3), late=())
    assert (exploration.orders, exploration.runs, exploration.holds) == (1, 1, True)
    assert replay(alex, client(3), "0", late=()).time == simulate(alex(), client(3), order="0", late=()).time == 0


# Conditions


@pytest.mark.parametrize(
    "mail", ["delay 1ms", "loss 1%", "duplicate 5%", "rate 1mbit", {"*.inbox": "delay 2ms 1ms"}], ids=str
)
def test_mail_conditions_are_refused_where_the_order_is_chosen(mail):
    for order in ("0", lambda pending: OLDEST):
        with pytest.raises(BadOrder, match="where the order of delivery is chosen there are no mail conditions"):
            simulate(alex(), client(), order=order, mail=mail)
    with under_orders(lambda pending: OLDEST), pytest.raises(BadOrder, match="there are no mail conditions"):
        simulate(alex(), client(), mail=mail)


@pytest.mark.parametrize("delivery", ["at least once", {"alex.inbox": "at least once"}], ids=str)
def test_delivery_again_is_refused_where_the_order_is_chosen(delivery):
    with pytest.raises(BadOrder, match="and no delivery again"):
        simulate(alex(), client(), order="0", delivery=delivery)


def test_mail_that_takes_no_time_is_what_a_chosen_order_has_anyway():
    plain = simulate(alex(), client(), order="1")
    assert simulate(alex(), client(), order="1", mail="delay 0s").journal.to_bytes() == plain.journal.to_bytes()


# Whoever has the say


def newest(pending):
    return len(pending) - 1, DELIVER


async def first_result():
    async with open_office(Team([alex()]), leave_pending=True) as office:
        for task_id in range(2):
            await office.inbox.send((task_id, "task"))
        return (await office.outbox.receive())[0]


async def test_who_has_the_say_has_it_in_tasks_that_are_started_there_and_nowhere_else():
    counts = {}

    async def look(where):
        counts[where] = await first_result()

    async with trio.open_nursery() as outside:
        outside.start_soon(look, "beside")
        with under_orders(newest):
            async with trio.open_nursery() as nursery:
                nursery.start_soon(look, "inside")
            with under_orders(lambda pending: OLDEST):
                await look("inside again")
            await look("back")
    await look("after")
    assert counts == {"beside": 0, "inside": 1, "inside again": 0, "back": 1, "after": 0}


def test_who_has_the_say_loses_it_when_something_goes_wrong():
    with pytest.raises(ZeroDivisionError), under_orders(newest):
        raise ZeroDivisionError
    assert trio.run(first_result) == 0
