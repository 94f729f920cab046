"""The limits that theory sets to late feedback, measured in an office by the answers of its worker alone."""

from itertools import pairwise

import numpy as np
import pytest

from office import Momentum, late_by, newest_first, random_pick
from office.study import staleness
from office.theory import fastest_rate, order_limit, random_pick_limit, stability_limit, worst_order
from tests.theory.parabola import ONE_BY_ONE, crossing, descend, measured_limit

pytestmark = pytest.mark.unwatched

THREE_DIGITS = 5e-4


def in_order(late):
    """People who speak of each result in turn: with so many tasks in flight, so many updates late."""
    return {"in_flight": late + 1, "mail": ONE_BY_ONE}


def lateness(tasks, **office):
    run, _ = descend(np.array([0.1]), tasks, **office)
    return staleness(run.journal, "alex").tolist()


def test_on_a_narrow_link_every_feedback_is_later_by_the_tasks_in_flight_less_one():
    assert lateness(12, **in_order(4)) == [0, 1, 2, 3, *[4] * 8]


@pytest.mark.parametrize("late", [0, 1, 2, 5, 10])
def test_in_order_plain_descent_bears_what_the_closed_form_says(late):
    measured = measured_limit(0.05, 4.0, 120 + 12 * (4 * late + 2), **in_order(late))
    assert measured == pytest.approx(stability_limit(late), rel=THREE_DIGITS)


@pytest.mark.parametrize(("late", "low", "high"), [(0, 2.0, 5.0), (1, 0.05, 0.2), (2, 0.025, 0.1)])
def test_in_order_momentum_bears_what_its_polynomial_says(late, low, high):
    measured = measured_limit(low, high, 180 if late == 0 else 1200, rule=Momentum(1.0, 0.9), **in_order(late))
    assert measured == pytest.approx(stability_limit(late, 0.9), rel=THREE_DIGITS)


@pytest.mark.parametrize("late", [1, 3])
def test_at_the_fastest_rate_the_answers_fall_by_tau_in_tau_and_one_an_update_and_faster_than_at_any_other(late):
    fastest, left = fastest_rate(late), late / (late + 1)
    steps = fastest * np.linspace(0.9, 1.1, 21)
    _, answers = descend(steps, 900, **in_order(late))
    sizes = np.array([np.abs(answers[begin : begin + 200]).max(0) for begin in (200, 700)])
    falls = (sizes[1] / sizes[0]) ** (1 / 500)
    assert falls[10] == pytest.approx(left * (700 / 200) ** (1 / 500), rel=THREE_DIGITS)  # at a double root, t · leftᵗ
    assert abs(int(falls.argmin()) - 10) <= 1


@pytest.mark.parametrize("size", [2, 5])
def test_newest_first_in_blocks_bears_what_its_lateness_in_turn_says(size):
    office = {"in_flight": size, "replies": newest_first(size), "mail": ONE_BY_ONE}
    turns = lateness(3 * size, **office)[size : 2 * size]
    assert turns == list(range(0, 2 * size, 2))
    assert measured_limit(0.05, 4.0, 60 * size, **office) == pytest.approx(order_limit(turns), rel=THREE_DIGITS)


def test_blocks_of_five_bear_more_newest_first_than_in_order():
    blocks = measured_limit(0.05, 4.0, 300, in_flight=5, replies=newest_first(5), mail=ONE_BY_ONE)
    assert blocks == pytest.approx(0.61803, rel=THREE_DIGITS)
    assert measured_limit(0.05, 4.0, 330, **in_order(4)) == pytest.approx(0.34730, rel=THREE_DIGITS)


@pytest.mark.parametrize("size", [2, 5])
@pytest.mark.parametrize("order", ["as they came", "newest first"])
def test_a_batch_answered_with_the_same_weights_bears_two_by_its_size_in_any_order(size, order):
    office = {"in_flight": size, "mail": "delay 1ms"}
    if order == "newest first":
        office["replies"] = newest_first(size)
    assert lateness(2 * size, **office) == 2 * list(range(size))
    assert measured_limit(0.05, 4.0, 30 * size, **office) == pytest.approx(2 / size, rel=THREE_DIGITS)


@pytest.mark.parametrize("latest", [1, 2, 3])
def test_the_adversary_s_order_bears_what_theory_says_and_less_than_always_the_longest(latest):
    limit, order = worst_order(latest, 6)
    heard = lateness(24, **late_by(order, 24))
    assert heard[12:] == [order[update % len(order)] for update in range(12, 24)]
    measured = measured_limit(0.05, 4.0, 300, **late_by(order, 300))
    assert measured == pytest.approx(limit, rel=THREE_DIGITS)
    assert measured == pytest.approx([1.0, 0.58578, 0.42265][latest - 1], rel=THREE_DIGITS)


# People who speak of any result on their table


class Picks:
    """People like those of `random_pick`, but it is known beforehand which they pick; then they go home."""

    def __init__(self, size, picks):
        self.size, self.picks, self.kept = size, iter(picks), []

    def __call__(self, rng):
        return self

    def take(self, result):
        self.kept.append(result)
        pick = next(self.picks, None) if len(self.kept) == self.size else None
        return () if pick is None else ((0, self.kept.pop(pick)),)

    def rest(self):
        return ()


def histories(size, length):
    """All that can be picked, and how likely it is; of results with the first weights one is as good as another."""
    ways = [(1.0, size, ())]
    for _ in range(length):
        ways = [
            (chance * share, first - (pick < first), (*picks, pick))
            for chance, first, picks in ways
            for pick, share in [(0, first / size)] * (first > 0) + [(k, 1 / size) for k in range(first, size)]
        ]
    return [(chance, picks) for chance, _, picks in ways]


def growth_of_mean_squares(answers, chances):
    """`(steps,)`: by which factor E[w²] grows an update, from answers `(histories, updates, steps)`.

    E[wₜ²] and E[wₜ wₜ₊₁] obey one recurrence, of order 4, and it is the largest root of its polynomial: Prony's method.
    """
    mean = lambda left, right: np.einsum("h,hts->ts", chances, left * right)  # noqa: E731
    sequences = mean(answers, answers), mean(answers[:, :-1], answers[:, 1:])
    rows = np.concatenate(
        [[sequence[t : t + 5] for t in range(len(sequence) - 4)] for sequence in sequences]
    )  # (rows, 5, steps)
    roots = []
    for step in range(answers.shape[-1]):
        coefficients = np.linalg.lstsq(rows[:, :4, step], rows[:, 4, step], rcond=1e-13)[0]
        roots.append(np.abs(np.roots([1.0, *-coefficients[::-1]])).max())
    return np.array(roots)


@pytest.mark.sampled(3)
@pytest.mark.parametrize("late", [8, 1, 2, 32])
def test_over_every_way_of_picking_the_mean_square_bears_what_its_recurrence_says(late):
    size, updates = late + 1, 6
    limit = random_pick_limit(size)
    steps = np.geomspace(0.5 * limit, 1.6 * limit, 80)
    chances, answers = [], []
    for chance, picks in histories(size, updates):
        office = {"in_flight": size, "replies": Picks(size, picks), "until": "1ns"}
        _, each = descend(steps, size + updates, **office)
        chances.append(chance)
        answers.append(each[late:])
    assert sum(chances) == pytest.approx(1.0)
    measured = crossing(steps, growth_of_mean_squares(np.array(answers), np.array(chances)) - 1)
    assert measured == pytest.approx(limit, rel=THREE_DIGITS)


@pytest.mark.parametrize("size", [2, 9])
def test_random_picks_of_the_office_are_from_a_table_that_is_full_from_the_start(size):
    office = {"in_flight": size, "replies": random_pick(size)}
    heard = np.array(lateness(2000, **office)[: 2001 - size])
    assert heard[0] == 0
    assert (heard <= np.arange(len(heard))).all()
    settled = heard[10 * size :]
    for late in range(3):
        share = (1 - 1 / size) ** late / size  # any of them: one by `size`, for as long as it lies there
        assert (settled == late).mean() == pytest.approx(share, abs=4 * (share / len(settled)) ** 0.5)


def test_one_run_of_random_picks_bears_more_than_in_order_and_more_than_its_mean_square():
    measured = measured_limit(0.05, 4.0, 900, in_flight=9, replies=random_pick(9))
    for less, more in pairwise([2.5 * stability_limit(8), random_pick_limit(9), measured, 1.5 * random_pick_limit(9)]):
        assert less < more
