import pytest

from office.cli import find_scenario, scenarios
from office.cli.scenario_files import takes, title
from tests.cli.command_line import invoke


def test_a_scenario_is_found_by_name_before_a_file_of_that_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "routing").mkdir()
    assert find_scenario("routing") == scenarios()["routing"]


def test_a_file_of_ones_own_is_found_by_its_path_and_anything_else_is_named(tmp_path):
    script = tmp_path / "mine.py"
    script.write_text('"""My title.\n\nMore."""\n', encoding="utf-8")
    assert find_scenario(str(script)) == script
    assert title(script) == "My title."
    for name in ("nosuch", str(tmp_path), str(tmp_path / "nosuch.py")):
        with pytest.raises(FileNotFoundError, match=r"scenarios: batches, "):
            find_scenario(name)


LONG = ["california", "cars", "cures", "digits", "flights", "orders"]
"""Those that take more than ten seconds on two cores."""


def test_each_scenario_that_takes_long_says_how_long_and_no_other():
    assert [name for name, path in scenarios().items() if takes(path)] == LONG
    lines = invoke("list")[1].splitlines()
    assert [line.split()[0] for line in lines if line.rstrip().endswith(" s on two cores")] == LONG


def test_how_long_a_scenario_takes_is_said_before_anything_of_it_is_run(tmp_path):
    script = tmp_path / "mine.py"
    script.write_text('"""Mine.\n\nTakes: a year.\n"""\nraise ValueError("too soon")\n', encoding="utf-8")
    status, text = invoke("run", script)
    assert (status, text.splitlines()[0]) == (1, "mine takes a year")
    script.write_text("this is no Python\n", encoding="utf-8")
    assert takes(script) == ""
