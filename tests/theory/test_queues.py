"""What theory says, and what the office does: within four standard errors, by the method of batch means.

Where a closed form must be met, that of a load 10% larger must be missed: a test that could not tell them apart would
say nothing.
"""

import math

import numpy as np
import pytest

from office import Chain, poisson
from office.study import at_desk, in_table, in_tray, occupancy, on_link, reordered, reordering, utilisation
from office.theory import (
    exponential_reordered_ratio,
    md1_wait,
    mg_infinity_in_flight,
    mm1_in_system,
    mm1_number,
    mm1_time,
)
from tests.engines.building import within_standard_errors
from tests.study.journals import clerk, run
from tests.tiers import is_thorough

pytestmark = pytest.mark.unwatched

MESSAGES, TASKS = (200_000, 50_000) if is_thorough() else (50_000, 15_000)
"""On each link, and at the queues."""
RATE = 100
"""Tasks a second, on average, as a Poisson process; and so on every link, since what leaves an M/G/∞ or an M/M/1 system
is one too (N. M. Mirasol 1963, P. J. Burke 1956, both in Operations Research)."""
LOADS = {"alex.inbox": 1.0, "alex.outbox": 0.3, "alex.feedback_from_above": 4.0}
"""Of links with exponential delays."""
SERVICE_RATE = 1000 / 6


def exponential(link, fixed):
    """Conditions for a link: so many ms, and exponential delays on top."""
    mean = 1000 * LOADS[link] / RATE
    return f"delay {fixed + mean:g}ms {mean:g}ms distribution exponential"


def made_by_random_tasks(chart, mail, tasks):
    return run(chart, mail, tasks, arrivals=poisson(RATE), seed=3).journal


@pytest.fixture(scope="module")
def journal():
    """Many messages on each link. Delays have a fixed part, which moves none past another, and saves time."""
    mail = {"*": "delay 100ms 10ms"} | {link: exponential(link, fixed=100) for link in LOADS}
    return made_by_random_tasks(clerk("alex"), mail, MESSAGES)


@pytest.fixture(scope="module")
def queues():
    """Many tasks, one desk after the other: an M/M/1 queue, and then M/D/1."""
    low = clerk("low", answer_time="6ms 6ms distribution exponential")
    return made_by_random_tasks(Chain([low, clerk("top", answer_time="6ms")]), "delay 100ms", TASKS)


def shares_by_batch(steps, counts, until, batches=40):
    """`(batches, counts)`: the shares of the time in which there are so many, in equal stretches of the run.

    The first second, before which the links have filled, is left out.
    """
    edges = np.linspace(1e9, until, batches + 1)
    times = np.append(steps.times, steps.run_end)
    shares = []
    for count in counts:
        spent = np.append(0, np.cumsum((steps.counts == count) * steps.widths))
        shares.append(np.diff(np.interp(edges, times, spent)) / np.diff(edges))
    return np.stack(shares, axis=1)


@pytest.mark.parametrize("link", LOADS)
def test_messages_are_reordered_as_often_as_the_integral_says(journal, link):
    late = reordered(reordering(journal, link).numbers)
    assert len(late) == MESSAGES
    assert within_standard_errors(late, exponential_reordered_ratio(LOADS[link]))
    assert not within_standard_errors(late, exponential_reordered_ratio(1.1 * LOADS[link]))


@pytest.mark.parametrize("link", LOADS)
def test_they_are_so_where_delays_are_exponential_and_nothing_else(link):
    journal = made_by_random_tasks(clerk("alex"), {"*": "", link: exponential(link, fixed=0)}, 5_000)
    late = reordered(reordering(journal, link).numbers)
    assert within_standard_errors(late, exponential_reordered_ratio(LOADS[link]))


@pytest.mark.parametrize(
    ("link", "mean_ms"),
    [("alex.inbox", 110), ("alex.outbox", 103), ("alex.feedback_from_above", 140), ("alex.feedback_to_below", 100)],
)
def test_on_a_link_the_messages_under_way_are_poisson_whatever_the_delays_are(journal, link, mean_ms):
    load = RATE * mean_ms / 1000
    counts = np.arange(round(load) - 4, round(load) + 5)
    shares = shares_by_batch(occupancy(on_link(journal, link)), counts, until=journal.losses[-1][0])
    for share, count in zip(shares.T, counts, strict=True):
        assert within_standard_errors(share, mg_infinity_in_flight(load, count)[count])
    assert not within_standard_errors(shares[:, 0], mg_infinity_in_flight(1.1 * load, counts[0])[counts[0]])


def test_the_poisson_shares_add_up():
    for load in (0.5, 3.0, 400.0):
        shares = mg_infinity_in_flight(load, 2000)
        assert shares.sum() == pytest.approx(1.0)
        assert shares @ np.arange(2001) == pytest.approx(load)


def test_a_worker_with_exponential_times_is_m_m_1(queues):
    stays = at_desk(queues, "low")
    times = stays.lengths / 1e9
    assert len(times) == TASKS
    assert within_standard_errors(times, mm1_time(RATE, SERVICE_RATE))
    assert not within_standard_errors(times, mm1_time(1.1 * RATE, SERVICE_RATE))
    waits = in_tray(queues, "low", "tasks").lengths / 1e9
    assert within_standard_errors(waits, mm1_time(RATE, SERVICE_RATE) - 1 / SERVICE_RATE)
    shares = shares_by_batch(occupancy(stays), range(6), until=queues.losses[-1][0])
    for share, expected in zip(shares.T, mm1_in_system(RATE, SERVICE_RATE, 5), strict=True):
        assert within_standard_errors(share, expected)
    assert within_standard_errors(shares @ np.arange(6), mm1_in_system(RATE, SERVICE_RATE, 5) @ np.arange(6))
    assert utilisation(queues, "low") == pytest.approx(RATE / SERVICE_RATE, rel=0.02)
    assert len(in_table(queues, "low").lengths) == TASKS


def test_a_worker_who_takes_the_same_time_for_every_task_is_m_d_1(queues):
    waits = in_tray(queues, "top", "tasks").lengths / 1e9
    assert (at_desk(queues, "top").lengths / 1e9).tolist() == pytest.approx((waits + 0.006).tolist())
    assert within_standard_errors(waits, md1_wait(RATE, SERVICE_RATE))
    assert not within_standard_errors(waits, md1_wait(1.1 * RATE, SERVICE_RATE))


def test_the_forms_of_a_queue_agree_with_each_other():
    assert mm1_number(3.0, 5.0) == pytest.approx(3.0 * mm1_time(3.0, 5.0))  # Little's law
    assert mm1_in_system(3.0, 5.0, 500) @ np.arange(501) == pytest.approx(mm1_number(3.0, 5.0))
    assert md1_wait(3.0, 5.0) == pytest.approx((mm1_time(3.0, 5.0) - 1 / 5) / 2)  # Pollaczek and Khinchine
    assert mm1_in_system(0.0, 5.0, 2).tolist() == [1, 0, 0]


@pytest.mark.parametrize(
    "form", [mm1_time, mm1_number, md1_wait, lambda rate, service: mm1_in_system(rate, service, 3)]
)
@pytest.mark.parametrize("rates", [(5.0, 5.0), (6.0, 5.0), (-1.0, 5.0), (math.nan, 5.0)])
def test_a_queue_that_grows_for_ever_has_no_closed_form(form, rates):
    with pytest.raises(ValueError, match="faster"):
        form(*rates)


@pytest.mark.parametrize("load", [-0.1, math.inf, math.nan])
def test_a_load_that_cannot_be_is_refused(load):
    for form in (exponential_reordered_ratio, lambda load: mg_infinity_in_flight(load, 3)):
        with pytest.raises(ValueError, match="load"):
            form(load)
