"""What feedback would be on today's weights: worked out by hand beside the office's own account of it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from office import (
    NO_FEEDBACK,
    Accumulate,
    Affine,
    Chain,
    Client,
    Crash,
    Linear,
    LinearTotal,
    Team,
    Worker,
    addition,
    all_at_once,
    at_random,
    average,
    by,
    combine_by_maximum,
    every,
    half_squared_error,
    in_sequence,
    in_turn,
    maximum,
    newest_first,
    relu,
    simulate,
    squared_error,
)
from office.engines.fresh_gradients import compared
from office.work import Once
from tests.engines.building import all_of_it, bits, office_of, tables
from tests.engines.offices import offices, troubled_offices
from tests.study.journals import ROUGH
from tests.tiers import examples

MAILS = ["delay 10ms 9ms", "delay 20ms 10ms distribution exponential", ""]


class Noting:
    """A worker that notes each feedback that it learns from, and the weights of the whole crowd as it comes."""

    def __init__(self, crowd, worker):
        self.worker, self.parameters = worker, worker.parameters
        crowd.append(self)
        self.crowd, self.noted = crowd, []

    def __call__(self, inputs):
        output, handle_feedback = self.worker(inputs)
        then = self.parameters.arrays

        def noted(feedback):
            today, before = [layer.parameters.arrays for layer in self.crowd], self.parameters.updates
            re_inputs = handle_feedback(feedback)
            if self.parameters.updates > before:
                self.noted.append((feedback, then, today))
            return re_inputs

        return output, Once(noted, None, hear_nothing=lambda: noted(NO_FEEDBACK))


def linear(crowd, seed=0, rate=0.03):
    return Noting(crowd, Linear.drawn(2, rule=rate, seed=seed))


def targets(count, rows=3):
    """Tasks of some rows, each with a number a row to come near to."""
    rng = np.random.default_rng(1)
    return [(table, rng.normal(size=rows)) for table, _ in tables(count, rows)]


def run(chart, mail="delay 10ms 9ms", tasks=40, feedback=half_squared_error, **options):
    tasks = targets(tasks) if isinstance(tasks, int) else tasks
    client = Client(tasks, feedback, **{"arrivals": every("3ms")} | options.pop("client", {}))
    return simulate(chart, client, mail=mail, **{"fresh_gradients": True} | options)


def as_said(stale, fresh):
    """Cosine, distance and length, by hand."""
    stale, fresh = (np.concatenate([np.ravel(array) for array in each]) for each in (stale, fresh))
    lengths = np.sqrt(np.sum(stale**2)), np.sqrt(np.sum(fresh**2))
    cosine = np.sum(stale * fresh) / np.prod(lengths) if np.prod(lengths) else np.nan
    return pytest.approx((cosine, np.sqrt(np.sum((stale - fresh) ** 2)), lengths[1]), nan_ok=True, rel=1e-12, abs=1e-12)


def slopes(feedback, table):
    return feedback @ table, feedback.sum()


# By hand


@given(st.sampled_from(MAILS), st.sampled_from([1, 2, 6]))
@settings(max_examples=examples(12))
def test_for_a_quadratic_the_distance_is_that_of_the_weights_by_its_curvature(mail, in_flight):
    alex, tasks = linear([]), targets(40)
    comparisons = run(Worker(alex, "alex"), mail, tasks, client={"in_flight": in_flight}).comparisons["alex"]
    assert len(comparisons) == 40
    for comparison, (_, stashed, today) in zip(comparisons, alex.noted, strict=True):
        table = tasks[comparison.task_id][0]
        design = np.column_stack([table, np.ones(len(table))])
        moved = np.hstack(stashed) - np.hstack(today[0])
        assert comparison.distance == pytest.approx(np.linalg.norm(design.T @ design @ moved), rel=1e-12, abs=1e-12)
        assert (comparison.distance == 0) == (comparison.staleness == 0)


@pytest.mark.parametrize("kind", [Worker, Chain, Team])
def test_with_one_task_in_flight_the_two_are_the_same(kind):
    alex = linear([])
    chart = Worker(alex, "alex") if kind is Worker else kind([Worker(alex, "alex")])
    comparisons = next(iter(run(chart, client={"in_flight": 1}).comparisons.values()))
    assert {comparison.staleness for comparison in comparisons} == {0}
    assert [comparison.cosine for comparison in comparisons] == pytest.approx([1.0] * 40, abs=1e-15)
    assert [comparison.distance for comparison in comparisons] == [0.0] * 40


@pytest.mark.parametrize("mail", MAILS)
def test_lower_in_a_chain_it_goes_by_the_weights_of_today_at_every_desk(mail):
    crowd, tasks = [], targets(40)
    below, above = Noting(crowd, Affine.drawn(2, 2, 0.03, seed=3)), linear(crowd, 4, 0.1)
    came = run(Chain([Worker(below, "low"), Worker(above, "high")], "chain"), mail, tasks)
    assert len(below.noted) == len(above.noted) == 40
    for comparison, (feedback, _, today) in zip(came.comparisons["chain/low"], below.noted, strict=True):
        table, target = tasks[comparison.task_id]
        (low_weights, low_bias), (weights, bias) = today
        off = (table @ low_weights + low_bias) @ weights + bias - target
        stale, fresh = ((table.T @ re, re.sum(0)) for re in (feedback, np.outer(off, weights)))
        assert tuple(comparison[2:]) == as_said(stale, fresh)
    for comparison, (_, _, today) in zip(came.comparisons["chain/high"], above.noted, strict=True):
        table, target = tasks[comparison.task_id]
        (low_weights, low_bias), (weights, bias) = today
        middle = table @ low_weights + low_bias
        off = middle @ weights + bias - target
        assert comparison.length == pytest.approx(np.hypot(np.linalg.norm(off @ middle), off.sum()))


def test_today_is_the_same_moment_at_every_desk_however_far_each_may_look_ahead():
    def comparisons(*, lookahead):
        chart = Chain([Worker(Affine.drawn(2, 2, 0.03, seed=3), "low"), Worker(Linear.drawn(2, rule=0.03), "high")])
        client = {"arrivals": every("1ms")}
        return run(chart, "delay 10ms 2ms", client=client, lookahead=lookahead).comparisons

    assert comparisons(lookahead=True) == comparisons(lookahead=False)


CHOICES = {
    "everyone": (None, addition),
    "the highest": (None, maximum),
    "in turn": (in_turn, addition),
    "at random": (at_random, addition),
    "some": (by(lambda task_id, _: range(1 + task_id % 3)), average),
    "some, the highest": (by(lambda task_id, _: [task_id % 3, (task_id + 1) % 3]), maximum),
}


def shared_out(combine, answers, target):
    """By hand: what each who answered hears."""
    answers = np.array(answers)
    if combine is maximum:
        won = answers == answers.max(axis=0)
        return np.where(won, answers - target, 0.0)
    size = len(answers) if combine is average else 1
    return np.broadcast_to((answers.sum(axis=0) / size - target) / size, answers.shape)


@pytest.mark.unwatched
@pytest.mark.parametrize("choice", CHOICES)
@pytest.mark.parametrize("mail", MAILS[:2])
def test_in_a_team_it_goes_by_those_who_did_the_task_and_their_weights_of_today(choice, mail):
    allocate, combine = CHOICES[choice]
    crowd, tasks = [], targets(60)
    members = [Worker(linear(crowd, seed), name) for seed, name in enumerate(["a", "b", "c"])]
    came = run(Team(members, combine=combine, **({"allocate": allocate} if allocate else {})), mail, tasks)
    journal_mail, links = came.journal.mail, came.journal.link_names
    did = {f"{name}": set(journal_mail.task[journal_mail.link == links.index(f"team/{name}.inbox")]) for name in "abc"}
    looked_at = 0
    for place, name in enumerate("abc"):
        comparisons = came.comparisons[f"team/{name}"]
        assert [(comparison.task_id, comparison.staleness) for comparison in comparisons] == [
            (row.task_id, row.staleness) for row in came.journal.learnt[f"team/{name}"]
        ]
        for comparison, (feedback, _, today) in zip(comparisons, crowd[place].noted, strict=True):
            table, target = tasks[comparison.task_id]
            chosen = [who for who, other in enumerate("abc") if comparison.task_id in did[other]]
            answers = [table @ today[who][0] + today[who][1] for who in chosen]
            fresh = shared_out(combine, answers, target)[chosen.index(place)]
            assert tuple(comparison[2:]) == as_said(slopes(feedback, table), slopes(fresh, table))
            looked_at += 1
    assert looked_at >= 50


def test_where_today_another_member_would_win_today_s_gradient_is_zero_and_has_no_direction():
    alex, bo = LinearTotal(np.zeros(2), 1.0, 0.6), LinearTotal(np.zeros(2), 0.5, 0.6)
    team = Team([Worker(alex, "alex"), Worker(bo, "bo")], combine=maximum)
    came = run(team, {"*": "", "team.feedback_from_above": "rate 1mbit"}, [(np.ones((1, 2)), 0.0)] * 2,
               client={"arrivals": all_at_once()})  # fmt: skip
    first, second = came.comparisons["team/alex"]
    assert (first.staleness, first.cosine, first.distance) == (0, pytest.approx(1.0), 0.0)
    assert came.comparisons["team/bo"] == []
    assert (second.staleness, second.length) == (1, 0.0)
    assert np.isnan(second.cosine)
    assert second.distance == pytest.approx(np.sqrt(3))


# Charts of every shape


def nested(rate):
    def layer(seed):
        return in_sequence(Affine.drawn(2, 2, rate, seed=seed), relu)

    inner = Team([Worker(layer(1), "a"), Worker(layer(2), "b")], "inner", allocate=at_random)
    left = Chain([inner, Worker(Linear.drawn(2, rule=rate, seed=3), "top")], "left")
    some = Team([Worker(Linear.drawn(2, rule=rate, seed=k), f"one{k}") for k in (4, 5, 6)], "some",
                allocate=by(lambda task_id, _: range(1 + task_id % 3)), combine=average)  # fmt: skip
    return Team([left, Chain([Worker(layer(7), "low"), some])], "outer", combine=maximum)


@pytest.mark.parametrize("mail", MAILS)
def test_where_no_weights_move_each_desk_at_any_depth_has_the_same_gradient_today_however_late(mail):
    came = run(nested(0.0), mail, 20, seed=3)
    assert set(came.comparisons) == set(came.journal.weights)
    assert len(came.comparisons) == 7
    for desk, comparisons in came.comparisons.items():
        assert comparisons, desk
        assert [comparison.distance for comparison in comparisons] == [0.0] * len(comparisons)
    assert (
        max(comparison.distance for comparison in run(nested(0.01), mail, 20, seed=3).comparisons["outer/left/inner/a"])
        > 0
    )


@pytest.mark.parametrize("kind", [Team, Chain])
def test_desks_that_share_their_weights_each_have_their_own_gradient(kind):
    shared = Affine.drawn(2, 2, 0.01, seed=1)
    chart = kind([Worker(shared, "alex"), Worker(in_sequence(shared), "bo")])
    tasks = [(table, np.ones((3, 2))) for table, _ in targets(9)]
    came = run(chart, tasks=tasks, client={"in_flight": 1})
    assert [len(several) for several in came.comparisons.values()] == [9, 9]
    for several in came.comparisons.values():
        late = [comparison.staleness for comparison in several]
        # At one instant the first has already moved the weights for the second; where it has not, they are the same.
        assert all(comparison.distance == 0.0 for comparison in several if not comparison.staleness)
        assert set(late) <= {0, 1}
    assert any(not comparison.staleness for several in came.comparisons.values() for comparison in several)


def test_a_worker_with_several_parameters_is_compared_as_a_whole_whichever_of_them_hears():
    quiet, loud = LinearTotal(np.zeros(2), 1.0, 0.6), LinearTotal(np.zeros(2), 2.0, 0.6)
    worker = Worker(combine_by_maximum([loud, quiet]), "alex")
    narrow = {"*": "", "alex.feedback_from_above": "rate 1mbit"}
    came = run(worker, narrow, [(np.ones((1, 2)), 0.0)] * 2, client={"arrivals": all_at_once()})
    first, second = came.comparisons["alex"]
    assert (first.cosine, first.distance) == (pytest.approx(1.0), 0.0)
    # Then 2 for the loud one, now 1 for the quiet one: three numbers each, at right angles to one another.
    assert (second.cosine, second.length) == (0.0, pytest.approx(np.sqrt(3)))
    assert second.distance == pytest.approx(np.sqrt(3 * 4 + 3))


def test_tasks_may_come_from_a_generator():
    tasks = targets(20)
    came = [run(Worker(linear([]), "alex"), tasks=each) for each in (tasks, (task for task in tasks))]
    assert came[0].comparisons == came[1].comparisons
    assert len(came[0].comparisons["alex"]) == 20


# It changes nothing


def has_parameters_alone(data):
    """Whether its workers keep their weights where they may be replaced, and nothing counts what it is asked."""
    return "'table'" not in repr(data["chart"]) and "cooling" not in repr(data["chart"])


def assert_same_with_comparisons(data):
    plain, looked_into = office_of(data), office_of(data, fresh_gradients=True)
    assert all_of_it(*looked_into) == all_of_it(*plain)
    if not isinstance(plain[0], str):
        for desk, rows in looked_into[0].journal.learnt.items():
            assert [comparison.task_id for comparison in looked_into[0].comparisons[desk]] == [
                row.task_id for row in rows
            ]
        assert not any(plain[0].comparisons.values())


@given(offices().filter(has_parameters_alone))
@settings(max_examples=examples(10))
def test_a_run_is_the_same_run_whether_gradients_are_compared_or_not(data):
    assert_same_with_comparisons(data)


@given(troubled_offices(ROUGH).filter(has_parameters_alone))
@settings(max_examples=examples(15))
def test_so_it_is_when_mail_is_lost_desks_crash_and_tasks_are_given_up(data):
    assert_same_with_comparisons(data)


@pytest.mark.parametrize("accumulate", [1, 3])
@pytest.mark.parametrize("policy", ["stash", "live"])
def test_a_deep_chain_learns_the_same_to_the_bit_while_it_crashes_and_is_compared(accumulate, policy):
    def weights(**settings):
        layers = [Affine.drawn(2, 2, Accumulate(0.01, accumulate), policy=policy, seed=seed) for seed in range(3)]
        chart = Chain([Worker(in_sequence(layer, relu), f"desk{place}") for place, layer in enumerate(layers)])
        tasks = [(table, np.ones((3, 2))) for table, _ in targets(40)]
        came = run(chart, "delay 10ms 9ms loss 3%", tasks, squared_error, expire="90ms",
                   faults=[Crash("desk1", at="60ms")], client={"patience": "1s"}, **settings)  # fmt: skip
        count = sum(map(len, came.comparisons.values()))
        return came.journal.to_bytes(), bits([layer.parameters.arrays for layer in layers]), count

    *with_it, count = weights(fresh_gradients=True)
    *without, none = weights(fresh_gradients=False)
    assert with_it == without
    assert count > 60 > none == 0


def test_feedback_that_comes_too_late_is_compared_with_nothing():
    asked = []

    def feedback(output, target):
        asked.append(target)
        return half_squared_error(output, target)

    came = run(Worker(linear([]), "alex"), {"*": "", "alex.feedback_from_above": "delay 1s"}, 5, feedback, expire="9ms")
    assert came.strays == {"alex": 5}
    assert came.comparisons == {"alex": []}
    assert len(asked) == 5


@given(st.integers(0, 1000), st.sampled_from([1.0, -2.0]))
def test_no_cosine_is_beyond_one(seed, factor):
    inputs = np.random.default_rng(seed).normal(size=5)
    cosine = compared(0, 0, inputs, factor * inputs).cosine
    assert cosine == pytest.approx(np.sign(factor))
    assert abs(cosine) <= 1.0


def test_very_short_gradients_still_have_a_direction():
    tiny = np.array([3e-160, 4e-160])
    assert compared(0, 0, tiny, tiny).cosine == pytest.approx(1.0, rel=0.01)
    assert np.isnan(compared(0, 0, tiny, np.zeros(2)).cosine)


def test_word_that_there_is_no_feedback_is_compared_with_nothing():
    came = run(Worker(linear([]), "alex"), feedback=lambda output, target: (0.0, NO_FEEDBACK))
    assert came.comparisons == {"alex": []}


def test_the_newest_first_is_less_like_today_s_the_longer_it_waited():
    came = run(Worker(linear([], 0, 0.05), "alex"), "", client={"replies": newest_first(5), "in_flight": 5})
    by_lateness = {}
    for comparison in came.comparisons["alex"]:
        by_lateness.setdefault(comparison.staleness, []).append(
            comparison.distance / max(comparison.length, comparison.distance)
        )
    means = [np.mean(by_lateness[late]) for late in sorted(by_lateness)]
    assert means[0] == 0.0 < means[-1]
