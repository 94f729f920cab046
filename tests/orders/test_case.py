import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from office import Client, Worker, all_at_once, newest_first, replay
from office.errors import BadOrder
from office.orders.case import Case
from office.orders.settings import SearchSettings
from tests.orders.practising import WORDS, words


def echo(task):
    return task, lambda feedback: feedback


def alex():
    return Worker(echo, "alex")


def client(tasks=2, **options):
    return Client([(f"task {number}", None) for number in range(tasks)], lambda output, _: (0.0, output), **options)


def failure(*claims, make_chart=alex, order="0"):
    case = Case(make_chart, client(), claims)
    return case.failure(case.replay(order))


# What fails


@pytest.mark.parametrize("verdict", [None, True, np.True_, np.bool_(1)], ids=repr)
def test_a_claim_that_says_nothing_or_yes_holds(verdict):
    assert failure(lambda outcome: verdict) is None


@pytest.mark.parametrize("verdict", [False, np.False_, np.array([1, 2]).all() == 3], ids=repr)
def test_a_claim_that_says_no_does_not_hold_whoever_s_word_for_it_that_is(verdict):
    def likes_it(outcome):
        return verdict

    assert failure(likes_it).reason == "likes_it does not hold"
    assert failure(likes_it).claim is likes_it


@pytest.mark.parametrize(("words", "what"), [("oh no", "likes_it: oh no"), ("", "likes_it does not hold")])
def test_a_claim_that_raises_says_why(words, what):
    def likes_it(outcome):
        assert not outcome, words

    def raises(outcome):
        raise AssertionError(words)

    raises.__name__ = "likes_it"
    assert failure(raises).reason == what


@pytest.mark.parametrize("verdict", [0, 1, "no", [], {}])
def test_a_claim_that_says_something_else_is_refused_as_no_claim(verdict):
    with pytest.raises(TypeError, match="a claim returns True, False or None, not ") as caught:
        failure(lambda outcome: verdict)
    assert repr(verdict) in str(caught.value)


def test_the_first_claim_that_does_not_hold_is_told():
    asked = []

    def claim(number):
        def asks(outcome):
            asked.append(number)
            return number == 1

        asks.__name__ = f"claim_{number}"
        return asks

    assert failure(*map(claim, (1, 2, 3))).reason == "claim_2 does not hold"
    assert asked == [1, 2]


def test_what_a_claim_raises_besides_comes_out_and_says_of_which_order_it_was_asked():
    def stumbles(outcome):
        return outcome.outputs[7] == "task 7"

    with pytest.raises(KeyError) as caught:
        failure(stumbles, order="1.0.1")
    assert caught.value.__notes__ == ["stumbles was asked of order 1.0.1"]


def test_an_error_at_a_desk_comes_before_all_claims_and_says_where_it_was():
    def breaks(task):
        raise ZeroDivisionError(f"cannot do {task}")

    broken = failure(lambda outcome: False, make_chart=lambda: Worker(breaks, "alex"), order="1")
    assert broken.claim is ZeroDivisionError
    assert broken.reason == "ZeroDivisionError: cannot do task 1 (desk alex, task 1)"
    assert broken.order == "1"


# Of the same kind


@given(st.lists(st.integers(0, 2), min_size=1, max_size=12))
def test_an_order_is_the_same_in_a_setting_as_alone(numbers):
    case = Case(words, WORDS, (), SearchSettings(seed=3, late=("*.inbox", "*.outbox")))
    order = ".".join(map(str, numbers))
    try:
        alone = replay(words, WORDS, order, seed=3, late=("*.inbox", "*.outbox"))
    except BadOrder:
        with pytest.raises(BadOrder):
            case.replay(order)
    else:
        assert case.replay(order).journal.to_bytes() == alone.journal.to_bytes()


def test_with_some_tasks_they_are_all_submitted_once_and_at_once():
    many = Case(alex, client(3, epochs=2, shuffle=True, in_flight=2, replies=newest_first(2)), ())
    tasks = [("b", 1), ("a", 2)]
    few = many.with_tasks(tasks).client
    assert (few.tasks, few.epochs, few.shuffle) == (tasks, 1, False)
    assert (few.in_flight, few.replies, few.feedback) == (2, many.client.replies, many.client.feedback)
    assert many.with_tasks(tasks).replay("0").outputs == {0: "b", 1: "a"}
    assert type(few.arrivals) is type(all_at_once())
    assert len(many.replay("0").outputs) == 6


def test_without_some_desks_the_rest_of_the_chart_is_there_and_more_can_be_left_out():
    case = Case(words, WORDS, ())
    fewer = case.leaving_out("team/alex")
    assert [desk.name for desk in fewer.replay("0").desks] == ["client", "team", "team/bo"]
    assert case.leaving_out("team/bo").leaving_out().left_out == ("team/bo",)
    assert set(fewer.replay("0").outputs.values()) == {"bo(a)", "bo(b)", "bo(c)"}
    assert [desk.name for desk in case.replay("0").desks] == ["client", "team", "team/alex", "team/bo"]


def test_what_the_mail_may_do_is_the_same_for_all_of_a_kind():
    case = Case(alex, client(), (), SearchSettings(late="*.inbox", losses=1, overtakings=0, reduce=False))
    for variant in (case, case.with_tasks([("a", None)] * 2)):
        orders = variant.orders()
        outcomes = list(orders)
        assert orders.complete
        # In their order: both come, or the first is lost, or the second. A loss is of the oldest, or of the next.
        assert {outcome.order for outcome in outcomes} <= {"0", "0-", "0.0-", "1-"}
        assert len(outcomes) == orders.runs
