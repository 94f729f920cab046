"""A run that diverges may stop where it does: then it is a result like any other, up to there."""

import math

import numpy as np
import pytest
from hypothesis import given, settings

from office import Client, Linear, Team, Worker, everyone, simulate, squared_error
from office.errors import BadConditions
from office.journal import Divergence, Journal
from office.study import check
from tests.engines.building import all_of_it, office_of
from tests.engines.frail import Trouble, client_frailties, frail_office, frailties
from tests.engines.offices import ANY_MAIL, EITHER, SLOW_MAIL, offices, troubled_offices
from tests.tiers import examples

any_office = offices(conditions=SLOW_MAIL) | offices(conditions=ANY_MAIL) | troubled_offices(SLOW_MAIL, EITHER)


def stopped(*office, **options):
    """A run that may diverge, and does so instead of raising."""
    return frail_office(*office, OverflowError, on_divergence="stop", **options)


@given(any_office, frailties, client_frailties)
@settings(max_examples=examples(200))
def test_a_run_stops_where_it_would_have_raised_and_lookahead_changes_nothing(data, frail, client_fails):
    run, estimators = stopped(data, frail, client_fails)
    again, others = stopped(data, frail, client_fails, lookahead=False)
    learners = [getattr(each, "estimator", each) for each in estimators]
    assert all_of_it(run, learners) == all_of_it(again, [getattr(each, "estimator", each) for each in others])
    raised, _ = frail_office(data, frail, client_fails, OverflowError)
    if isinstance(raised, OverflowError):
        time, desk, task_id, what = run.diverged
        assert what == f"OverflowError: {raised}"
        assert f"{desk}, task {task_id!r}" in raised.__notes__[0]
        assert time == run.time == run.journal.end
    else:
        assert isinstance(run, str) or run.diverged is None


@given(any_office, frailties, client_frailties)
@settings(max_examples=examples(200))
def test_a_run_that_has_diverged_is_the_beginning_of_one_that_does_not(data, frail, client_fails):
    part, _ = stopped(data, frail, client_fails)
    whole, _ = office_of(data)
    if isinstance(part, str) or isinstance(whole, str) or part.diverged is None:
        return
    arrived = np.count_nonzero(part.journal.mail.arrived >= 0)
    for column, name in enumerate(part.journal.mail._fields):
        assert (part.journal.mail[column][:arrived] == whole.journal.mail[column][:arrived]).all(), name
    assert (part.journal.mail.sent <= part.time).all()
    for table in "losses", "work", "incidents", "learnt":
        rows, all_rows = getattr(part.journal, table), getattr(whole.journal, table)
        if table == "losses":
            rows, all_rows = {"": rows}, {"": all_rows}
        for desk, of_desk in rows.items():
            assert of_desk == all_rows[desk][: len(of_desk)], table
            # and what is not there is not earlier
            assert all(row[2 if table == "work" else 0] >= part.time for row in all_rows[desk][len(of_desk) :])
    later = whole.journal.mail.arrived[arrived:]
    assert (later[later >= 0] >= part.time).all()


@given(any_office, frailties, client_frailties)
@settings(max_examples=examples(100))
def test_the_journal_of_a_run_that_has_diverged_is_in_order_and_can_be_kept(
    tmp_path_factory, data, frail, client_fails
):
    run, _ = stopped(data, frail, client_fails)
    if isinstance(run, str):
        return
    assert check(run.journal) == []
    path = tmp_path_factory.mktemp("journals") / "a.jsonl"
    run.journal.save(path)
    assert Journal.load(path).to_bytes() == run.journal.to_bytes()
    assert Journal.load(path).diverged == run.diverged


def overflow(_inputs):
    return math.exp(1000.0), lambda _feedback: 0.0


def no_number(inputs):
    return inputs, lambda _feedback: math.nan


def with_numpy(inputs):
    with np.errstate(over="raise"):
        return np.array([1e308]) * 10.0, lambda _feedback: inputs


def nothing(inputs):
    return inputs, lambda feedback: feedback


def not_a_number(output, _target):
    return 0.0, math.nan * output


def too_large(output, _target):
    return 10.0**400, output


def infinite(output, _target):
    return np.float32(math.inf), output


@pytest.mark.parametrize(
    ("estimator", "feedback", "desk", "what"),
    [
        (overflow, squared_error, "alex", "OverflowError: math range error"),
        (with_numpy, squared_error, "alex", "FloatingPointError: overflow encountered in multiply"),
        (Linear(np.zeros(2), 0.0, 0.1), not_a_number, "alex", "NotANumber: feedback has a NaN in it"),
        (nothing, too_large, "client", "OverflowError: (34, 'Numerical result out of range')"),
        (nothing, infinite, "client", "NotANumber: loss is inf: the run has diverged"),
    ],
)
@pytest.mark.parametrize("mail", ["", "delay 5ms"])
def test_what_diverges_says_at_which_desk_over_which_task_and_when(estimator, feedback, desk, what, mail):
    client = Client([(np.ones((1, 2)), np.ones(1))] * 3, feedback)
    run = simulate(Worker(estimator, "alex"), client, mail=mail, on_divergence="stop")
    steps = 2 if desk == "client" else 3 if "feedback" in what else 1
    assert run.diverged == Divergence(steps * 5_000_000 * bool(mail), desk, 0, what)
    assert run.submitted == 3


def test_any_other_error_is_raised_though_the_run_may_diverge():
    for error in (Trouble, ZeroDivisionError, ValueError):

        def estimator(inputs, error=error):
            raise error(inputs)

        with pytest.raises(error):
            simulate(Worker(estimator, "alex"), Client([(1, 1)], squared_error), on_divergence="stop")


def test_losses_and_weights_are_those_of_the_moment_at_which_the_run_diverged():
    crew = [Worker(Linear.drawn(2, 0.05, seed=number), f"desk{number}") for number in range(3)]
    tasks = [(np.full((4, 2), 1e200 if number == 7 else number / 10), np.ones(4)) for number in range(12)]

    def feedback(output, target):
        return math.exp(np.abs(output).max()), squared_error(output, target)[1]

    client = Client(tasks, feedback, in_flight=5)
    run = simulate(
        Team(crew, "team", allocate=everyone), client, mail="delay 5ms 2ms", on_divergence="stop", snapshots="10ms"
    )
    assert (run.diverged.desk, run.diverged.task_id) == ("client", 7)
    spoken_of = {task_id for _, task_id, _ in run.journal.losses}
    assert {task_id for task_id, loss in enumerate(run.losses) if not math.isnan(loss)} == spoken_of
    for worker in crew:
        assert worker.estimator.updates == len(run.journal.learnt[f"team/{worker.name}"]) > 0
    assert run.snapshots[-1].time == run.time
    with run.snapshots[-1].in_place():
        pass


def test_what_becomes_of_a_divergence_is_one_of_two_things_and_the_journal_says_which():
    client = Client([(1.0, 1.0)], squared_error)
    with pytest.raises(BadConditions, match="""on_divergence is "raise" or "stop", not 'sometimes'"""):
        simulate(Worker(nothing, "alex"), client, on_divergence="sometimes")
    assert "on_divergence" not in simulate(Worker(nothing, "alex"), client).journal.settings
    run = simulate(Worker(nothing, "alex"), client, on_divergence="stop")
    assert (run.journal.settings["on_divergence"], run.diverged) == ("stop", None)
