import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from office import (
    Affine,
    Chain,
    Client,
    Crash,
    Linear,
    Momentum,
    Team,
    Worker,
    at_random,
    average,
    every,
    everyone,
    half_squared_error,
    in_sequence,
    in_turn,
    maximum,
    relu,
    simulate,
)
from office.engines.fresh_gradients import compared
from office.study import staleness

GENERATOR = np.random.default_rng(0)
ROWS = GENERATOR.normal(size=(30, 4, 3))
TASKS = [(rows, rows.sum(axis=1)) for rows in ROWS]
TABLES = [(rows, rows.sum(axis=1, keepdims=True)) for rows in ROWS]
MAIL = "delay 10ms 8ms"


def run(chart, tasks=TASKS, mail=MAIL, **options):
    client = Client(tasks, half_squared_error, arrivals=every("3ms"), patience="1s")
    return simulate(chart, client, mail=mail, fresh_gradients=True, **options)


class Keeping(Linear):
    """Keeps its weights before each feedback."""

    def __init__(self):
        super().__init__(np.zeros(3), 0.0, 0.02)
        self.versions = []

    def __call__(self, inputs):
        output, handle_feedback = super().__call__(inputs)

        def kept(feedback):
            if self.parameters.updates == len(self.versions):  # and not when the oracle asks
                self.versions.append(np.append(*self.parameters.arrays))
            return handle_feedback(feedback)

        return output, kept


@given(st.sampled_from([MAIL, "delay 10ms", "delay 5ms 5ms distribution exponential"]))
def test_on_a_parabola_they_are_as_far_apart_as_the_hessian_says_of_how_far_the_weights_have_moved(mail):
    alex = Keeping()
    done = run(Worker(alex, "alex"), mail=mail)
    for row, found in zip(done.journal.learnt["alex"], done.comparisons["alex"], strict=True):
        _, task, late, updates = row
        table = np.column_stack([ROWS[task], np.ones(4)])
        then, now = alex.versions[updates - late], alex.versions[updates]
        assert (found.task_id, found.staleness) == (task, late)
        assert found.distance == pytest.approx(np.linalg.norm(table.T @ table @ (now - then)), abs=1e-12)
        assert found.length == pytest.approx(np.linalg.norm(table.T @ (table @ now - TASKS[task][1])), rel=1e-12)


def network(allocate=everyone, combine=average):
    below = Worker(in_sequence(Affine.drawn(3, 5, 0.02, 1), relu, Affine.drawn(5, 4, Momentum(0.01), 2)), "below")
    above = [Worker(Affine.drawn(4, 1, 0.02, seed), f"above{seed}") for seed in (3, 4)]
    return Chain(
        [below, Team([*above, Team([Affine.drawn(4, 1, 0.02, 5)], "inner")], allocate=allocate, combine=combine)]
    )


@pytest.mark.parametrize(("allocate", "combine"), [(in_turn, average), (at_random, maximum)])
def test_feedback_in_time_is_what_it_would_be_today_in_every_chart(allocate, combine):
    client = Client(TABLES, half_squared_error, in_flight=1)
    done = simulate(network(allocate, combine), client, mail=MAIL, fresh_gradients=True)
    assert len(done.comparisons["below"]) == 30
    for desk, comparisons in done.comparisons.items():
        assert len(comparisons) == len(done.journal.learnt[desk])
        for one in comparisons:
            if desk != "below":  # by the time it hears, those above have learnt already
                assert one.distance <= 1e-12 * one.length
                assert one.cosine == pytest.approx(1.0)
            assert one.staleness == 0


@pytest.mark.parametrize("allocate", [everyone, in_turn, at_random])
def test_asking_changes_nothing_in_the_run(allocate):
    def bytes_of(*, fresh_gradients):
        chart = network(allocate, maximum)
        client = Client(iter(TABLES), half_squared_error, arrivals=every("3ms"))
        done = simulate(chart, client, mail=MAIL, fresh_gradients=fresh_gradients, snapshots="10s")
        weights = [array.tobytes() for _, arrays in done.snapshots[-1].weights for array in arrays]
        return done.journal.to_bytes(), weights

    assert bytes_of(fresh_gradients=True) == bytes_of(fresh_gradients=False)


def test_what_was_not_asked_for_is_not_there():
    assert simulate(network(), Client(TABLES, half_squared_error)).comparisons.keys() == {
        "below", "team/above3", "team/above4", "team/inner/affine",
    }  # fmt: skip
    assert not any(simulate(network(), Client(TABLES, half_squared_error)).comparisons.values())


def test_lost_mail_crashes_and_tasks_that_are_given_up_do_no_harm():
    mail = "delay 10ms 8ms loss 15% duplicate 10%"
    done = run(network(in_turn), TABLES, mail, faults=[Crash("team/above3", "50ms")], expire="200ms")
    assert done.given_up
    for desk, comparisons in done.comparisons.items():
        assert [one.task_id for one in comparisons] == [row[1] for row in done.journal.learnt[desk]]


def test_later_feedback_points_further_away():
    alex = in_sequence(Affine.drawn(3, 16, 0.005, 1), relu, Affine.drawn(16, 1, 0.005, 2))
    client = Client(TABLES * 4, half_squared_error, in_flight=12)
    done = simulate(Worker(alex, "alex"), client, mail=MAIL, fresh_gradients=True)
    late = staleness(done.journal, "alex")
    apart = np.array([one.distance for one in done.comparisons["alex"]])
    assert (apart[late == 0] < 1e-9).all()
    assert apart[late > 8].mean() > 2 * apart[(late > 0) & (late < 4)].mean()


def test_gradients_are_compared_as_one_long_vector():
    found = compared("a", 3, [np.array([[3.0, 0.0]]), 4.0], [np.array([[0.0, 0.0]]), 2.0])
    assert (found.cosine, found.distance, found.length) == (0.8, np.sqrt(13.0), 2.0)
    nothing = compared("a", 3, [np.array([3.0, 4.0])], [])
    assert (np.isnan(nothing.cosine), nothing.distance, nothing.length) == (True, 5.0, 0.0)
