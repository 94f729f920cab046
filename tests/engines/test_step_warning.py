import re
import warnings

import numpy as np
import pytest

from office import (
    Accumulate,
    Adam,
    Affine,
    Chain,
    Client,
    Linear,
    LinearTotal,
    Momentum,
    Team,
    Worker,
    addition,
    after,
    average,
    half_squared_error,
    in_turn,
    maximum,
    newest_first,
    random_pick,
    relu,
    simulate,
    squared_error,
)
from office.errors import StepTooLong
from office.theory import stability_limit

ROWS = np.random.default_rng(0).normal(size=(5, 2))
IN_ORDER = {"*.feedback_from_above": "rate 1mbit"}
TASKS = 60


def steepest(scale=1.0, *, total=False):
    """The largest eigenvalue of the Hessian, by moving the weights."""
    table = np.append(ROWS.sum(axis=0), 1.0)[None] if total else np.column_stack([ROWS, np.ones(5)])
    return scale * np.linalg.eigvalsh(table.T @ table)[-1]


def warnings_of(chart, late, feedback=half_squared_error, target=None, tasks=TASKS, mail=IN_ORDER):
    """The numbers that a run warns with: step, rate, curvature, limit, lateness; nothing if it does not."""
    target = np.zeros(5) if target is None else target
    client = Client([(ROWS, target)] * tasks, feedback, in_flight=late + 1, keep=False)
    with warnings.catch_warnings(record=True) as caught, np.errstate(all="ignore"):
        warnings.simplefilter("always")
        simulate(chart, client, mail=mail)
    assert all(warning.category is StepTooLong for warning in caught)
    return [[float(number) for number in re.findall(r"\d[\d.e-]*", str(warning.message))] for warning in caught]


def worker(rate, name="alex", kind=Linear, **options):
    return Worker(kind(np.zeros(2), 0.0, rate, **options), name)


@pytest.mark.parametrize("late", [0, 1, 4])
@pytest.mark.parametrize(("feedback", "scale"), [(half_squared_error, 1.0), (squared_error, 2 / 5)])
def test_a_rate_past_the_limit_is_told_with_both_numbers_and_one_within_it_is_not(late, feedback, scale):
    steep, limit = steepest(scale), stability_limit(late)
    assert warnings_of(worker(0.98 * limit / steep), late, feedback) == []
    ((step, rate, curvature, past, _),) = warnings_of(worker(1.02 * limit / steep), late, feedback)
    assert [step, curvature, past] == pytest.approx([1.02 * limit, steep, limit], rel=5e-3)
    assert rate == pytest.approx(step / curvature, rel=1e-2)


def test_it_is_past_that_rate_that_the_answers_grow():
    for factor in (0.97, 1.03):
        alex = Linear(np.zeros(2), 0.0, factor * stability_limit(3) / steepest())
        client = Client([(ROWS, np.ones(5))] * 1200, half_squared_error, in_flight=4)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            losses = simulate(Worker(alex, "alex"), client, mail=IN_ORDER).losses
        assert bool(caught) == (losses[-50:].max() > losses[:50].max()) == (factor > 1)


def test_a_total_a_momentum_and_what_accumulates_have_limits_of_their_own():
    steep = steepest(total=True)
    for factor, count in ((0.98, 0), (1.02, 1)):
        assert len(warnings_of(worker(factor * 2.0 / steep, kind=LinearTotal), 0, target=0.0)) == count
        rate = factor * stability_limit(0, 0.9) / steepest()
        assert len(warnings_of(worker(Momentum(rate, 0.9)), 0)) == count
        assert len(warnings_of(worker(Accumulate(factor * 2.0 / (4 * steepest()), 4)), 0)) == count


@pytest.mark.parametrize("outputs", [1, 3])
@pytest.mark.parametrize(("feedback", "entries"), [(half_squared_error, 2.0), (squared_error, 5.0)])
@pytest.mark.parametrize("late", [0, 2])
def test_each_output_of_an_affine_worker_has_the_curvature_of_the_inputs_and_the_bias(outputs, feedback, entries, late):
    steep = steepest(2 / entries) / (outputs if feedback is squared_error else 1)
    for factor, count in ((0.98, 0), (1.02, 1)):
        alex = Affine(np.zeros((2, outputs)), np.zeros(outputs), factor * stability_limit(late) / steep)
        warned = warnings_of(Worker(alex, "alex"), late, feedback, np.zeros((5, outputs)))
        assert [numbers[2] for numbers in warned] == pytest.approx([steep] * count, rel=5e-3)


def test_copies_of_one_worker_have_the_curvature_that_each_has_alone():
    for factor, count in ((0.98, 0), (1.02, 1)):
        copies = Linear(np.zeros((3, 2)), np.zeros(3), factor * stability_limit(0) / steepest())
        assert len(warnings_of(Worker(copies, "alex"), 0, target=np.zeros((3, 5)))) == count


def ends_worse(worker, tasks, feedback, **settings):
    """Whether a run diverges, and whether it is warned of that."""
    with warnings.catch_warnings(record=True) as caught, np.errstate(all="ignore"):
        warnings.simplefilter("always")
        run = simulate(Worker(worker, "alex"), Client(tasks, feedback, keep=False, **settings), on_divergence="stop")
    losses = run.losses[np.isfinite(run.losses)]
    return run.diverged is not None or np.median(losses[-40:]) > np.median(losses[20:80]), bool(caught)


@pytest.mark.unwatched
@pytest.mark.sampled(2)
@pytest.mark.parametrize("seed", range(6))
def test_what_a_run_is_warned_of_has_happened_and_no_run_within_the_limit_is_warned(seed):
    rng = np.random.default_rng(seed)
    rows, columns, outputs, kinds = (int(rng.integers(1, bound)) for bound in (12, 4, 4, 9))
    tables = [rng.normal(size=(rows, columns)) for _ in range(kinds)]
    truth, late = rng.normal(size=(columns, outputs)), int(rng.integers(1, 9))
    with_bias = [np.column_stack([table, np.ones(rows)]) for table in tables]
    steep = np.linalg.eigvalsh(np.mean([2 / (rows * outputs) * table.T @ table for table in with_bias], axis=0))[-1]
    replies = (newest_first(late), random_pick(late), after("3ms"))[seed % 3]
    tasks = [(table, table @ truth) for table in tables] * (800 // kinds)
    for factor in (0.3, 0.9, 1.5, 4.0):
        worker = Affine(np.zeros(truth.shape), np.zeros(outputs), factor * stability_limit(late - 1) / steep)
        diverges, is_told = ends_worse(worker, tasks, squared_error, replies=replies, in_flight=late)
        assert not is_told or (diverges and factor > 1)


def test_tasks_that_differ_bear_steps_that_would_be_too_long_for_their_mean():
    for squared, is_long in (([1.0, 3.0], False), ([2.0, 2.0], True)):
        tasks = [(np.array([[number**0.5]]), np.zeros(1)) for number in squared] * 100
        with_bias = [np.append(table[0], 1.0) for table, _ in tasks[:2]]
        rate = 1.01 * 2 / np.linalg.eigvalsh(np.mean([np.outer(row, row) for row in with_bias], axis=0))[-1]
        diverges, is_told = ends_worse(Linear([1.0], 0.0, rate), tasks, half_squared_error, in_flight=1)
        assert diverges == is_told == is_long


@pytest.mark.unwatched
@pytest.mark.parametrize("momentum", [0.0, 0.5, 0.9])
@pytest.mark.parametrize("late", [1, 4])
def test_steps_that_are_within_cost_one_look_at_the_roots_at_most_and_those_past_are_told(late, momentum, monkeypatch):
    limit, looks, roots = stability_limit(late, momentum), [], np.roots
    monkeypatch.setattr(np, "roots", lambda polynomial: looks.append(polynomial) or roots(polynomial))
    for step in (1e-9, 0.5 * limit, 0.98 * limit):
        looks.clear()
        assert warnings_of(worker(Momentum(step / steepest(), momentum)), late) == []
        assert len(looks) == (momentum > 0)
    for step in (1.02 * limit, 4 * limit, 100 * limit):
        ((_, _, _, past, _),) = warnings_of(worker(Momentum(step / steepest(), momentum)), late, tasks=20)
        assert past == pytest.approx(limit, rel=5e-3)


@pytest.mark.parametrize(("combine", "weight"), [(addition, 3.0), (average, 1 / 3)])
def test_members_whose_answers_are_added_up_or_averaged_step_together(combine, weight):
    for factor, count in ((0.98, 0), (1.02, 1)):
        rate = factor * 2.0 / (weight * steepest())
        team = Team([worker(rate, name) for name in ("alex", "bo", "casey")], combine=combine)
        assert len(warnings_of(team, 0)) == count


def zeros(table):
    return np.zeros(5), lambda _feedback: np.zeros(table.shape)


@pytest.mark.parametrize(
    ("chart", "shape"),
    [
        (Team([worker(9.0), worker(9.0, "bo")], combine=maximum), (5,)),
        (Team([worker(9.0), worker(9.0, "bo")], allocate=in_turn), (5,)),
        (Chain([worker(9.0), relu]), (5,)),
        (Team([worker(9.0), Worker(zeros, "bo")]), (5,)),
        (worker(Adam(9.0)), (5,)),
    ],
)
def test_of_what_has_no_known_curvature_nothing_is_said(chart, shape):
    assert warnings_of(chart, 0, target=np.zeros(shape), tasks=3) == []
    assert warnings_of(worker(9.0), 0, target=np.zeros(5), tasks=3) != []


def test_nothing_is_said_where_the_tasks_have_been_taken_off_their_list_meanwhile():
    tasks = [(ROWS, np.zeros(5))] * 3

    class TakesOff(Linear):
        def __call__(self, inputs):
            tasks.clear()
            return super().__call__(inputs)

    assert simulate(worker(9.0, kind=TakesOff), Client(tasks, half_squared_error)).submitted == 3


def test_neither_is_it_where_tasks_can_be_gone_through_only_once_or_nothing_was_learnt():
    client = Client(((ROWS, np.zeros(5)) for _ in range(3)), half_squared_error)
    simulate(worker(9.0), client)
    assert warnings_of(worker(9.0), 0, tasks=1, mail="loss 100%") == []
