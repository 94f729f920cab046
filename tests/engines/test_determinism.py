"""The same office and seed give the same journal, byte for byte, in any process; and each link draws for itself."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from office import simulate
from office.testing.strategies import chart_data, paces
from tests.engines.building import by_name, client_of, digest, fresh, links_of, office_of
from tests.engines.offices import ANY_MAIL, offices
from tests.tiers import examples

ROOT = Path(__file__).parents[2]
PROGRAM = """
import ast, sys
from tests.engines.building import digest
print([digest(data) for data in ast.literal_eval(sys.stdin.read())])
"""
PROCESSES = [("0", ""), ("1", "import hypothesis"), ("4711", ""), ("random", "import random; random.seed(1)")]


def elsewhere(several, hash_seed, first):
    """The digests of several offices, run in a process of their own."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", first + PROGRAM],
        input=repr(several),
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(ROOT)},
    )
    assert not done.returncode, done.stderr
    return ast.literal_eval(done.stdout)


@given(st.lists(offices(capacities=(None, None, 1, 2)), min_size=12, max_size=12))
@settings(max_examples=2, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
def test_an_office_is_the_same_in_every_process(several):
    here = [digest(data) for data in several]
    for hash_seed, first in PROCESSES:
        assert elsewhere(several, hash_seed, first) == here


@given(offices(capacities=(None, None, 1, 2)))
@settings(max_examples=examples(100))
def test_an_office_is_the_same_when_it_is_run_again(data):
    assert digest(data) == digest(data)


JITTER = "delay 10ms 5ms distribution exponential"


def rows(journal):
    """What happened, without the head, which quotes the seed and the mail."""
    return list(journal.lines())[1:]


SEEDS = st.lists(st.integers(0, 2**70), min_size=2, max_size=2, unique=True)


@given(chart_data() | chart_data(paces=paces()), st.integers(1, 6), SEEDS)
def test_another_seed_gives_another_journal(chart, tasks, seeds):
    data = {"chart": chart, "mail": (JITTER, ()), "client": {"tasks": tasks}}
    first, second = (rows(office_of({**data, "seed": seed})[0].journal) for seed in seeds)
    assert first != second


def delays(journal):
    """For each link, how long each message was on its way, in order of sending."""
    mail = journal.mail
    order = np.argsort(mail.number, kind="stable")
    took, link = (mail.arrived - mail.sent)[order], mail.link[order]
    return {name: took[link == place].tolist() for place, name in enumerate(journal.link_names)}


@given(chart_data(), st.integers(0, 50), st.sampled_from([*ANY_MAIL, "delay 70ms 9ms"]), st.integers(0, 5))
def test_another_delay_on_one_link_moves_no_draw_of_another(chart, place, mail, seed):
    client = client_of({"tasks": 12, "arrivals": ["poisson", 300]})
    links = links_of(chart)
    changed = links[place % len(links)]
    before = delays(simulate(fresh(chart)[0], client, mail=JITTER, seed=seed).journal)
    after = delays(simulate(fresh(chart)[0], client, mail=by_name(chart, JITTER, [(place, mail)]), seed=seed).journal)
    assert set(before) == set(after) == set(links)
    for link in set(links) - {changed}:
        # A team that goes by what its inputs are may choose others when these come from elsewhere, later.
        shorter = min(len(before[link]), len(after[link]))
        assert before[link][:shorter] == after[link][:shorter]


def test_every_link_has_its_own_delays():
    chart = "chain", True, [("worker", "table", 0, {}), ("worker", "total", 1, {})]
    client = client_of({"tasks": 12, "arrivals": ["poisson", 300]})
    drawn = delays(simulate(fresh(chart)[0], client, mail=JITTER).journal)
    assert len(drawn) == 6
    assert len({tuple(each) for each in drawn.values()}) == 6


@pytest.mark.parametrize("seed", [-1, 1.0, None, True])
def test_a_seed_that_is_no_whole_number_from_0_is_refused(seed):
    with pytest.raises(ValueError, match="a seed is a whole number from 0"):
        office_of({"chart": ("worker", "total", 0, {}), "mail": ("", ()), "client": {"tasks": 1}, "seed": seed})


def test_desks_that_take_time_are_written_down_in_the_same_order_in_every_run():
    pace = {"answer_time": "5ms"}
    chart = "team", "everyone", "addition", [("worker", "total", number, pace) for number in range(6)], None
    journals = {simulate(fresh(chart)[0], client_of({"tasks": 2})).journal.to_bytes() for _ in range(10)}
    assert len(journals) == 1
