"""What an installation brings: numpy and trio, and nothing else that is not asked for."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

SMALL_OFFICE = """
import office
worker = office.Worker(lambda task: (task.upper(), lambda feedback: feedback), "alex")
client = office.Client([("proposal", None)], feedback=lambda output, target: (0.0, f"bolder than {output}"))
print(office.simulate(worker, client, mail="delay 20ms").feedback_below[0])
"""


def fresh_environment(folder, what):
    """The bin folder of an environment in which that is installed, and nothing else."""
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    subprocess.run([folder / "bin/pip", "install", "--quiet", what], check=True)
    return folder / "bin"


THEIR_TESTS = """
import pytest

from office import Team, Worker, in_turn, open_office
from office.testing import raises_deadlock

pytestmark = pytest.mark.trio


def estimates():
    def worker(name):
        return Worker(lambda task: ((name, task), lambda feedback: (name, feedback)), name)

    return Team([worker("alex"), worker("bo")], "estimates", allocate=in_turn)


@pytest.mark.delivery_orders("all", late="*.outbox")
async def test_feedback_finds_the_worker_who_did_the_task(new_office):
    office = await new_office(estimates())
    for task in range(3):
        await office.inbox.send((task, "an estimate"))
    for _ in range(3):
        task, (name, _) = await office.outbox.receive()
        await office.feedback_from_above.send((task, f"re {task}"))
        assert await office.feedback_to_below.receive() == (task, (name, f"re {task}"))


@pytest.mark.delivery_orders(100)
async def test_results_come_in_the_order_of_the_tasks():  # they do not
    async with open_office(estimates(), leave_pending=True) as office:
        for task in range(3):
            await office.inbox.send((task, "an estimate"))
        assert [(await office.outbox.receive())[0] for _ in range(3)] == [0, 1, 2]


async def test_nobody_reads_the_results():
    with raises_deadlock("client is not reading estimates.outbox"):
        async with open_office(estimates(), capacity=1) as office:
            for task in range(9):
                await office.inbox.send((task, "an estimate"))
"""


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    """The bin folder of an environment with the office and no extras."""
    return fresh_environment(tmp_path_factory.mktemp("environment"), ROOT)


def run(*command, folder):
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)


def test_an_installation_without_extras_runs_an_office_on_numpy_and_trio_alone(environment, tmp_path):
    listed = run(environment / "pip", "list", "--format", "freeze", folder=tmp_path).stdout
    found = {line.partition("==")[0].lower() for line in listed.splitlines()}
    assert found <= {
        *("office", "numpy", "trio", "pip", "setuptools"),
        *("attrs", "sortedcontainers", "idna", "outcome", "sniffio"),  # trio's own
    }
    done = run(environment / "python", "-W", "error", "-c", SMALL_OFFICE, folder=tmp_path)
    assert (done.stdout, done.stderr) == ("bolder than PROPOSAL\n", "")


def test_the_office_command_names_the_extra_that_it_misses(environment, tmp_path):
    done = run(environment / "office", "list", folder=tmp_path)
    assert done.returncode == 2
    assert "pip install 'office[cli]'" in done.stderr


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
    found = "found in run 3 as 0.1.1.0.0.2.2.0.0.1 and made smaller"
    failing = "test_estimates.py::test_results_come_in_the_order_of_the_tasks"
    for line in (
        "test_estimates.py::test_feedback_finds_the_worker_who_did_the_task: passes in all 90 orders",
        f"fails in order 0.1, {found}",
        f"pytest {failing} --delivery-order=0.1",
        f"{failing}: fails in order 0.1, {found}",
    ):
        assert line in done.stdout.splitlines()
    assert "1 failed, 2 passed" in done.stdout
    again = run(bin_folder / "pytest", failing, "--delivery-order=0.1", "-p", "no:cacheprovider", folder=tmp_path)
    assert "1 failed" in again.stdout
    code = "import hypothesis, office.testing.strategies"
    assert run(bin_folder / "python", "-W", "error", "-c", code, folder=tmp_path).returncode == 0
