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


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    """The bin folder of an environment with the office and no extras."""
    folder = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    subprocess.run([folder / "bin/pip", "install", "--quiet", ROOT], check=True)
    return folder / "bin"


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
