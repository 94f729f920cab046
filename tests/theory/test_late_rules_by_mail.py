"""How large a step each rule bears that is made for late feedback, measured in an office by what its worker answers."""

from functools import cache
from itertools import pairwise
from math import pi, sin

import numpy as np
import pytest

from office import (
    SGD,
    AsyncNesterov,
    DiscrepancyCorrection,
    Momentum,
    SpikeCompensation,
    StalenessAware,
    StalenessPolynomial,
    WeightPrediction,
)
from office.study import staleness
from office.theory import heavy_ball, nesterov, scaled, spike_compensation, stability_limit, weight_prediction
from tests.theory.parabola import ONE_BY_ONE, descend, limit_of_swings, measured_limit
from tests.theory.pipemare import BACKWARD, FORWARD, discrepant, pipeline

pytestmark = pytest.mark.unwatched

THREE_DIGITS = 5e-4
RULES = {
    "plain descent": (SGD(1.0), heavy_ball()),
    "heavy ball": (Momentum(1.0, 0.9), heavy_ball(0.9)),
    "spike": (SpikeCompensation(1.0, 0.9), spike_compensation(0.9)),
    "prediction": (WeightPrediction(Momentum(1.0, 0.9)), weight_prediction(0.9)),
    "both": (WeightPrediction(SpikeCompensation(1.0, 0.9)), spike_compensation(0.9, predicting=True)),
    "Nesterov": (AsyncNesterov(1.0, 0.99), nesterov(0.99)),
    "staleness-aware": (StalenessAware(1.0), scaled(lambda late: 1 / max(late, 1))),
    "polynomial": (StalenessPolynomial(1.0), scaled(lambda late: (1 + late) ** -0.5)),
}


@cache
def limit_by_mail(name, late):
    """Looked for within a factor of two of what theory says, with every feedback so many updates late."""
    rule, polynomial = RULES[name]
    near = stability_limit(late, rule=polynomial)
    office = {"rule": rule, "in_flight": late + 1, "mail": ONE_BY_ONE}
    if late == 0:  # where answers do not swing, but change their sign
        return measured_limit(near / 2, 2 * near, 180, **office)
    steps = np.geomspace(near / 2, 2 * near, 300)
    _, answers = descend(steps, 150 + 15 * late, **office)
    return limit_of_swings(steps, answers)


@pytest.mark.sampled(5)
@pytest.mark.parametrize("late", [0, 1, 2, 4, 8, 32])
@pytest.mark.parametrize("name", RULES)
def test_in_order_a_rule_bears_what_its_polynomial_says(name, late):
    theory = stability_limit(late, rule=RULES[name][1])
    assert limit_by_mail(name, late) == pytest.approx(theory, rel=THREE_DIGITS)


@pytest.mark.parametrize(
    ("name", "late", "known"),
    [
        ("heavy ball", 1, "0.1000"),
        ("spike", 1, "0.2531"),
        ("prediction", 1, "0.2702"),
        ("both", 1, "0.2917"),
        ("Nesterov", 1, "9.14"),
        ("Nesterov", 2, "0.972"),
        ("staleness-aware", 0, "2.00"),
        ("staleness-aware", 1, "1.0000"),
        ("staleness-aware", 2, "1.2361"),
        ("polynomial", 0, "2.00"),
        ("polynomial", 1, "1.4142"),
        ("polynomial", 2, "1.0705"),
    ],
)
def test_a_rule_bears_what_is_known_of_it_to_every_digit(name, late, known):
    digits = len(known.partition(".")[2])
    assert f"{limit_by_mail(name, late):.{digits}f}" == known


def test_thirty_two_updates_late_nothing_bears_what_plain_descent_does_for_the_way_that_a_gradient_takes_in_the_end():
    """In the end a gradient moves the weights by rate / (1 − momentum); Nesterov's has 1 − momentum in it already."""
    ways = {"heavy ball": 10, "spike": 10, "prediction": 10, "both": 10}
    names = ["plain descent", "spike", "heavy ball", "Nesterov", "prediction", "both"]
    measured = [limit_by_mail(name, 32) * ways.get(name, 1) for name in names]
    assert [f"{limit:.4f}" for limit in measured] == ["0.0483", "0.0482", "0.0406", "0.0338", "0.0329", "0.0273"]
    assert all(more > less for more, less in pairwise(measured))


def test_a_rate_divided_by_staleness_bears_more_and_more_and_never_half_of_pi():
    measured = [limit_by_mail("staleness-aware", late) for late in (1, 2, 4, 8, 32, 64)]
    sines = [late * 2 * sin(pi / (4 * late + 2)) for late in (1, 2, 4, 8, 32, 64)]
    assert measured == pytest.approx(sines, rel=THREE_DIGITS)
    assert all(less < more for less, more in pairwise([*measured, pi / 2]))
    assert measured[-1] == pytest.approx(pi / 2, rel=0.01)


# Weights that are not those of the answer


def test_an_answer_is_ten_updates_old_when_it_is_learnt_from_and_what_was_differentiated_six():
    run, _ = pipeline(np.array([0.01]), SGD(1.0), 40)
    assert staleness(run.journal, "below").tolist() == [*range(FORWARD), *[FORWARD] * (40 - FORWARD)]
    mail = run.journal.mail
    down = mail.link == run.journal.place_of("above.feedback_to_below")
    sent, arrived = mail.sent[down], mail.arrived[down]
    meanwhile = [
        np.count_nonzero((arrived > begin) & (arrived < end)) for begin, end in zip(sent, arrived, strict=True)
    ]
    assert meanwhile == [*range(BACKWARD), *[BACKWARD] * (40 - BACKWARD)]


@pytest.mark.parametrize(
    ("decay", "drift_of_then", "known"),
    [(None, False, 0.03807), (0.135, False, 0.10587), (0.135, True, 0.11578)],
)
def test_discrepancy_correction_nearly_triples_what_the_pipeline_bears(decay, drift_of_then, known):
    rule = SGD(1.0) if decay is None else DiscrepancyCorrection(1.0, FORWARD - BACKWARD, decay)
    limit = stability_limit(FORWARD, rule=discrepant(decay, drift_of_then=drift_of_then))
    assert limit == pytest.approx(known, abs=5e-6)
    steps = np.geomspace(limit / 2, 2 * limit, 300)
    _, answers = pipeline(steps, rule, 2_000, drift_of_then=drift_of_then)
    assert limit_of_swings(steps, answers) == pytest.approx(limit, rel=THREE_DIGITS)


@pytest.mark.parametrize("rule", [SGD(1.0), DiscrepancyCorrection(1.0, FORWARD - BACKWARD)], ids=["none", "corrected"])
def test_under_stash_there_is_no_discrepancy_and_nothing_to_correct(rule):
    steps = np.geomspace(0.07, 0.3, 300)
    _, answers = pipeline(steps, rule, 400, drift_of_then=True, policy="stash")
    assert limit_of_swings(steps, answers) == pytest.approx(stability_limit(FORWARD), rel=THREE_DIGITS)
