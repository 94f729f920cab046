import pytest

from office.cli import find_scenario, scenarios
from office.cli.scenario_files import title


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
