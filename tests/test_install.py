"""What an installation brings: numpy and trio, and nothing else that is not asked for."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.test_readme import PYTHON

pytestmark = pytest.mark.thorough

ROOT = Path(__file__).parents[1]

SMALL_OFFICE = """
import office
worker = office.Worker(lambda task: (task.upper(), lambda feedback: feedback), "alex")
client = office.Client([("proposal", None)], feedback=lambda output, target: (0.0, f"bolder than {output}"))
print(office.simulate(worker, client, mail="delay 20ms").feedback_below[0])
"""


def fresh_environment(folder, what):
    """The bin folder of an environment in which that is installed, and nothing else."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    subprocess.run([*pip(folder / "bin"), "install", "--quiet", "--no-compile", what], check=True)
    return folder / "bin"


def pip(bin_folder):
    """The command for what is installed there: with the pip of the environment that runs these tests, to save time."""
    return [sys.executable, "-m", "pip", "--python", bin_folder / "python"]


THEIR_TESTS = next(code for code in PYTHON if "import pytest" in code)


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    """The bin folder of an environment with the office and no extras."""
    return fresh_environment(tmp_path_factory.mktemp("environment"), ROOT)


def run(*command, folder):
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)


def test_an_installation_without_extras_runs_an_office_on_numpy_and_trio_alone(environment, tmp_path):
    listed = run(*pip(environment), "list", "--format", "freeze", folder=tmp_path).stdout
    installed = {line.partition("==")[0].lower() for line in listed.splitlines()}
    assert installed <= {
        *("backprop-office", "numpy", "trio"),
        *("attrs", "sortedcontainers", "idna", "outcome", "sniffio"),  # trio's own
    }
    done = run(environment / "python", "-W", "error", "-c", SMALL_OFFICE, folder=tmp_path)
    assert (done.stdout, done.stderr) == ("bolder than PROPOSAL\n", "")


def test_the_office_command_names_the_extra_that_it_misses(environment, tmp_path):
    done = run(environment / "office", "list", folder=tmp_path)
    assert done.returncode == 2
    assert "pip install 'backprop-office[cli]'" in done.stderr


def test_the_scenarios_come_with_an_installation(environment, tmp_path):
    code = "import office; print(office.__path__[0])"
    installed = Path(run(environment / "python", "-c", code, folder=tmp_path).stdout.strip()) / "_scenarios"
    files = [
        path.relative_to(ROOT / "scenarios") for path in (ROOT / "scenarios").rglob("*.*") if path.suffix != ".pyc"
    ]
    assert [path for path in files if not (installed / path).is_file()] == []
    assert len(files) > 5


def test_the_extra_pytest_brings_what_users_tests_need(tmp_path):
    bin_folder = fresh_environment(tmp_path / "environment", f"{ROOT}[pytest]")
    (tmp_path / "test_estimates.py").write_text(THEIR_TESTS, encoding="utf-8")
    done = run(bin_folder / "pytest", "-W", "error", "-p", "no:cacheprovider", folder=tmp_path)
    assert done.returncode == 1
    start = "found in run 3 as 0.1.1.0.0.2.2.0.0.1 and made smaller"
    failing = "test_estimates.py::test_results_come_in_the_order_of_the_tasks"
    for line in (
        "test_estimates.py::test_feedback_finds_the_worker_who_did_the_task: passes in all 90 orders",
        f"fails in order 0.1, {start}",
        f"pytest {failing} --delivery-order=0.1",
        f"{failing}: fails in order 0.1, {start}",
    ):
        assert line in done.stdout.splitlines()
    assert "1 failed, 2 passed" in done.stdout
    again = run(bin_folder / "pytest", failing, "--delivery-order=0.1", "-p", "no:cacheprovider", folder=tmp_path)
    assert "1 failed" in again.stdout
    code = "import hypothesis, office.testing.strategies"
    assert run(bin_folder / "python", "-W", "error", "-c", code, folder=tmp_path).returncode == 0
