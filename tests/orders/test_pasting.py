"""The test that is printed is Python, says what was explored, fails on the wrong office and passes on the right one."""

import ast
import inspect
from functools import partial

import pytest
import trio
from hypothesis import given, settings
from hypothesis import strategies as st

from office import Client, Team, Worker, explore, newest_first, random_pick, squared_error
from office.desks import ManagerDesk
from office.engines import order_text, read_order
from office.orders import as_composed, checks_hold, everything_came
from office.orders.pasting import WIDE, order_name
from office.testing.practice import DropsDismissals, ForgetsToPop, RoutesByArrival, SwapsFeedback
from tests.engines.test_delivery_order import CHOICES
from tests.orders import pasting_charts
from tests.orders.practising import ROWS, TOTALS, estimator, with_manager, words
from tests.orders.test_python_text import WORDS as HOSTILE
from tests.tiers import examples


def run_pasted(text, **brought):
    """Run a test as it was printed, with what it says it does not know where to find."""
    names = dict(brought)
    exec(compile(text, "pasted.py", "exec"), names)  # noqa: S102  that is what it is for
    (test,) = [thing for name, thing in names.items() if name.startswith("test_")]
    trio.run(test) if inspect.iscoroutinefunction(test) else test()


def client_of(text, **brought):
    """The client of such a test."""
    tree = ast.parse(text)
    test = tree.body.pop()
    (line,) = [
        statement
        for statement in test.body
        if isinstance(statement, ast.Assign) and statement.targets[0].id == "client"
    ]
    names = dict(brought)
    exec(compile(tree, "pasted.py", "exec"), names)  # noqa: S102
    return eval(compile(ast.Expression(line.value), "pasted.py", "eval"), names)  # noqa: S307


def fails(text, **brought):
    """Whether it does, and not since it is no test."""
    try:
        run_pasted(text, **brought)
    except (SyntaxError, NameError, ImportError):
        raise
    except Exception:  # noqa: BLE001  whatever the wrong office does
        return True
    return False


# In a module of the user's

CONVICTED = {
    RoutesByArrival: (pasting_charts.words, pasting_charts.WORDS),
    ForgetsToPop: (pasting_charts.words, pasting_charts.WORDS),
    SwapsFeedback: (pasting_charts.rows, ROWS),
    DropsDismissals: (pasting_charts.totals, TOTALS),
}


@pytest.mark.parametrize("manager", CONVICTED, ids=lambda manager: manager.__name__)
def test_it_brings_all_that_it_needs_and_fails_on_the_wrong_manager_alone(manager, monkeypatch):
    make_chart, client = CONVICTED[manager]
    monkeypatch.setattr(pasting_charts, "MANAGER", manager)
    text = explore(make_chart, client).counterexample.test()
    assert "explored" not in text
    assert fails(text)
    monkeypatch.setattr(pasting_charts, "MANAGER", ManagerDesk)
    run_pasted(text)


CLIENTS = st.sampled_from([
    {},
    {"in_flight": 2},
    {"in_flight": 3, "waits_for_all": True},
    {"replies": newest_first(2)},
    {"replies": random_pick(2)},
    {"replies": newest_first(3), "in_flight": 3},
    {"epochs": 2, "shuffle": True, "in_flight": 3},
])  # fmt: skip
MAIL = st.sampled_from([
    {},
    {"late": ("*.inbox", "*.feedback_from_above")},
    {"late": "team.*"},
    {"losses": 1},
    {"overtakings": 1},
    {"reduce": False},
])  # fmt: skip


@given(st.sampled_from([RoutesByArrival, ForgetsToPop]), CLIENTS, MAIL, st.integers(0, 3))
@settings(max_examples=examples(40))
def test_whatever_the_client_and_the_mail_it_fails_on_the_wrong_manager_alone(manager, people, mail, seed):
    client = Client(pasting_charts.WORDS.tasks, pasting_charts.say, **people)
    wrong, right = with_manager(words, manager), with_manager(words, ManagerDesk)
    exploration = explore(wrong, client, seed=seed, max_runs=3000, **mail)
    if exploration.counterexample is None:
        assert manager is RoutesByArrival
        return
    text = exploration.counterexample.test()
    assert fails(text, make_chart=wrong)
    run_pasted(text, make_chart=right)
    kept = client_of(text)
    assert kept.tasks == exploration.counterexample.tasks
    assert (kept.in_flight, kept.waits_for_all) == (client.in_flight, client.waits_for_all)
    assert repr(kept.replies) == repr(client.replies) or "replies" not in people


class Impatient(ManagerDesk):
    """Breaks when it hears of a task while an older one waits."""

    def hear_feedback(self, task_id, feedback):
        if next(iter(self.table), task_id) != task_id:
            raise RuntimeError("what about the one before?")
        return super().hear_feedback(task_id, feedback)


def test_where_a_message_has_to_be_lost_the_right_office_need_not_have_done_everything():
    wrong = with_manager(words, Impatient)
    late = "team.feedback_from_above"
    assert explore(wrong, pasting_charts.WORDS, late=late, overtakings=0).holds
    smallest = explore(wrong, pasting_charts.WORDS, late=late, overtakings=0, losses=1).counterexample
    assert smallest.order == "0-"
    text = smallest.test()
    assert "def test_order_0lost():" in text
    assert fails(text, make_chart=wrong)
    run_pasted(text, make_chart=words)


class Mumbles(ManagerDesk):
    """Passes the first answer up in other words, and no second one."""

    def take_result(self, member, task_id, output):
        return [(channel, about, "hm") for channel, about, _ in super().take_result(member, task_id, output)][task_id:1]


def test_where_the_wrong_office_has_no_more_answers_those_of_the_right_one_do_not_matter():
    def first_two_said(outcome):
        as_composed(outcome)

    wrong = with_manager(words, Mumbles)
    two = Client(pasting_charts.WORDS.tasks[:2], pasting_charts.say)
    exploration = explore(wrong, two, claims=[as_composed])
    text = exploration.counterexample.test()
    assert fails(text, make_chart=wrong)
    run_pasted(text, make_chart=words)
    whole = exploration.counterexample.case.with_tasks(two.tasks)
    failure = whole.failure(whole.replay("0"))
    text = type(exploration.counterexample)(whole, failure, 0).test()
    assert "assert run.outputs[0] == " in text
    assert fails(text, make_chart=wrong)
    run_pasted(text, make_chart=words)


# Of what it is made


def test_an_error_at_a_desk_is_no_more_than_run_where_nothing_is_claimed():
    exploration = explore(with_manager(words, Impatient), pasting_charts.WORDS, claims=[])
    text = exploration.counterexample.test()
    assert "assert" not in text
    assert "    await simulate_in_trio(" in text
    assert fails(text, make_chart=with_manager(words, Impatient))
    run_pasted(text, make_chart=words)


def test_a_claim_of_the_user_s_is_asked_by_its_name_without_trio():
    wrong = with_manager(words, RoutesByArrival)
    exploration = explore(wrong, pasting_charts.WORDS, claims=[pasting_charts.is_heard_by_who_did_it])
    text = exploration.counterexample.test()
    assert "from tests.orders.pasting_charts import is_heard_by_who_did_it, say\n" in text
    assert "\n    assert is_heard_by_who_did_it(outcome) in (None, True)\n" in text
    assert "\ndef test_" in text
    assert "pytest" not in text
    assert fails(text, make_chart=wrong)
    run_pasted(text, make_chart=words)


@pytest.mark.parametrize("claim", [lambda outcome: not outcome.outputs, partial(lambda more, _: more == 1, 2)])
def test_a_claim_without_a_name_is_one_that_the_user_brings(claim):
    text = explore(words, pasting_charts.WORDS, claims=[claim]).counterexample.test()
    assert "# and claim, as it was explored\n" in text
    assert fails(text, words=words, claim=claim, make_chart=words)
    run_pasted(text, words=words, claim=lambda outcome: True)


def test_a_claim_about_the_journal_is_looked_at_in_trio():
    wrong = with_manager(words, RoutesByArrival)
    text = explore(wrong, pasting_charts.WORDS, claims=[checks_hold]).counterexample.test()
    assert "await simulate_in_trio(" in text
    assert "    checks_hold(run)\n" in text
    assert fails(text, make_chart=wrong)
    run_pasted(text, make_chart=words)


def test_a_repeat_is_replayed_since_the_mail_of_an_office_recognises_repeats():
    def alone():
        return Worker(estimator("alex"), "alex")

    text = explore(alone, pasting_charts.WORDS, repeats=1).counterexample.test()
    assert "replay(alone, client, '0+" in text
    assert fails(text, alone=alone)


def test_a_function_that_has_the_name_of_something_in_the_test_gets_another():
    wrong = with_manager(words, RoutesByArrival)
    text = explore(wrong, Client(pasting_charts.WORDS.tasks, pasting_charts.client)).counterexample.test()
    assert "import client as client_2\n" in text
    assert fails(text, make_chart=wrong)
    run_pasted(text, make_chart=words)


def test_a_chart_that_is_made_by_a_method_is_brought_by_the_user(monkeypatch):
    monkeypatch.setattr(pasting_charts, "MANAGER", RoutesByArrival)
    text = explore(pasting_charts.Staff.alone, pasting_charts.WORDS).counterexample.test()
    assert fails(text, alone=pasting_charts.Staff.alone)
    monkeypatch.undo()
    run_pasted(text, alone=pasting_charts.Staff.alone)


def test_long_tasks_stand_on_lines_of_their_own():
    client = Client([("a" * 40, 0), ("b" * 50, 0)], pasting_charts.say)
    text = explore(with_manager(words, RoutesByArrival), client).counterexample.test()
    assert f"\n        ({'a' * 40!r}, 0),\n" in text
    client_lines = text.partition("    client = ")[2].partition("\n    ]")[0].splitlines()
    assert max(map(len, client_lines)) <= WIDE
    assert client_of(text).tasks == client.tasks


def test_what_is_not_as_usual_about_the_mail_is_said():
    wrong = with_manager(words, RoutesByArrival)
    late = ("*.inbox", "*.feedback_from_above")
    text = explore(wrong, pasting_charts.WORDS, late=late, seed=7).counterexample.test()
    assert f", late={late!r}, seed=7)\n" in text
    assert "late=" not in explore(wrong, pasting_charts.WORDS).counterexample.test()
    assert "seed=" not in explore(wrong, pasting_charts.WORDS).counterexample.test()


# Hostile words


def breaks(words_of_error):
    """A chart that breaks with these words at its first task."""

    def estimate(task):
        raise ValueError(words_of_error)

    return lambda: Team([Worker(estimate, "alex")])


@given(st.lists(st.tuples(HOSTILE, HOSTILE), min_size=1, max_size=2), HOSTILE)
def test_whatever_the_words_it_is_python_that_means_the_same(tasks, error):
    smallest = explore(breaks(error), Client(tasks, squared_error)).counterexample
    text = smallest.test()
    text.encode()
    assert client_of(text, make_chart=breaks(error)).tasks == smallest.tasks == tasks[:1]
    (test,) = [node for node in ast.parse(text).body if isinstance(node, ast.AsyncFunctionDef)]
    assert ast.get_docstring(test).startswith("ValueError: ")
    assert len(ast.get_docstring(test).splitlines()) == 1
    with pytest.raises(ValueError) as caught:
        run_pasted(text, make_chart=breaks(error))
    assert str(caught.value) == error


@given(st.lists(HOSTILE, min_size=1, max_size=3))
def test_whatever_is_said_is_compared_with_what_composition_says(bodies):
    def alone(manager=ManagerDesk):
        return Team([Worker(lambda task: (task, lambda feedback: [feedback][0]), "alex")], manager=manager)

    client = Client([(body, 0) for body in bodies], pasting_charts.say)
    wrong = partial(alone, RoutesByArrival)
    exploration = explore(wrong, client, claims=[everything_came, as_composed])
    assert (exploration.counterexample is None) == (len(bodies) == 1)
    if exploration.counterexample is not None:
        text = exploration.counterexample.test()
        assert fails(text, make_chart=wrong)
        run_pasted(text, make_chart=alone)


# Names of orders


@given(CHOICES)
def test_every_order_makes_a_name_of_its_own(choices):
    order = order_text(choices)
    name = order_name(order)
    assert f"test_order_{name}".isidentifier()
    assert name.replace("lost", "-").replace("twice", "+").replace("_", ".") == order
    assert read_order(order)


def test_what_is_wrong_stands_on_one_line_that_is_not_too_long():
    text = explore(breaks("so " * 100), Client([("a", 0)], squared_error)).counterexample.test()
    (line,) = [line for line in text.splitlines() if line.startswith('    """')]
    assert len(line) <= WIDE + 10
    assert line.endswith(' …"""')
