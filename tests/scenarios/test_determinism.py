"""The scenarios that learn by mail leave the same journal in any process, and another for another seed."""

import os
import subprocess
import sys

import pytest

from tests.scenarios.test_scenarios import SCENARIOS

CARS = """
import cars
cars.EPOCHS = 1
cars.train("maximum", 0, 0, {seed}, cars.MAIL, {path!r})
"""
CALIFORNIA = """
import california, numpy
recipe = california.Recipe(2, "cooled", 300, 0.5)
first = numpy.random.default_rng({seed}).normal(size=(2, 1, 3))
california.learn_by_mail(recipe, first, "delay 20ms 5ms distribution exponential", {seed}, {path!r})
"""


def journal(code, path, seed=0, hashseed="0", first=""):
    """The bytes of the journal that a process of its own has left."""
    environment = os.environ | {"PYTHONHASHSEED": hashseed, "PYTHONPATH": f"{SCENARIOS}{os.pathsep}{SCENARIOS.parent}"}
    command = [sys.executable, "-c", first + code.format(seed=seed, path=str(path))]
    subprocess.run(command, env=environment, check=True, timeout=120)
    return path.read_bytes()


@pytest.mark.parametrize(
    "code", [pytest.param(CARS, id="cars", marks=pytest.mark.thorough), pytest.param(CALIFORNIA, id="california")]
)
def test_a_journal_depends_on_the_seed_and_on_nothing_else(code, tmp_path):
    path = tmp_path / "journal.jsonl"
    left = journal(code, path)
    assert len(left) > 100_000
    assert journal(code, path, hashseed="123") == left
    assert journal(code, path, hashseed="random", first="import hypothesis\n") == left
    assert journal(code, path, seed=1) != left
